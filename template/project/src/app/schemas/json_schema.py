"""What the documentation says of types, so that it is as true as JSON Schema allows."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor
from typing import Any, TypeVar

from pydantic import GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from app.schemas.decimal_patterns import decimals
from app.schemas.patterns import DATE, MOMENT, TIME
from app.schemas.time_patterns import dates, times

LIMITS = {"gt": "exclusiveMinimum", "ge": "minimum", "lt": "exclusiveMaximum", "le": "maximum"}
# What validators that know `format` call limits of dates.
FORMAT_LIMITS = {
    "gt": "formatExclusiveMinimum",
    "ge": "formatMinimum",
    "lt": "formatExclusiveMaximum",
    "le": "formatMaximum",
}
FIRST_INSIDE: dict[str, Callable[[Fraction], int]] = {
    "minimum": ceil,
    "exclusiveMinimum": lambda limit: floor(limit) + 1,
    "maximum": floor,
    "exclusiveMaximum": lambda limit: ceil(limit) - 1,
}
OF_THE_TYPE = {*LIMITS, "$ref", "format"}
EXACT_DIGITS_OF_A_NUMBER = 15

Temporal = TypeVar("Temporal", date, time)


@dataclass(frozen=True)
class Documented:
    """Rewrites the schema of a type, in which the limits of its field stand already."""

    rewrite: Callable[[JsonSchemaValue], JsonSchemaValue]

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return self.rewrite(handler(schema))


def documented(**words: Any) -> Documented:  # noqa: ANN401
    """Say these words instead of what follows from the type."""

    return Documented(lambda found: _without_ours(found) | words)


@dataclass(frozen=True)
class Text:
    """Says which pattern texts have, and which one if they must not be blank."""

    pattern: str
    filled: str

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        found = handler(schema)
        ours = {"pattern": f"^{self.filled if found.get('minLength') else self.pattern}$"}
        theirs = _pattern(schema)
        return found | ({"pattern": theirs, "allOf": [ours]} if theirs else ours)


def _pattern(schema: Any) -> str | None:  # noqa: ANN401
    """Find the pattern of the field itself: Pydantic does not document it after a check."""
    while "schema" in schema:
        schema = schema["schema"]
    if schema["type"] != "chain":
        return None
    pattern: str | None = schema["steps"][-1].get("schema", {}).get("pattern")
    return pattern


def number(found: JsonSchemaValue) -> JsonSchemaValue:
    """Say limits that are checked after something else by their names in JSON Schema.

    FastAPI and many readers of the document use floats: 2**63 is one, and 2**63 - 1 is not.
    """
    said = {LIMITS.get(name, name): value for name, value in found.items()}
    if (most := said.get("maximum", 0)) != float(most):
        said["exclusiveMaximum"] = said.pop("maximum") + 1
    return said


def decimal(found: JsonSchemaValue) -> JsonSchemaValue:
    """Say what decimals are as numbers and as texts."""
    if not found.keys() >= {"max_digits", "decimal_places"}:
        return found
    digits, places, limits = _take_limits(found)
    bounds = {name: float(limit) for name, limit in limits.items()}
    numbers = [_number(digits, places, bounds)]
    if digits > EXACT_DIGITS_OF_A_NUMBER:
        numbers.append(_number(digits - places, 0, bounds) | {"type": "integer"})
    return found | {"anyOf": [*numbers, _text(digits, places, limits)]}


def decimal_text(found: JsonSchemaValue) -> JsonSchemaValue:
    """Say what decimals are where all values are texts."""
    del found["anyOf"]
    return found | _text(*_take_limits(found))


def _take_limits(found: JsonSchemaValue) -> tuple[int, int, dict[str, Decimal]]:
    digits, places = found.pop("max_digits"), found.pop("decimal_places")
    limits = {LIMITS[name]: Decimal(str(found.pop(name))) for name in LIMITS if name in found}
    return digits, places, limits


def _number(digits: int, places: int, bounds: dict[str, float]) -> JsonSchemaValue:
    end = 10.0 ** (min(digits, EXACT_DIGITS_OF_A_NUMBER) - places)
    step = {"multipleOf": float(Decimal(1).scaleb(-places))} if places else {}
    return {"type": "number", "exclusiveMinimum": -end, "exclusiveMaximum": end, **step, **bounds}


def _text(digits: int, places: int, limits: dict[str, Decimal]) -> JsonSchemaValue:
    ends = {
        name: FIRST_INSIDE[name](Fraction(limit) * 10**places) for name, limit in limits.items()
    }
    low = ends.get("minimum", ends.get("exclusiveMinimum", -(10**digits)))
    high = ends.get("maximum", ends.get("exclusiveMaximum", 10**digits))
    return {"type": "string", "pattern": f"^{decimals(low, high, digits, places)}$"}


def date_text(found: JsonSchemaValue) -> JsonSchemaValue:
    """Say what dates are between their limits."""
    limited = found.keys() & LIMITS.keys()
    pattern = dates(*_ends(found, date, _days_later)) if limited else DATE
    return _formatted(found, "date", pattern)


def time_text(found: JsonSchemaValue) -> JsonSchemaValue:
    """Say what times are between their limits; the format of that name would ask for a zone."""
    limited = found.keys() & LIMITS.keys()
    pattern = times(*_ends(found, time, _microseconds_later)) if limited else TIME
    return _without_ours(found) | {"pattern": f"^{pattern}$"}


def moment_text(found: JsonSchemaValue) -> JsonSchemaValue:
    """Say what moments are; no pattern can tell which offsets lead out of their limits."""
    return _formatted(found, "date-time", MOMENT)


def _formatted(found: JsonSchemaValue, name: str, pattern: str) -> JsonSchemaValue:
    limits = {FORMAT_LIMITS[limit]: found[limit] for limit in LIMITS if limit in found}
    return _without_ours(found) | {"format": name, "pattern": f"^{pattern}$"} | limits


def _without_ours(found: JsonSchemaValue) -> JsonSchemaValue:
    return {name: found[name] for name in found if name not in OF_THE_TYPE}


def _ends(
    found: JsonSchemaValue, kind: type[Temporal], later: Callable[[Temporal, int], Temporal]
) -> tuple[Temporal, Temporal]:
    limits = {name: kind.fromisoformat(found[name]) for name in LIMITS if name in found}
    first = later(limits["gt"], 1) if "gt" in limits else limits.get("ge", kind.min)
    last = later(limits["lt"], -1) if "lt" in limits else limits.get("le", kind.max)
    return first, last


def _days_later(day: date, count: int) -> date:
    return day + timedelta(days=count)


def _microseconds_later(moment: time, count: int) -> time:
    return (datetime.combine(date.min, moment) + timedelta(microseconds=count)).time()
