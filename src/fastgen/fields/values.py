"""Writes limits and defaults in their canonical form."""

from datetime import date, datetime, time
from decimal import Decimal

from fastgen.fields.model import Bound


def write(value: Bound) -> str:
    """Return the canonical text of a value, in ISO form with colons for times."""
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, date | time):
        return value.isoformat()
    return f"{value:f}" if isinstance(value, Decimal) else repr(value)


def write_without_colons(value: Bound) -> str:
    """Return the canonical text of a value without colons, which would end it in a field."""
    text = write(value)
    if isinstance(value, datetime):
        return text.replace("-", "").replace(":", "")
    return text.replace(":", "")
