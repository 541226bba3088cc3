"""How values of one type become values of another, as SQL.

A pair of types that is not here is refused. `{c}` is the column.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from fastgen.databases import POSTGRESQL, SQLITE, Database
from fastgen.fields.model import Field
from fastgen.fields.types import type_of
from fastgen.migrating import on_postgresql, on_sqlite
from fastgen.migrating.dialect import Dialect, Pair

# A further database is a module like these two.
DIALECTS: Mapping[str, Dialect] = {
    SQLITE.name: on_sqlite.DIALECT,
    POSTGRESQL.name: on_postgresql.DIALECT,
}
# What is lost, if both types are converted without an error.
LOSES: Mapping[Pair, str] = {
    ("datetime", "date"): "their time of day",
    ("datetime", "time"): "their day",
    ("float", "integer"): "what is after the point, rounded",
    ("decimal", "integer"): "what is after the point, rounded",
    ("float", "decimal"): "further places, rounded",
    ("integer", "bool"): "numbers other than zero, which all become true",
}
# Values that are the same JSON.
TEXTS = {"str", "email", "url", "color", "uuid", "date", "datetime", "time"}
WIDER_ITEMS = {
    ("int", "bigint"),
    ("int", "float"),
    ("bigint", "float"),
    *((one, "str") for one in TEXTS),
}
# The most characters of a value as text.
SIZES = {"integer": 20, "float": 25, "bool": 5, "date": 10, "datetime": 27, "time": 15, "uuid": 36}
SMALLEST_INT, LARGEST_INT = -(2**31), 2**31 - 1
_LENGTH = re.compile(r"sa\.String\(length=(\d+)\)")


@dataclass(frozen=True)
class Conversion:
    """How the values of a column change."""

    # None if they are stored alike.
    expression: str | None = None
    # The condition for rows that do not fit, and what they have.
    breaks: str | None = None
    told: str = ""
    loses: str = ""
    # A statement that has to run before, or nothing.
    before: str = ""


def find(old: Field, new: Field, database: Database, *, down: bool) -> Conversion | None:
    """Return how values of `old` become values of `new`, None if there is no conversion.

    In the direction `down`, values that once had the type of `new` are converted back.
    """
    if (old.target or new.target) and not _same_keys(old, new):
        return None
    if old.item or new.item:
        return _of_lists(old, new, down=down)
    pair = (type_of(old).storage, type_of(new).storage)
    dialect = DIALECTS[database.name]
    known = dialect.expressions
    if pair[0] == pair[1]:
        expression = known[pair](old, new) if pair in known else "{c}"
    elif pair in known:
        expression = known[pair](old, new)
    else:
        return None
    condition, told = _breaks(old, new, pair, expression, database)
    changed = None if expression == "{c}" and pair[0] == pair[1] else expression
    before = dialect.before.get(expression, "")
    return Conversion(changed, condition, told, _loses(old, new, pair), before)


def length(field: Field, database: Database) -> int | None:
    """Return how many characters the column of `field` holds, None if it has no limit."""
    found = _LENGTH.fullmatch(type_of(field).migration_column(field, database))
    return int(found[1]) if found else None


def _same_keys(old: Field, new: Field) -> bool:
    """Whether both are keys of the same rows; a whole number may be a key."""
    if old.target and new.target:
        return old.target == new.target
    return type_of(old).storage == type_of(new).storage


def _of_lists(old: Field, new: Field, *, down: bool) -> Conversion | None:
    alike = (old.item, new.item)
    if old.item and new.item:
        same = alike[0] == alike[1] or alike in WIDER_ITEMS
        return Conversion() if same or (down and alike[::-1] in WIDER_ITEMS) else None
    documents = {type_of(old).storage, type_of(new).storage} == {"list", "json"}
    # A list is a document, but few documents are lists.
    return Conversion() if documents and (old.item or down) else None


def _loses(old: Field, new: Field, pair: Pair) -> str:
    if pair == ("decimal", "decimal") and (new.scale or 0) < (old.scale or 0):
        return (
            f"places after the first {new.scale}, rounded"
            if new.scale
            else LOSES["float", "integer"]
        )
    return LOSES.get(pair, "")


def _breaks(
    old: Field, new: Field, pair: Pair, expression: str, database: Database
) -> tuple[str | None, str]:
    """Return the condition for values that `new` cannot hold, and its words in a message."""
    unreadable = DIALECTS[database.name].unreadable.get(pair)
    found = [
        (unreadable(old, new), f"a value that cannot be read as {type_of(new).name}")
        if unreadable
        else None,
        _other_value(old, new, expression),
        _too_long(old, new, expression, database),
        _too_large(old, new, expression, database),
    ]
    given = [one for one in found if one]
    joined = " OR ".join(
        condition if len(given) == 1 else f"({condition})" for condition, _ in given
    )
    if joined and old.optional:
        joined = f"{{c}} IS NOT NULL AND ({joined})"
    return joined or None, " or ".join(told for _, told in given)


def _other_value(old: Field, new: Field, expression: str) -> tuple[str, str] | None:
    if not new.values or (old.values and set(old.values) <= set(new.values)):
        return None
    listed = ", ".join(f"'{value}'" for value in new.values)
    return f"{expression} NOT IN ({listed})", f"a value other than {', '.join(new.values)}"


def _too_long(
    old: Field, new: Field, expression: str, database: Database
) -> tuple[str, str] | None:
    most = None if new.values else length(new, database)
    storage = type_of(old).storage
    size = length(old, database) if storage == "text" else SIZES.get(storage, old.precision)
    if most is None or (size is not None and size <= most):
        return None
    return f"length({expression}) > {most}", f"more than {most} characters"


def _too_large(
    old: Field, new: Field, expression: str, database: Database
) -> tuple[str, str] | None:
    if new.type == "int" and old.type not in {"int", "bool"}:
        condition = f"{expression} NOT BETWEEN {SMALLEST_INT} AND {LARGEST_INT}"
        return condition, "a number of more than 32 bits"
    if new.precision is None or new.scale is None:
        return None
    whole = new.precision - new.scale
    if old.precision is not None and old.scale is not None:
        carries = new.scale < old.scale
        if old.precision - old.scale + carries <= whole:
            return None
    told = f"more than {whole} digits before the point"
    return DIALECTS[database.name].too_large(expression, new), told
