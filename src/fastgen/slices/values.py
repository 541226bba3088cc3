"""Defaults of fields: as Python values, as source text, in responses, and in the database."""

import json
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from decimal import Decimal
from uuid import UUID

from fastgen.fields.arguments import constant
from fastgen.fields.model import Database, Field
from fastgen.samples import JSON
from fastgen.slices.class_names import enum_name
from fastgen.slices.resource import Resource

_READERS: dict[str, Callable[[str], object]] = {
    "int": int,
    "bigint": int,
    "float": float,
    "decimal": Decimal,
    "bool": lambda text: text == "true",
    "date": date.fromisoformat,
    "datetime": datetime.fromisoformat,
    "time": time.fromisoformat,
    "uuid": UUID,
    "json": json.loads,
}


def has_default(field: Field) -> bool:
    """Whether clients may leave out `field` and get a value other than null."""
    empty = field.type == "list" and not (field.optional or field.min)
    return field.default is not None or empty


def default_value(field: Field) -> object:
    """Return the default of `field`, which must have one, as a Python value."""
    text = field.default or ""
    if "email" in {field.type, field.item}:
        # Normalized as the schema does.
        text = text.lower()
    if field.type == "list":
        reader = _READERS.get(field.item or "str", str)
        return [reader(part) for part in text.split(",") if part]
    return _READERS.get(field.type, str)(text)


def factory(field: Field) -> str | None:
    """Return the factory for the default of `field` if the value is mutable, else None."""
    if field.type not in {"list", "json"}:
        return None
    value = default_value(field)
    if value in ([], {}):
        return type(value).__name__
    return f"lambda: {literal(value)}"


def default_literal(field: Field, resource: Resource) -> str:
    """Return the default of `field` as a Python expression."""
    value = default_value(field)
    if field.type == "enum":
        return f"{enum_name(field, resource)}.{constant(str(value))}"
    return literal(value)


def literal(value: object) -> str:
    """Return `value` as a Python expression with the names that slices import."""
    match value:
        case datetime() | time():
            text = repr(value).replace("datetime.timezone.utc", "dt.UTC")
            return re.sub(r"\bdatetime\.", "dt.", text)
        case date():
            return f"dt.date({value.year}, {value.month}, {value.day})"
        case Decimal():
            text = f"{value:f}"
            # With all its places, as it is read back; ruff (FURB157) wants integers unquoted.
            return f"Decimal({json.dumps(text) if '.' in text else text})"
        case UUID():
            return f"UUID({json.dumps(str(value))})"
        case list():
            return f"[{', '.join(map(literal, value))}]"
    return repr(value)


def default_in_response(field: Field) -> JSON:
    """Return the default of `field`, which must have one, as it is in a response."""
    value = default_value(field)
    if isinstance(value, list) and field.type == "list":
        return [_in_response(item) for item in value]
    return _in_response(value)


def _in_response(value: object) -> JSON:
    match value:
        case None | bool() | int() | float() | str() | dict() | list():
            return value
        case Decimal():
            return f"{value:f}"
        case datetime():
            return value.isoformat().replace("+00:00", "Z")
        case date() | time():
            return value.isoformat()
    return str(value)


def default_in_database(field: Field, database: Database) -> str | None:
    """Return the `server_default=` of `field`, if it has a default."""
    if not has_default(field):
        return None
    if field.type == "bool":
        return "sa.true()" if field.default == "true" else "sa.false()"
    value = default_value(field)
    if field.type in {"json", "list"}:
        return _server_default(json.dumps(value, default=_in_json))
    return _server_default(_stored_text(field, value, database))


def _server_default(text: str) -> str:
    if text and "'" not in text:
        return repr(text)
    # Alembic can compare a text that is empty or has quotes only as SQL.
    quoted = text.replace("'", "''").replace(":", "\\:")
    sql = json.dumps(f"'{quoted}'", ensure_ascii=False)
    return f"sa.text({sql})"


def _in_json(value: object) -> str:
    return value.isoformat() if isinstance(value, date | time) else str(value)


def _stored_text(field: Field, value: object, database: Database) -> str:
    """Return `value` as the database writes it."""
    if isinstance(value, datetime):
        value = value.astimezone(UTC)
    if isinstance(value, Decimal):
        whole = value.scaleb(field.scale or 0) if database == "sqlite" else value
        return f"{whole:f}"
    return _in_sqlite(value) if database == "sqlite" else _in_postgresql(value)


def _in_sqlite(value: object) -> str:
    match value:
        case datetime():
            return value.replace(tzinfo=None).isoformat(sep=" ", timespec="microseconds")
        case time():
            return value.isoformat(timespec="microseconds")
        case UUID():
            return value.hex
    return str(value)


def _in_postgresql(value: object) -> str:
    # The driver sends these dates as infinite.
    match value:
        case date.min:
            return "-infinity"
        case date.max:
            return "infinity"
    return str(value)
