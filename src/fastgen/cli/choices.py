"""The values of a flag that several commands have, and whether to ask questions."""

import sys

from fastgen.slices.resource import ACCESSES

ACCESS = "|".join(ACCESSES)


def accesses(incomplete: str) -> list[str]:
    """Return the access rules that complete `incomplete`."""
    return [name for name in ACCESSES if name.startswith(incomplete)]


def asks(*, as_json: bool) -> bool:
    """Whether to ask: there is a terminal and no `--json`."""
    return not as_json and sys.stdin.isatty() and sys.stderr.isatty()
