"""The words of the grammar that do not depend on types: modifiers."""

from collections.abc import Iterable

from fastgen.messages import nearest

FLAGS = ("optional", "unique", "index", "filter", "sort", "search", "readonly", "writeonly")
LIMITS = ("min", "max", "gt", "ge", "lt", "le")
# The values of pattern and default may contain anything, so they are last.
MODIFIERS = (*FLAGS, *LIMITS, "ondelete", "pattern", "default")
# PostgreSQL limits index entries to 2704 bytes, and a character may have 4.
LONGEST_INDEXED = 500


def word(part: str) -> str:
    """Return the name of a modifier: `min` for `min=1`."""
    return part.partition("=")[0]


def is_modifier(part: str) -> bool:
    """Whether `part` is meant as a modifier, whether its value is valid or not."""
    return word(part) in MODIFIERS


def near_modifier(part: str, fitting: Iterable[str]) -> str | None:
    """Return the one of the `fitting` modifiers that was likely meant, None if there is none."""
    return nearest(word(part).lower(), fitting)
