"""The tables of the grammar: types, their modifiers, and why others are refused."""

from collections.abc import Mapping
from typing import get_args

from fastgen.fields.model import RANGED, Type
from fastgen.messages import nearest

TYPES: tuple[Type, ...] = get_args(Type)
LONGEST_STR = 10_000
LONGEST_TEXT = 1_000_000
# Of a json field, in bytes.
LONGEST_JSON = 1_000_000
LONGEST_EMAIL = 254
LONGEST_URL = 2_000
# PostgreSQL limits index entries to 2704 bytes, and a character may have 4.
LONGEST_INDEXED = 500
MOST_ITEMS = 10_000
DEFAULT_LENGTH = 255
# The default maximum of a field, so that a list of rows stays a reasonable response.
DEFAULT_MAX: Mapping[str, int] = {"text": 20_000, "json": 65_536}

FLAGS = ("optional", "unique", "index", "filter", "sort", "search", "readonly", "writeonly")
LIMITS = ("min", "max", "gt", "ge", "lt", "le")

_EVERY = frozenset[str](TYPES)
_BLOBS = frozenset({"json", "list"})
_SIZED = frozenset({"str", "text", "list"})
# The types that take each modifier.
TAKEN_BY: Mapping[str, frozenset[str]] = {
    "optional": _EVERY,
    "unique": _EVERY - {"text", "bool", "json", "enum"},
    "index": _EVERY - _BLOBS - {"text", "ref"},
    "filter": _EVERY - _BLOBS - {"text"},
    "sort": _EVERY - _BLOBS - {"text", "url"},
    "search": frozenset({"str", "text", "email", "url"}),
    "readonly": _EVERY,
    "writeonly": _EVERY,
    "min": _SIZED | RANGED,
    "max": _SIZED | RANGED | {"json"},
    "gt": RANGED,
    "ge": RANGED,
    "lt": RANGED,
    "le": RANGED,
    "ondelete": frozenset({"ref"}),
    "pattern": frozenset({"str", "text"}),
    "default": _EVERY - {"ref"},
}
REASONS: Mapping[tuple[str, str], str] = {
    ("unique", "text"): "it is too long for an index; use str with a length",
    ("unique", "bool"): "it has two values only",
    ("unique", "enum"): "it has few values only",
    ("unique", "json"): "equal values have many spellings",
    ("index", "text"): "it is too long for an index; use str with a length",
    ("index", "json"): "an ordinary index does not help to find parts of a value",
    ("index", "list"): "an ordinary index does not help to find items",
    ("index", "ref"): "it always has an index",
    ("filter", "text"): "a whole text is not a useful filter; use search",
    ("filter", "json"): "values have several spellings in a query",
    ("filter", "list"): "values have several spellings in a query",
    ("sort", "text"): "it is too long for an index; use str with a length",
    ("sort", "url"): "it is too long for an index; use str with a length",
    ("sort", "json"): "values have no order",
    ("sort", "list"): "values have no order",
    ("default", "ref"): "no row is sure to exist",
}
# An example of each type, without the name, valid on every database.
EXAMPLES: Mapping[str, str] = {
    **{name: name for name in TYPES},
    "str": "str:100",
    "decimal": "decimal:10,2",
    "enum": "enum:draft,published",
    "list": "list:str",
    "ref": "ref:user",
}
BOUND_EXAMPLES: Mapping[str, str] = {
    "int": "int:ge=0:le=1000",
    "bigint": "bigint:ge=0:le=1000",
    "float": "float:ge=0:lt=1.5",
    "decimal": "decimal:10,2:gt=0",
    "date": "date:ge=2026-01-01",
    "datetime": "datetime:ge=20260101T000000Z",
    "time": "time:ge=0930:lt=1800",
}
DEFAULT_EXAMPLES: Mapping[str, str] = {
    "str": "str:100:default=none",
    "text": "text:default=none",
    "int": "int:default=0",
    "bigint": "bigint:default=0",
    "float": "float:default=0.5",
    "decimal": "decimal:10,2:default=9.99",
    "bool": "bool:default=false",
    "date": "date:default=2026-01-31",
    "datetime": "datetime:default=2026-01-31T09:30:00Z",
    "time": "time:default=09:30",
    "uuid": "uuid:default=00000000-0000-4000-8000-000000000000",
    "email": "email:default=info@example.com",
    "url": "url:default=https://example.com/",
    "json": 'json:default={"a":[1,true]}',
    "enum": "enum:draft,published:default=draft",
    "list": "list:str:default=red,green",
}
_OTHER_WORDS: Mapping[str, Type] = {
    "string": "str", "varchar": "str", "char": "str", "integer": "int", "number": "int",
    "smallint": "int", "long": "bigint", "boolean": "bool", "double": "float", "real": "float",
    "numeric": "decimal", "money": "decimal", "timestamp": "datetime", "guid": "uuid",
    "uri": "url", "jsonb": "json", "dict": "json", "object": "json", "choice": "enum",
    "choices": "enum", "array": "list", "reference": "ref", "references": "ref",
    "foreignkey": "ref", "fk": "ref", "belongs_to": "ref", "mail": "email", "longtext": "text",
}  # fmt: skip


def word(part: str) -> str:
    """Return the name of a modifier: `min` for `min=1`."""
    return part.partition("=")[0]


def is_modifier(part: str) -> bool:
    """Whether `part` is meant as a modifier, whether its value is valid or not."""
    return word(part) in TAKEN_BY


def takes(type_: str) -> str:
    """Return the modifiers that a type takes, for a message: `optional, default, …`."""
    return ", ".join(
        name if name in FLAGS else f"{name}=" for name in TAKEN_BY if type_ in TAKEN_BY[name]
    )


def near_type(typed: str) -> Type | None:
    """Return the type that was likely meant, None if there is none."""
    lowered = typed.lower()
    if lowered in _OTHER_WORDS:
        return _OTHER_WORDS[lowered]
    near = nearest(lowered, TYPES)
    return next((name for name in TYPES if name == near), None)


def near_modifier(part: str, type_: str) -> str | None:
    """Return the modifier of the type that was likely meant, None if there is none."""
    fitting = [name for name in TAKEN_BY if type_ in TAKEN_BY[name]]
    return nearest(word(part).lower(), fitting)
