"""Defaults of fields."""

from typing import Any

from fastgen.databases import Database
from fastgen.fields.model import Field
from fastgen.fields.samples.model import JSON
from fastgen.fields.types import type_of


def has_default(field: Field) -> bool:
    """Whether clients may leave out `field` and get a value other than null."""
    return field.default is not None or type_of(field).is_empty_by_default(field)


def default_value(field: Field) -> Any:
    """Return the default of `field`, which must have a constant one, as a Python value."""
    return type_of(field).value(field, field.default or "")


def is_computed(field: Field) -> bool:
    """Whether the default of `field` is computed for each row."""
    return type_of(field).computed(field) is not None


def default_in_response(field: Field) -> JSON:
    """Return the default of `field`, which must have a constant one, as it is in a response."""
    return type_of(field).in_json(field, default_value(field))


def default_in_database(field: Field, database: Database) -> str | None:
    """Return the `server_default=` of `field`, if it has a constant default."""
    if not has_default(field) or is_computed(field):
        return None
    return type_of(field).server_default(field, default_value(field), database)
