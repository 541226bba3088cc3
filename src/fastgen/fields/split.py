"""A field text, cut into its parts."""

import re

from fastgen.fields.grammar import LIMITS

_VERBATIM = re.compile(r":(?=(?:pattern|default)=)")
_LIMIT = re.compile(rf"(?:{'|'.join(LIMITS)})=.*", re.DOTALL)


def split(text: str) -> tuple[str, tuple[str, ...]]:
    """Return the name and the other parts of a field text."""
    found = _VERBATIM.search(text)
    head, tail = (text[: found.start()], text[found.end() :]) if found else (text, "")
    name, *parts = head.split(":")
    return name, (*_joined(parts), *_verbatim(tail))


def _joined(parts: list[str]) -> list[str]:
    joined: list[str] = []
    for part in parts:
        if joined and part[:1].isdigit() and _LIMIT.fullmatch(joined[-1]):
            joined[-1] += f":{part}"
        else:
            joined.append(part)
    return joined


def _verbatim(tail: str) -> list[str]:
    if not tail:
        return []
    pattern, colon, default = tail.rpartition(":default=")
    if colon and pattern.startswith("pattern="):
        return [pattern, f"default={default}"]
    return [tail]
