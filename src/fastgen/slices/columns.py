"""What a field is in the model and in the migrations."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from uuid import UUID

from fastgen.fields.model import Field
from fastgen.slices.resource import Database, Resource

ANNOTATIONS = {
    "str": "str", "text": "str", "email": "str", "url": "str", "int": "int", "bigint": "int",
    "float": "float", "decimal": "Decimal", "bool": "bool", "date": "dt.date",
    "datetime": "dt.datetime", "time": "dt.time", "uuid": "UUID", "json": "Any", "ref": "int",
}  # fmt: skip
ONDELETE = {"cascade": "CASCADE", "restrict": "RESTRICT", "setnull": "SET NULL"}
ID_TYPE = 'sa.BigInteger().with_variant(sa.Integer(), "sqlite")'
EMAIL_LENGTH, URL_LENGTH, ENUM_LENGTH = 254, 2000, 100


@dataclass(frozen=True, slots=True)
class Column:
    """A field as a column: source texts for the model and the migration."""

    name: str
    annotation: str
    arguments: str
    migration_type: str
    server_default: str | None
    nullable: bool

    @property
    def migration(self) -> str:
        """Return the `sa.Column(…)` of a migration."""
        default = f", server_default={self.server_default}" if self.server_default else ""
        return f'sa.Column("{self.name}", {self.migration_type}{default}, nullable={self.nullable})'


def column(field: Field, resource: Resource, database: Database) -> Column:
    """Return what `field` of `resource` is in the `database`."""
    annotation = python_type(field, resource)
    server_default = default_in_database(field, database)
    return Column(
        name=field.column,
        annotation=f"{annotation} | None" if field.optional and annotation != "Any" else annotation,
        arguments=", ".join(_arguments(field, resource, database, server_default)),
        migration_type=_migration_type(field, database),
        server_default=server_default,
        nullable=field.optional,
    )


def python_type(field: Field, resource: Resource) -> str:
    """Return the type of one value of `field`, not counting null."""
    if field.type == "enum":
        return enum_name(field, resource)
    if field.type == "list":
        return f"list[{ANNOTATIONS[field.item or 'str']}]"
    return ANNOTATIONS[field.type]


def enum_name(field: Field, resource: Resource) -> str:
    """Return the name of the enum of a field's values."""
    return resource.names.cls + pascal(field.name)


def pascal(name: str) -> str:
    """Return `order_item` as `OrderItem`."""
    return "".join(part.capitalize() for part in name.split("_"))


def member(value: str) -> str:
    """Return the name of an enum's member with that value."""
    name = "".join(c if c.isalnum() else "_" for c in value.upper())
    return f"VALUE_{name}" if name[0].isdigit() else name


def foreign_key_action(field: Field, resource: Resource, *, owned_target: bool) -> str:
    """Return what the database does to a row when the row it refers to is deleted."""
    if field.ondelete == "restrict" and resource.owned and owned_target:
        # An account's rows go in one statement, in no order; RESTRICT would not wait for its end.
        return "NO ACTION"
    return ONDELETE[field.ondelete or "restrict"]


def _arguments(
    field: Field, resource: Resource, database: Database, server_default: str | None
) -> list[str]:
    arguments = [_model_type(field, resource, database)]
    if field.type == "json":
        arguments.append(f"nullable={field.optional}")
    if field.unique and field.type != "list" and not resource.owned:
        arguments.append("unique=True")
    if field.index:
        arguments.append("index=True")
    if has_default(field):
        arguments.append(f"default={_default_in_model(field, resource)}")
        model_default = (server_default or "").removeprefix("sa.")
        arguments.append(f"server_default={model_default}")
    return [argument for argument in arguments if argument and not argument.endswith("=")]


def _model_type(field: Field, resource: Resource, database: Database) -> str:
    """Return the type in the model where the annotation does not say it all."""
    match field.type:
        case "enum":
            return f'text_enum({enum_name(field, resource)}, "{field.name}")'
        case "list":
            return f"ListOf({ANNOTATIONS[field.item or 'str']})"
        case "decimal":
            kind = "Exact" if database == "sqlite" else "Numeric"
            return f"{kind}({field.precision}, {field.scale})"
        case "json":
            return "DOCUMENT"
    texts = {
        "str": f"String({field.length})",
        "email": f"String({EMAIL_LENGTH})",
        "url": f"String({URL_LENGTH})",
        "text": "Text",
        "bigint": "BigInteger",
        "float": "Double",
    }
    return texts.get(field.type, "")


def _migration_type(field: Field, database: Database) -> str:
    match field.type:
        case "enum":
            values = ", ".join(json.dumps(value) for value in field.values)
            return (
                f'sa.Enum({values}, name="{field.name}", native_enum=False, '
                f"length={ENUM_LENGTH})"
            )
        case "json" | "list":
            return "sa.JSON()" if database == "sqlite" else "postgresql.JSONB()"
        case "decimal" if database == "postgresql":
            return f"sa.Numeric({field.precision}, {field.scale})"
        case "decimal":
            return "sa.BigInteger()"
    types = {
        "str": f"sa.String(length={field.length})",
        "email": f"sa.String(length={EMAIL_LENGTH})",
        "url": f"sa.String(length={URL_LENGTH})",
        "text": "sa.Text()",
        "int": "sa.Integer()",
        "bigint": "sa.BigInteger()",
        "float": "sa.Double()",
        "bool": "sa.Boolean()",
        "date": "sa.Date()",
        "datetime": "sa.DateTime(timezone=True)",
        "time": "sa.Time()",
        "uuid": "sa.Uuid()",
        "ref": ID_TYPE,
    }
    return types[field.type]


def has_default(field: Field) -> bool:
    """Whether clients may leave out `field` and get something else than null."""
    empty = field.type == "list" and not (field.optional or field.min)
    return field.default is not None or empty


def default_value(field: Field) -> object:
    """Return the default of `field` as Python has it; only for a field that has one."""
    text = field.default or ""
    if field.type == "list":
        reader = _READERS.get(field.item or "str", str)
        return [reader(part) for part in text.split(",") if part]
    return _READERS.get(field.type, str)(text)


def default_literal(field: Field, resource: Resource) -> str:
    """Return the default of `field` as a Python expression."""
    value = default_value(field)
    if field.type == "enum":
        return f"{enum_name(field, resource)}.{member(str(value))}"
    return literal(value)


def literal(value: object) -> str:
    """Return `value` as a Python expression in terms of what slices import."""
    match value:
        case datetime():
            return f"dt.datetime.fromisoformat({json.dumps(value.isoformat())})"
        case date():
            return f"dt.date({value.year}, {value.month}, {value.day})"
        case time():
            return f"dt.time.fromisoformat({json.dumps(value.isoformat())})"
        case Decimal():
            return f"Decimal({json.dumps(f'{value:f}')})"
        case UUID():
            return f"UUID({json.dumps(str(value))})"
        case list():
            return f"[{', '.join(map(literal, value))}]"
        case float():
            return repr(value)
        case _:
            return repr(value)


def _default_in_model(field: Field, resource: Resource) -> str:
    if field.type == "list" and not field.default:
        return "list"
    text = default_literal(field, resource)
    return f"lambda: {text}" if field.type in {"list", "json"} else text


def default_in_database(field: Field, database: Database) -> str | None:
    """Return the `server_default=` of `field`, if it has a default."""
    if not has_default(field):
        return None
    if field.type == "bool":
        return "sa.true()" if field.default == "true" else "sa.false()"
    value = default_value(field)
    if field.type in {"json", "list"}:
        return repr(json.dumps(value, default=str))
    return repr(_stored_text(field, value, database))


def _stored_text(field: Field, value: object, database: Database) -> str:
    """Return how the database itself writes `value`."""
    match value:
        case Decimal() if database == "sqlite":
            return str(int(value.scaleb(field.scale or 0)))
        case Decimal():
            return f"{value:f}"
        case datetime() if database == "sqlite":
            return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
        case datetime():
            return value.astimezone(UTC).isoformat(sep=" ")
        case time() if database == "sqlite":
            return value.strftime("%H:%M:%S.%f")
        case UUID() if database == "sqlite":
            return value.hex
    return str(value)


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
