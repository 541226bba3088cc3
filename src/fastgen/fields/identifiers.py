"""Checks the names of fields."""

import re
from collections.abc import Collection

from fastgen import databases
from fastgen.fields.model import Field
from fastgen.messages import shown
from fastgen.names.resource import UNQUOTED, snake

LONGEST = 50
_SNAKE = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")
RULE = f"use snake_case: at most {LONGEST} of a-z, 0-9 and single _, beginning with a letter"
GENERATED = frozenset({"id", "created_at", "updated_at"})
# Pydantic warns about fields whose names begin like this.
PROTECTED = ("model_dump", "model_validate")
REASONS = (
    (GENERATED, "every resource has that column"),
    (UNQUOTED, "SQLAlchemy does not quote that SQL keyword"),
    *((one.own_columns, f"it is a system column of {one.label}") for one in databases.ALL),
)


def problem(field: Field, taken: Collection[str]) -> str | None:
    """Return why a field cannot have its name, None if it can; the resource uses those `taken`."""
    name = field.name
    if len(name) > LONGEST or not _SNAKE.fullmatch(name):
        return f"{shown(name)} cannot be the name of a field: {RULE}"
    reason = next((why for names, why in REASONS if name in names), None)
    if name.startswith(PROTECTED):
        reason = f"names that begin with {' or '.join(PROTECTED)} are reserved by Pydantic"
    if {name, field.column} & {*taken}:
        reason = "the resource uses it itself"
    return f"a field cannot be called '{name}': {reason}; choose another name" if reason else None


def suggest(field: Field, taken: Collection[str]) -> str:
    """Return a valid name similar to that of `field`."""
    near = (snake(field.name) or "name")[: LONGEST - len("_value")]
    candidates = (
        near,
        near.removeprefix("model_"),
        f"{near}_value",
        f"{near}_2",
        "name",
        "another_name",
    )
    fields = (Field(name.strip("_"), field.type) for name in candidates)
    return next((other.name for other in fields if not problem(other, taken)), "name")
