"""Shows typed text in messages, and guesses what was meant."""

import os
import shlex
import unicodedata
from collections.abc import Collection, Iterable
from difflib import get_close_matches


def shown(text: str, limit: int = 60) -> str:
    """Return `text` in quotes for a message; see `printable`."""
    return f"'{printable(text, limit)}'"


def value(found: object) -> str:
    """Return a value read from a file, as a message shows it."""
    try:
        return printable(repr(found))
    except (ValueError, RecursionError):
        # Python refuses to print integers of thousands of digits.
        return f"that {type(found).__name__}"


def printable(text: str, limit: int = 60) -> str:
    """Return `text` for a message: cut at `limit`, with unprintable characters escaped."""
    short = text if len(text) <= limit else text[:limit] + "..."
    return "".join(c if c.isprintable() else _escaped(c) for c in short)


def visible(text: str, kept: str = "\n\t") -> str:
    """Return `text` with the characters escaped that control a terminal, except those in `kept`.

    They are control characters and those that change the writing direction.
    """
    if text.isprintable():
        return text
    return "".join(c if _is_shown(c) or c in kept else _escaped(c) for c in text)


def command(words: Iterable[str]) -> str:
    """Return the command line of `words`, as it can be typed after it was printed.

    Characters that a terminal would not show are escaped for the shell.
    """
    return " ".join(map(_typed, words))


def _typed(word: str) -> str:
    if word.isprintable():
        return shlex.quote(word)
    return "$'" + "".join(map(_in_shell, word)) + "'"


def _in_shell(char: str) -> str:
    if char in "\\'":
        return f"\\{char}"
    return char if char.isprintable() else "".join(f"\\{byte:03o}" for byte in os.fsencode(char))


def _escaped(char: str) -> str:
    return ascii(char)[1:-1]


def _is_shown(char: str) -> bool:
    # File names may contain other spaces, which are harmless.
    return char.isprintable() or unicodedata.category(char) == "Zs"


def nearest(typed: str, known: Iterable[str]) -> str | None:
    """Return the one of the `known` words that was likely meant, if any."""
    return next(iter(get_close_matches(typed, list(known), 1)), None)


def meant(near: str | None) -> str:
    """Return the end of a message about an unknown word, empty if no known word is `near`."""
    return f"; did you mean {near}?" if near else ""


def lines_that(verb: str, numbers: Collection[int]) -> str:
    """Return the beginning of a sentence about lines: `line 3 uses`, or `lines 3, 5 use`."""
    several = len(numbers) > 1
    return f"line{'s' * several} {', '.join(map(str, numbers))} {verb}{'s' * (not several)}"
