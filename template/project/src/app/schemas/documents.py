"""Any JSON, as far as databases can hold it."""

from typing import Annotated, Any

from pydantic import Field, GetJsonSchemaHandler, RootModel
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from app.schemas.json_schema import Documented

MAX_JSON_DEPTH = 32
# PostgreSQL writes the numbers of JSONB without exponents: 1e308 would come back as 309 digits.
MIN_NUMBER, MAX_NUMBER = -(2**63), 2**63 - 1
SMALLEST = 1e-18
ZERO_OR_NOT_SMALLER = Documented(
    lambda found: found | {"anyOf": [{"minimum": SMALLEST}, {"maximum": -SMALLEST}, {"const": 0}]}
)

Key = Annotated[str, Field(pattern=r"^[^\x00]*$")]
Members = Annotated[
    dict[Key, "AnyJson"], Documented(lambda found: found | {"additionalProperties": False})
]
Number = Annotated[float, Field(ge=MIN_NUMBER, lt=MAX_NUMBER + 1), ZERO_OR_NOT_SMALLER]


class AnyJson(RootModel[Members | list["AnyJson"] | Key | Number | bool | None]):
    """Any JSON without NUL."""


class DocumentedAsAnyJson:
    """Says what `is_document` takes, but for how deep."""

    def __get_pydantic_json_schema__(
        self, _: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return handler(AnyJson.__pydantic_core_schema__) | {
            "type": ["object", "array", "string", "number", "boolean"]
        }


def check_text(value: str) -> None:
    """Refuse halves of surrogate pairs and NUL, which JSON can hold and databases cannot."""
    try:
        value.encode()
    except UnicodeEncodeError:
        msg = "must be text"
        raise ValueError(msg) from None
    if "\x00" in value:
        msg = "must not hold NUL"
        raise ValueError(msg)


def check_number(value: float, least: int = MIN_NUMBER, most: int = MAX_NUMBER) -> None:
    """Refuse numbers with many digits and, as they are not in order with any other, NaN."""
    if not least <= value <= most:
        msg = f"must hold only numbers from {least} to {most}"
        raise ValueError(msg)
    if 0 < abs(value) < SMALLEST:
        msg = f"must hold no number nearer to 0 than {SMALLEST}"
        raise ValueError(msg)


def is_document(value: object) -> object:
    """Refuse what JSON or databases cannot hold: NaN, endless numbers, NUL, bottomless nests."""
    if value is None:
        msg = "must not be null"
        raise ValueError(msg)
    level = [value]
    for _ in range(MAX_JSON_DEPTH):
        for part in level:
            _check_leaf(part)
        level = [inner for part in level for inner in _parts(part)]
        if not level:
            return value
    msg = f"must not be nested deeper than {MAX_JSON_DEPTH}"
    raise ValueError(msg)


def _parts(value: object) -> list[Any]:
    if isinstance(value, dict):
        return [*value.keys(), *value.values()]
    return value if isinstance(value, list) else []


def _check_leaf(value: object) -> None:
    if isinstance(value, int | float):
        check_number(value)
    if isinstance(value, str):
        check_text(value)
