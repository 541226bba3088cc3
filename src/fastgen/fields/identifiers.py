"""Checks the names of fields."""

import re
from collections.abc import Collection

from fastgen.fields.model import Field
from fastgen.messages import shown
from fastgen.names import reserved
from fastgen.names.resource import UNQUOTED, snake

LONGEST = 50
_SNAKE = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")
RULE = f"use snake_case: at most {LONGEST} of a-z, 0-9 and single _, beginning with a letter"
GENERATED = frozenset({"id", "created_at", "updated_at"})
# Parameters of the constructors of models and schemas, which also have one for each field.
PARAMETERS = frozenset({"cls", "kwargs", "self"})
PYDANTIC = frozenset(
    {"construct", "copy", "dict", "from_orm", "json", "parse_file", "parse_obj", "parse_raw"}
    | {"refuse_many_unknown_fields", "register", "schema", "schema_json", "update_forward_refs"}
    | {"validate"}
)
SQLALCHEMY = frozenset({"metadata", "mro", "registry", "type_annotation_map"})
POSTGRESQL = frozenset({"cmax", "cmin", "ctid", "tableoid", "xmax", "xmin"})
REASONS = (
    (GENERATED, "every resource has that column"),
    (reserved.KEYWORDS, "it is a keyword of Python"),
    (PYDANTIC, "it is an attribute of Pydantic's models"),
    (SQLALCHEMY, "it is an attribute of SQLAlchemy's models"),
    (PARAMETERS, "it is a parameter of constructors that take all fields by name"),
    (UNQUOTED, "SQLAlchemy does not quote that word of SQL"),
    (POSTGRESQL, "it is a system column of PostgreSQL"),
)


def problem(field: Field, taken: Collection[str]) -> str | None:
    """Return why a field cannot have its name, None if it can; the resource uses those `taken`."""
    name = field.name
    if len(name) > LONGEST or not _SNAKE.fullmatch(name):
        return f"{shown(name)} cannot be the name of a field: {RULE}"
    reason = next((why for names, why in REASONS if name in names), None)
    if name.startswith("model_"):
        reason = "names that begin with model_ are Pydantic's"
    if {name, field.column} & {*taken}:
        reason = "the resource uses it itself"
    return f"a field cannot be called '{name}': {reason}; choose another name" if reason else None


def suggest(field: Field, taken: Collection[str]) -> str:
    """Return a valid name similar to that of `field`."""
    near = (snake(field.name).removeprefix("model_") or "name")[: LONGEST - len("_value")]
    candidates = (near, f"{near}_value", f"{near}_2", "name", "another_name")
    fields = (Field(name.strip("_"), field.type) for name in candidates)
    return next((other.name for other in fields if not problem(other, taken)), "name")
