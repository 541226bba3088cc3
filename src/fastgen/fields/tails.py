"""Separates a default from the modifiers after it."""

from collections.abc import Iterator, Sequence

from fastgen.fields.grammar import is_modifier
from fastgen.fields.model import Field
from fastgen.fields.split import joined
from fastgen.fields.types import type_of

DEFAULT = "default="


def cut(field: Field, parts: Sequence[str]) -> list[str]:
    """Return the modifiers `parts` of `field`, with those after a default separated from it.

    `status:enum:draft,live:default=draft:filter` has two, as `draft` is a valid value and the
    rest is modifiers. The default of a text includes all that follows, as it may contain colons.
    """
    *before, last = parts or [""]
    if type_of(field).verbatim or not last.startswith(DEFAULT) or ":" not in last:
        return list(parts)
    typed = last.removeprefix(DEFAULT)
    ways = list(_ways(typed))
    meant = [way for way in ways if all(map(is_modifier, way[1:]))]
    best = _first(field, meant)
    if best is None and not _is_value(field, typed):
        # One of the parts is wrong, and the error is about that part.
        best = _first(field, ways) or next(iter(meant), None)
    default, *after = best or [typed]
    return [*before, *after, f"{DEFAULT}{default}"]


def _ways(typed: str) -> Iterator[list[str]]:
    """Yield the ways to separate a default from modifiers, the shortest default first."""
    words = typed.split(":")
    for end in range(1, len(words)):
        yield [":".join(words[:end]), *joined(words[end:])]


def _first(field: Field, ways: Sequence[list[str]]) -> list[str] | None:
    return next((way for way in ways if _is_value(field, way[0])), None)


def _is_value(field: Field, text: str) -> bool:
    try:
        type_of(field).canonical(field, text)
    except ValueError:
        return False
    return True
