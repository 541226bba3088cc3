"""The line that makes the same resource again."""

import shlex

from fastgen.errors import InvalidName
from fastgen.fields.show import show
from fastgen.names import Names, resolve
from fastgen.slices.resource import Resource


def line(resource: Resource, *flags: str) -> str:
    """Return the command that adds `resource`, with `flags` besides."""
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
        # Such as sheep, which is its own plural.
        return None
