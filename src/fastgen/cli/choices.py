"""Values that flags of several commands take, and whether there is somebody to ask."""

import sys
from difflib import get_close_matches

from fastgen.errors import InvalidOption
from fastgen.slices.resource import ACCESSES, Access

ACCESS = "|".join(ACCESSES)


def access(text: str | None) -> Access | None:
    """Return the access that was typed; raises `InvalidOption`."""
    if text is None or text in ACCESSES:
        return text
    near = get_close_matches(text, ACCESSES, 1)
    raise InvalidOption(
        f"--access takes {', '.join(ACCESSES)}, not {text!r}",
        f"--access {near[0] if near else ACCESSES[0]}",
    )


def accesses(incomplete: str) -> list[str]:
    """Return what a shell may complete `incomplete` to."""
    return [name for name in ACCESSES if name.startswith(incomplete)]


def asks(*, as_json: bool) -> bool:
    """Whether a person sits at a terminal and wants to be asked."""
    return not as_json and sys.stdin.isatty() and sys.stderr.isatty()
