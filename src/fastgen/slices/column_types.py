"""The type of a field's column, in the model and in the migrations."""

from fastgen.fields.grammar import LONGEST_EMAIL, LONGEST_URL
from fastgen.fields.model import Field
from fastgen.slices.class_names import enum_name
from fastgen.slices.enum_checks import label
from fastgen.slices.resource import Resource, World

ID = 'sa.BigInteger().with_variant(sa.Integer(), "sqlite")'
ENUM_LENGTH = 100
ANNOTATIONS = {
    "str": "str", "text": "str", "email": "str", "url": "str", "int": "int", "bigint": "int",
    "float": "float", "decimal": "Decimal", "bool": "bool", "date": "dt.date",
    "datetime": "dt.datetime", "time": "dt.time", "uuid": "UUID", "json": "Any", "ref": "int",
}  # fmt: skip
# Types that SQLAlchemy derives from the annotation.
OF_ANNOTATIONS = {
    "int": "sa.Integer()", "bool": "sa.Boolean()", "date": "sa.Date()",
    "datetime": "UtcDateTime()", "time": "sa.Time()", "uuid": "sa.Uuid()",
}  # fmt: skip


def beyond_annotation(field: Field, resource: Resource, world: World) -> str:
    """Return the type in the model if the annotation does not imply it, else `""`."""
    match field.type:
        case "enum":
            return f'text_enum({enum_name(field, resource)}, "{label(field, resource, world)}")'
        case "list":
            return f"ListOf({ANNOTATIONS[field.item or 'str']})"
        case "decimal":
            kind = "Exact" if world.database == "sqlite" else "sa.Numeric"
            return f"{kind}({field.precision}, {field.scale})"
        case "json":
            # Null is stored as SQL NULL, not as the JSON value.
            kind = "sa.JSON" if world.database == "sqlite" else "postgresql.JSONB"
            return f"{kind}(none_as_null=True)"
    texts = {
        "str": f"sa.String({field.length})",
        "email": f"sa.String({LONGEST_EMAIL})",
        "url": f"sa.String({LONGEST_URL})",
        "text": "sa.Text",
        "bigint": "sa.BigInteger",
        "float": "sa.Double",
    }
    return texts.get(field.type, "")


def whole(field: Field, resource: Resource, world: World) -> str:
    """Return the type in the model as an explicit expression."""
    known = beyond_annotation(field, resource, world) or OF_ANNOTATIONS[field.type]
    return known if known.endswith(")") else f"{known}()"


def in_migration(field: Field, world: World) -> str:
    """Return the type in a migration, which must not import the project's code."""
    match field.type:
        case "enum":
            return f"sa.String(length={ENUM_LENGTH})"
        case "json" | "list":
            return "sa.JSON()" if world.database == "sqlite" else "postgresql.JSONB()"
        case "decimal":
            return f"sa.Numeric({field.precision}, {field.scale})"
    types = {
        "str": f"sa.String(length={field.length})",
        "email": f"sa.String(length={LONGEST_EMAIL})",
        "url": f"sa.String(length={LONGEST_URL})",
        "text": "sa.Text()",
        "int": "sa.Integer()",
        "bigint": "sa.BigInteger()",
        "float": "sa.Double()",
        "bool": "sa.Boolean()",
        "date": "sa.Date()",
        "datetime": "sa.DateTime(timezone=True)",
        "time": "sa.Time()",
        "uuid": "sa.Uuid()",
        "ref": ID,
    }
    return types[field.type]
