"""The command line that creates an existing resource."""

import shlex

from fastgen.errors import InvalidName
from fastgen.fields.show import show
from fastgen.names.resource import Names, resolve
from fastgen.slices.resource import Resource


def line(resource: Resource, *flags: str) -> str:
    """Return the command that adds `resource`, with `flags` appended."""
    own = resource.names
    words = ["fastgen", "add", "resource", own.singular]
    words += [show(field) for field in resource.fields]
    if own != _guessed(own.singular):
        words += ["--plural", own.plural]
    return shlex.join([*words, "--access", resource.access, *flags])


def _guessed(name: str) -> Names | None:
    try:
        return resolve(name)
    except InvalidName:
        # For names such as sheep, which are their own plural.
        return None
