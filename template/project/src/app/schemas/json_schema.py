"""What the documentation says of types, so that it is as true as JSON Schema allows."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pydantic import GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

LIMITS = {"gt": "exclusiveMinimum", "ge": "minimum", "lt": "exclusiveMaximum", "le": "maximum"}
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
    """Say limits that are checked after something else by their names in JSON Schema."""
    return {LIMITS.get(name, name): value for name, value in found.items()}


def decimal(found: JsonSchemaValue) -> JsonSchemaValue:
    """Say what decimals are as numbers and as texts."""
    if not found.keys() >= {"max_digits", "decimal_places"}:
        return found
    digits, places = found.pop("max_digits"), found.pop("decimal_places")
    bounds = {LIMITS[name]: float(found.pop(name)) for name in LIMITS if name in found}
    numbers = [_number(digits, places, bounds)]
    if digits > EXACT_DIGITS_OF_A_NUMBER:
        numbers.append(_number(digits - places, 0, bounds) | {"type": "integer"})
    return found | {"anyOf": [*numbers, _digits(digits, places, bounds)]}


def _number(digits: int, places: int, bounds: dict[str, float]) -> JsonSchemaValue:
    end = 10.0 ** (min(digits, EXACT_DIGITS_OF_A_NUMBER) - places)
    step = {"multipleOf": float(Decimal(1).scaleb(-places))} if places else {}
    return {"type": "number", "exclusiveMinimum": -end, "exclusiveMaximum": end, **step, **bounds}


def _digits(digits: int, places: int, bounds: dict[str, float]) -> JsonSchemaValue:
    sign = "" if max(bounds.get("minimum", -1), bounds.get("exclusiveMinimum", -1)) >= 0 else "-?"
    not_zero = r"(?!0(\.0+)?$)" if bounds.get("exclusiveMinimum") == 0 else ""
    whole = f"(0|[1-9][0-9]{{0,{digits - places - 1}}})" if digits > places else "0"
    fraction = rf"(\.[0-9]{{1,{places}}}0*)?" if places else r"(\.0+)?"
    return {"type": "string", "pattern": f"^{not_zero}{sign}{whole}{fraction}$"}
