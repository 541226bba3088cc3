"""Splits a field text into its parts."""

import re

from fastgen.fields.grammar import LIMITS

_VERBATIM = re.compile(r":(?=(?:pattern|default)=)")
_LIMIT = re.compile(rf"(?:{'|'.join(LIMITS)})=.*", re.DOTALL)


def split(text: str) -> tuple[str, tuple[str, ...]]:
    """Split `text` into the name and the other parts."""
    found = _VERBATIM.search(text)
    head, tail = (text[: found.start()], text[found.end() :]) if found else (text, "")
    name, *parts = head.split(":")
    return name, (*joined(parts), *_verbatim(tail))


def argument(text: str) -> str:
    """Return the argument of the type in `text`, empty if there is none."""
    _, parts = split(text)
    return parts[1] if len(parts) > 1 else ""


def joined(parts: list[str]) -> list[str]:
    """Return `parts` with limits that contain colons, such as `ge=09:30`, joined again."""
    whole: list[str] = []
    for part in parts:
        if whole and part[:1].isdigit() and _LIMIT.fullmatch(whole[-1]):
            whole[-1] += f":{part}"
        else:
            whole.append(part)
    return whole


def _verbatim(tail: str) -> list[str]:
    if not tail:
        return []
    pattern, colon, default = tail.rpartition(":default=")
    if colon and pattern.startswith("pattern="):
        return [pattern, f"default={default}"]
    return [tail]
