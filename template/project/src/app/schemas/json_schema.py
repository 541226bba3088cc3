"""What the documentation says of types, so that it is as true as JSON Schema allows."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor
from typing import Any

from pydantic import GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from app.schemas.decimal_patterns import decimals

LIMITS = {"gt": "exclusiveMinimum", "ge": "minimum", "lt": "exclusiveMaximum", "le": "maximum"}
FIRST_INSIDE: dict[str, Callable[[Fraction], int]] = {
    "minimum": ceil,
    "exclusiveMinimum": lambda limit: floor(limit) + 1,
    "maximum": floor,
    "exclusiveMaximum": lambda limit: ceil(limit) - 1,
}
OF_THE_TYPE = {*LIMITS, "$ref", "format"}
EXACT_DIGITS_OF_A_NUMBER = 15


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

    def rewrite(found: JsonSchemaValue) -> JsonSchemaValue:
        return {name: found[name] for name in found if name not in OF_THE_TYPE} | words

    return Documented(rewrite)


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
