"""The line that makes the same resource again."""

import shlex

from fastgen import names
from fastgen.fields.show import show
from fastgen.slices.resource import Resource


def line(resource: Resource, *flags: str) -> str:
    """Return the command that adds `resource`, with `flags` besides."""
    own = resource.names
    words = ["fastgen", "add", "resource", own.singular]
    words += [show(field) for field in resource.fields]
    if own != names.resolve(own.singular):
        words += ["--plural", own.plural]
    return shlex.join([*words, "--access", resource.access, *flags])
