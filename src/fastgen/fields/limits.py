"""The limits of a field: lengths, numbers of items, bounds."""

import re
from collections.abc import Mapping
from dataclasses import replace

from fastgen.fields.grammar import (
    BOUND_EXAMPLES,
    DEFAULT_LENGTH,
    EXAMPLES,
    LONGEST_JSON,
    LONGEST_STR,
    LONGEST_TEXT,
    MOST_ITEMS,
)
from fastgen.fields.mistakes import Mistakes
from fastgen.fields.model import RANGED, Bound, Field
from fastgen.fields.values import extent, rank, read, write_without_colons
from fastgen.messages import printable

_MOST = {
    "str": LONGEST_STR,
    "text": LONGEST_TEXT,
    "json": LONGEST_JSON,
    "list": MOST_ITEMS,
}
_UNITS = {"list": "items", "json": "bytes"}
# A json field with fewer bytes could hold next to nothing.
_LEAST_JSON = 100
_BOUNDS = {"min": "ge", "max": "le", "gt": "gt", "ge": "ge", "lt": "lt", "le": "le"}
_NUMBER = re.compile(r"[0-9]{1,9}")


def apply(field: Field, given: Mapping[str, str], mistakes: Mistakes) -> Field:
    """Return `field` with the limits in `given`; adds errors to `mistakes`."""
    if field.type in _MOST:
        return _sizes(field, given, mistakes)
    return _bounds(field, given, mistakes) if field.type in RANGED else field


def span(field: Field) -> range:
    """Return the ranks of all values that a field of an ordered type accepts."""
    least, most = (rank(field, value) for value in extent(field))
    if field.ge is not None:
        least = rank(field, field.ge)
    elif field.gt is not None:
        least = rank(field, field.gt) + 1
    if field.le is not None:
        most = rank(field, field.le)
    elif field.lt is not None:
        most = rank(field, field.lt) - 1
    return range(least, most + 1)


def _sizes(field: Field, given: Mapping[str, str], mistakes: Mistakes) -> Field:
    least = _size(field, "min", given, mistakes)
    most = _size(field, "max", given, mistakes)
    if field.type == "str":
        if field.length and most and field.length != most:
            mistakes.add(
                f"the length {field.length} and max={most} differ, and are the same thing; "
                "give one of them",
                f"str:{most}",
                instead={f"max={given['max']}": ""},
            )
        field = replace(field, length=field.length or most or DEFAULT_LENGTH)
        most = field.length
    else:
        field = replace(field, max=most)
    if least and most and least > most:
        example = f"str:{least}" if field.type == "str" else EXAMPLES[field.type]
        mistakes.add(
            f"min={least} is more than the maximum, {most}",
            example,
            instead={f"min={given['min']}": f"min={least}:max={least}", f"max={most}": ""},
        )
        return field
    # A required text is not empty unless that is allowed explicitly.
    required = not (field.optional or given.keys() & {"default", "pattern"})
    explicit = least is not None and required and field.type in {"str", "text"}
    return replace(field, min=least if explicit else least or None)


def _size(field: Field, name: str, given: Mapping[str, str], mistakes: Mistakes) -> int | None:
    if name not in given:
        return None
    text = given[name]
    low, high = _LEAST_JSON if field.type == "json" else int(name == "max"), _MOST[field.type]
    if _NUMBER.fullmatch(text) and low <= int(text) <= high:
        return int(text)
    what = _UNITS.get(field.type, "characters")
    bare = "str" if field.type == "str" else EXAMPLES[field.type]
    mistakes.add(
        f"{name}={printable(text)} is not a number of {what}: use {low} to {high}",
        f"{bare}:{name}=1000",
        instead={f"{name}={text}": _better_size(name, text, low, high)},
    )
    return None


def _better_size(name: str, text: str, low: int, high: int) -> str:
    return f"{name}={min(max(int(text), low), high)}" if text.isdecimal() else ""


def _bounds(field: Field, given: Mapping[str, str], mistakes: Mistakes) -> Field:
    example = BOUND_EXAMPLES[field.type]
    found: dict[str, Bound] = {}
    for word, name in _BOUNDS.items():
        if word not in given:
            continue
        if name in found:
            mistakes.add(
                "min and ge are two words for one limit, as are max and le; give one", example
            )
            continue
        try:
            found[name] = read(field, given[word])
        except ValueError as error:
            mistakes.add(
                f"{word}={printable(given[word])} is not a valid {field.type}: {error}", example
            )
    for strict, loose in (("gt", "ge"), ("lt", "le")):
        if {strict, loose} <= found.keys():
            mistakes.add(f"{strict} and {loose} contradict each other; give one of them", example)
            return field
    return _checked(
        replace(
            field,
            gt=found.get("gt"),
            ge=found.get("ge"),
            lt=found.get("lt"),
            le=found.get("le"),
        ),
        mistakes,
    )


def _checked(field: Field, mistakes: Mistakes) -> Field:
    # Not len(), which is limited to sys.maxsize.
    if not span(field):
        limits = {"gt": field.gt, "ge": field.ge, "lt": field.lt, "le": field.le}
        told = " and ".join(
            f"{name}={write_without_colons(value)}"
            for name, value in limits.items()
            if value is not None
        )
        mistakes.add(f"no value of {field.type} is within {told}", BOUND_EXAMPLES[field.type])
    return field
