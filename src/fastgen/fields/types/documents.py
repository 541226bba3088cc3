"""Values of JSON."""

import json
from typing import Any, NoReturn

from fastgen.databases import Database
from fastgen.fields.model import Field
from fastgen.fields.samples.model import COUNT, JSON, Invalid, Samples
from fastgen.fields.samples.words import words
from fastgen.fields.types.base import ALWAYS
from fastgen.fields.types.floats import check_listed
from fastgen.fields.types.generated import Use
from fastgen.fields.types.sized import Sized

# The limits of the generated schemas for JSON.
_MOST_LEVELS = 32
_MIN_NUMBER, _MAX_NUMBER = -(2**63), 2**63 - 1


class Json(Sized):
    """Any value of JSON but null."""

    name = "json"
    told = "any JSON value"
    other_words = ("jsonb", "dict", "object")
    example = "json"
    default_example = 'json:default={"a":[1,true]}'
    modifiers = ALWAYS | {"max", "default"}
    refusals = {
        "unique": "equal values have many spellings",
        "index": "an ordinary index does not help to find parts of a value",
        "filter": "values have several spellings in a query",
        "sort": "values have no order",
    }
    unit = "bytes"
    default_max = 65_536
    most = 1_000_000
    # With fewer bytes it could hold next to nothing.
    least_max = 100
    listed = False
    annotated = "Any"
    body = "Document"
    imports = frozenset({"JsonValue"})
    schema_modules = {"documents": "document_type"}

    def canonical(self, field: Field, text: str) -> str:
        try:
            value = json.loads(text, parse_constant=_no_number)
            told = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
            size = len(told.encode())
        except (ValueError, RecursionError) as error:
            raise ValueError('use a JSON value like {"a":[1,true]}') from error
        if value is None:
            raise ValueError("it is null; for that, leave the default out and use optional")
        if "\\u0000" in told:
            raise ValueError("databases cannot keep the character \\u0000")
        _check(value)
        if field.max is not None and size > field.max:
            raise ValueError(f"it has {size} bytes: use at most {field.max}")
        return told

    def value(self, field: Field, text: str) -> Any:
        return json.loads(text)

    def factory(self, field: Field, value: Any) -> str:
        return type(value).__name__ if value in ([], {}) else f"lambda: {value!r}"

    def stored(self, field: Field, value: Any, database: Database) -> str:
        return json.dumps(value)

    def samples(self, field: Field) -> Samples:
        values: tuple[JSON, ...] = tuple({"key": word} for word in words(COUNT))
        wrong = [] if field.optional else [Invalid(None, "null")]
        if field.max is None:
            return Samples(values, tuple(wrong))
        # In JSON, a text has two quotes more.
        edge = "x" * (field.max - 2)
        return Samples(values, (*wrong, Invalid(f"{edge}x", "too-long")), (edge,))

    def column(self, field: Field, use: Use) -> str:
        # Null is stored as SQL NULL, not as the JSON value.
        return f"{use.database.json.in_slices}(none_as_null=True)"

    def migration_column(self, field: Field, database: Database) -> str:
        return f"{database.json.in_slices}()"

    def last(self, field: Field) -> list[str]:
        return [] if field.max is None else [f"max_bytes({field.max})"]

    def response(self, field: Field, cls: str) -> str:
        return "JsonValue"

    def described(self, field: Field) -> list[str]:
        return [] if field.max is None else [f"at most {field.max} bytes"]

    def create_default(self, field: Field, value: Any, cls: str) -> str:
        if value in ([], {}):
            return super().create_default(field, value, cls)
        if not isinstance(value, list | dict):
            return repr(value)
        # `json.loads` returns Any; a literal does not match the nested type of JSON values.
        return f"Field(default_factory=lambda: json.loads({field.default!r}))"


def _check(value: object, levels: int = _MOST_LEVELS) -> None:
    if not levels:
        raise ValueError(f"it is nested deeper than {_MOST_LEVELS}")
    match value:
        case dict():
            _check(list(value.values()), levels)
        case list():
            for item in value:
                _check(item, levels - 1)
        case int() | float():
            check_listed(value, _MIN_NUMBER, _MAX_NUMBER)


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"JSON has no {name}")
