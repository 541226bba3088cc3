"""The layout that people gave to a source, such as longer lines, put into what is generated."""

import difflib
import re
from collections.abc import Sequence

from fastgen.project import sameness

TOKEN = re.compile(r"\w+|[^\w\s]")
# What a formatter adds where it breaks lines, and takes away where it joins them.
OPTIONAL = {"(", ")", ","}


def as_in(ours: bytes, base: bytes) -> bytes:
    """Return the source `base`, with those lines as in `ours` that differ in their layout only."""
    try:
        old, new = base.decode().splitlines(keepends=True), ours.decode().splitlines(keepends=True)
    except UnicodeDecodeError:
        return base
    found: list[str] = []
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    for kind, start, end, after, until in matcher.get_opcodes():
        alike = kind == "replace" and _tokens(old[start:end]) == _tokens(new[after:until])
        found += new[after:until] if alike else old[start:end]
    result = "".join(found).encode()
    return result if sameness.same(result, base) else base


def _tokens(lines: Sequence[str]) -> list[str]:
    return [token for token in TOKEN.findall("".join(lines)) if token not in OPTIONAL]
