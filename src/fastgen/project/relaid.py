"""Applies the layout of an edited source, such as longer lines, to generated code."""

import difflib
import re
from collections.abc import Sequence

from fastgen.project import sameness

TOKEN = re.compile(r"\w+|[^\w\s]")
# What a formatter adds where it breaks lines, and takes away where it joins them.
OPTIONAL = {"(", ")", ","}


def as_in(ours: bytes, base: bytes) -> bytes:
    """Return the source `base`, with those lines as in `ours` that differ in their layout only.

    A line that `ours` breaks to add others between its parts is broken as well.
    """
    try:
        old, new = base.decode().splitlines(keepends=True), ours.decode().splitlines(keepends=True)
    except UnicodeDecodeError:
        return base
    found: list[str] = []
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    for kind, start, end, after, until in matcher.get_opcodes():
        broken = _broken(old[start:end], new[after:until]) if kind == "replace" else None
        found += broken or old[start:end]
    result = "".join(found).encode()
    return result if sameness.same(result, base) else base


def _broken(old: Sequence[str], new: Sequence[str]) -> list[str] | None:
    """Return the lines of `new` that together say what `old` says, None if they do not."""
    wanted, found, place = _tokens(old), [], 0
    for line in new:
        tokens = _tokens([line])
        if wanted[place : place + len(tokens)] == tokens:
            found.append(line)
            place += len(tokens)
    return found if place == len(wanted) and _open(found) == _open(old) else None


def _open(lines: Sequence[str]) -> int:
    text = "".join(lines)
    return text.count("(") - text.count(")")


def _tokens(lines: Sequence[str]) -> list[str]:
    return [token for token in TOKEN.findall("".join(lines)) if token not in OPTIONAL]
