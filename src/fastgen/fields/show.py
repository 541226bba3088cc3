"""Turns a `Field` back into text."""

from fastgen.fields.model import Field
from fastgen.fields.types import type_of


def show(field: Field) -> str:
    """Return the canonical text of a field, which parses to the same field."""
    return type_of(field).show(field)
