"""Values for rows that have none, as SQL."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from fastgen.databases import Database
from fastgen.fields.model import Field
from fastgen.fields.types import type_of
from fastgen.slices.resource import USER, World
from fastgen.slices.values import default_value, has_default, is_computed

_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_NUMBERS = {"integer", "float", "decimal"}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# The plainest value of each kind: what a dropped column has when it comes back.
PLAIN: Mapping[str, Any] = {
    "text": "",
    "integer": 0,
    "float": 0.0,
    "decimal": Decimal(0),
    "bool": False,
    "date": date(1970, 1, 1),
    "datetime": _EPOCH,
    "time": time(),
    "uuid": UUID(int=0),
    "json": {},
    "list": [],
}


def literal(field: Field, value: Any, database: Database) -> str:
    """Return a value of `field` as the SQL of `database`."""
    storage = type_of(field).storage
    if storage == "bool":
        return "true" if value else "false"
    text = type_of(field).stored(field, value, database)
    if storage in _NUMBERS and _NUMBER.fullmatch(text):
        return text
    return "'" + text.replace("'", "''") + "'"


def filled(field: Field, text: str, world: World) -> str:
    """Return the value that was typed as `text`; raises `ValueError` that says what is allowed.

    A reference is the id of a row; an account is also named by its mail address.
    """
    if field.target:
        return _row(field, text, world)
    given = replace(field, default=type_of(field).canonical(field, text))
    return default(given, world.database) or ""


def default(field: Field, database: Database) -> str | None:
    """Return the default of `field`, None if it has none."""
    if is_computed(field):
        return database.now[type_of(field).storage]
    return literal(field, default_value(field), database) if has_default(field) else None


def plain(field: Field, world: World) -> str:
    """Return a value for a required column that comes back without its values."""
    if field.target:
        return f'(SELECT min("id") FROM "{world.target(field).table}")'
    if field.values:
        return literal(field, field.values[0], world.database)
    known = default(field, world.database)
    storage = type_of(field).storage
    return known or literal(field, PLAIN.get(storage, ""), world.database)


def _row(field: Field, text: str, world: World) -> str:
    table = world.target(field).table
    if text.isascii() and text.isdecimal():
        # Null if there is no such row, which the column then refuses.
        return f'(SELECT "id" FROM "{table}" WHERE "id" = {text})'
    if field.target == USER and "@" in text:
        email = text.lower().replace("'", "''")
        return f"""(SELECT "id" FROM "{table}" WHERE "email" = '{email}')"""
    raise ValueError("use the id of a row" + " or a mail address" * (field.target == USER))
