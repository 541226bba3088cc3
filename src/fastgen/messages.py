"""Texts that people typed, as messages show them, and what they may have meant."""

import unicodedata
from collections.abc import Iterable
from difflib import get_close_matches


def shown(text: str, limit: int = 60) -> str:
    """Return `text` in quotes for a message; see `printable`."""
    return f"'{printable(text, limit)}'"


def value(found: object) -> str:
    """Return a value that stands in a file, as a message shows it."""
    try:
        return printable(repr(found))
    except (ValueError, RecursionError):
        # Python does not write out a number of thousands of digits.
        return f"that {type(found).__name__}"


def printable(text: str, limit: int = 60) -> str:
    """Return `text` for a message: cut at `limit`, what is not printable escaped."""
    short = text if len(text) <= limit else text[:limit] + "..."
    return "".join(c if c.isprintable() else _escaped(c) for c in short)


def visible(text: str, kept: str = "\n\t") -> str:
    """Return `text` with all escaped that a terminal would obey, but for what is `kept`.

    That are control characters, and those that change the direction of writing.
    """
    if text.isprintable():
        return text
    return "".join(c if _is_shown(c) or c in kept else _escaped(c) for c in text)


def _escaped(char: str) -> str:
    return ascii(char)[1:-1]


def _is_shown(char: str) -> bool:
    # Spaces of other widths are in the names of files.
    return char.isprintable() or unicodedata.category(char) == "Zs"


def nearest(typed: str, known: Iterable[str]) -> str | None:
    """Return which of the `known` words was likely meant."""
    return next(iter(get_close_matches(typed, list(known), 1)), None)


def meant(near: str | None) -> str:
    """Return the end of a message about a word that is not known: nothing if none is `near`."""
    return f"; did you mean {near}?" if near else ""
