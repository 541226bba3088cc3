"""Any JSON, as far as databases can hold it."""

import math
from typing import Annotated, Any

from pydantic import Field, GetJsonSchemaHandler, RootModel
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from app.schemas.json_schema import Documented

MAX_JSON_DEPTH = 32
# SQLite makes an integer or a float of a document that is a number.
FIRST_TOO_BIG = 2**63

Key = Annotated[str, Field(pattern=r"^[^\x00]*$")]
Members = Annotated[
    dict[Key, "AnyJson"], Documented(lambda found: found | {"additionalProperties": False})
]


class AnyJson(RootModel[Members | list["AnyJson"] | Key | float | bool | None]):
    """Any JSON without NUL."""


class DocumentedAsAnyJson:
    """Says what `is_document` takes, but for how deep."""

    def __get_pydantic_json_schema__(
        self, _: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return handler(AnyJson.__pydantic_core_schema__) | {
            "type": ["object", "array", "string", "number", "boolean"],
            "minimum": -FIRST_TOO_BIG,
            "exclusiveMaximum": FIRST_TOO_BIG,
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


def is_document(value: object) -> object:
    """Refuse what JSON or databases cannot hold: NaN, NUL, bottomless nests."""
    if value is None:
        msg = "must not be null"
        raise ValueError(msg)
    if isinstance(value, int | float) and (value < -FIRST_TOO_BIG or value >= FIRST_TOO_BIG):
        msg = "must not be a number of more than 64 bits"
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
    if isinstance(value, float) and not math.isfinite(value):
        msg = "must not hold NaN or infinite numbers"
        raise ValueError(msg)
    if isinstance(value, str):
        check_text(value)
