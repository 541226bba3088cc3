"""Corrects command lines: replaces the words that errors name."""

import shlex
from collections.abc import Sequence

from fastgen import messages
from fastgen.errors import AGAIN, FastgenError, Instead

ANY = "*"
NO_MORE_FLAGS = "--"


def command(error: FastgenError, arguments: Sequence[str]) -> str | None:
    """Return `arguments` without the mistakes in `error` as a command line, None if impossible."""
    words = mended(error.parts, arguments)
    again = any(part.instead == AGAIN for part in error.parts)
    if not again and words == list(arguments):
        return None
    return messages.command(["fastgen", *words])


def mended(errors: Sequence[FastgenError], arguments: Sequence[str]) -> list[str]:
    """Return `arguments` with words replaced as `errors` say."""
    words = list(arguments)
    for line in dict.fromkeys(error.instead for error in errors):
        _mend(words, line)
    return words


def _mend(words: list[str], line: Instead) -> None:
    """Replace in `words` those that `line` names, in order.

    A flag is named with its value (`--access=shred`) or with any value (`--access=*`) and replaced
    by shell words (`--access shared`), which are put at the end if the flag is missing.
    """
    start = 0
    for typed, better in line:
        is_flag = typed.startswith("--") or not typed
        put = shlex.split(better) if is_flag else [better] * bool(better)
        end = words.index(NO_MORE_FLAGS) if NO_MORE_FLAGS in words else len(words)
        at, count = _find(words, typed, start) or (end, 0)
        if count or is_flag:
            words[at : at + count] = put
        if count:
            start = at + len(put)


def _find(words: Sequence[str], typed: str, start: int) -> tuple[int, int] | None:
    """Return the index of `typed` in `words`, from `start` on, and how many words it spans."""
    if not typed.startswith("--"):
        return next(((at, 1) for at in range(start, len(words)) if words[at] == typed), None)
    name, equals, value = typed.partition("=")
    for at, word in enumerate(words):
        after = words[at + 1 : at + 2]
        if word == typed or (value == ANY and word.startswith(f"{name}=")):
            return at, 1
        if equals and word == name and after and (value == ANY or after == [value]):
            return at, 2
    return None
