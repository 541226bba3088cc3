"""Values that flags of several commands take, and whether there is somebody to ask."""

import sys

from fastgen.slices.resource import ACCESSES

ACCESS = "|".join(ACCESSES)


def accesses(incomplete: str) -> list[str]:
    """Return what a shell may complete `incomplete` to."""
    return [name for name in ACCESSES if name.startswith(incomplete)]


def asks(*, as_json: bool) -> bool:
    """Whether a person sits at a terminal and wants to be asked."""
    return not as_json and sys.stdin.isatty() and sys.stderr.isatty()
