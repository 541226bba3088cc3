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
    if not _is_guessed(own):
        words += ["--plural", own.plural]
    words += ["--access", resource.access]
    for kind, sets in (("--unique", resource.unique), ("--index", resource.index)):
        words += [word for names in sets for word in (kind, ",".join(names))]
    return shlex.join([*words, *flags])


def _is_guessed(names: Names) -> bool:
    try:
        return resolve(names.singular).like(names) == names
    except InvalidName:
        # For names such as sheep, which are their own plural.
        return False
