"""What the type of a field is in bodies, queries and answers, but for its limits."""

from fastgen.fields.model import Field
from fastgen.slices.class_names import enum_name
from fastgen.slices.columns import python_type
from fastgen.slices.resource import Resource

BODY_TYPES = {
    "str": "SingleLineStr", "text": "MultiLineStr", "email": "Email", "url": "Url",
    "bool": "StrictBool", "int": "StrictInt", "bigint": "StrictInt", "ref": "StrictInt",
    "float": "FiniteFloat", "decimal": "Decimal", "date": "dt.date", "datetime": "UtcDatetime",
    "time": "dt.time", "uuid": "UUID", "json": "Document",
}  # fmt: skip
# The last parts of `Annotated`, as the limits before them are checked first.
MARKS = {"date": "IsoDate", "time": "LocalTime"}
QUERY_TYPES = {**BODY_TYPES, "bool": "bool", "int": "int", "bigint": "int", "ref": "int"}
RESPONSE_TYPES = {
    "decimal": "DecimalStr", "json": "JsonValue", "time": "Annotated[dt.time, LocalTime]",
}  # fmt: skip
# As JSON Schema can express it: readers of the document may read numbers as floats, like 2**63.
RANGES = {
    "int": ("-(2**31)", "2**31"),
    "bigint": ("-(2**63)", "2**63"),
    "ref": ("1", "2**63"),
}


def base(field: Field, resource: Resource) -> list[str]:
    """Return the type of `field`, and the parts of `Annotated` before its limits."""
    if field.type == "enum":
        return [enum_name(field, resource)]
    if field.type == "list":
        return [f"list[{_item(field.item or 'str')}]"]
    if field.type == "float":
        return ["FiniteFloat", "Strict()"]
    if field.type == "datetime" and _is_limited(field):
        return ["dt.datetime"]
    if field.pattern is not None:
        return ["str", "StringConstraints(strip_whitespace=True)"]
    return [BODY_TYPES[field.type]]


def last(field: Field) -> list[str]:
    """Return the parts of `Annotated` after the limits of `field`."""
    if field.type == "decimal":
        return [_fixed_point(field)]
    if field.type == "datetime":
        return ["ToUtc"] if _is_limited(field) else []
    if field.pattern is not None:
        lines = {"str": "single_line", "text": "multi_line"}
        return [f"AfterValidator({lines[field.type]})"]
    if field.type == "json" and field.max is not None:
        return [f"max_bytes({field.max})"]
    if field.type == "list" and field.unique:
        return ["AfterValidator(distinct)"]
    return [MARKS[field.type]] if field.type in MARKS else []


def _is_limited(field: Field) -> bool:
    return any(limit is not None for limit in (field.gt, field.ge, field.lt, field.le))


def _fixed_point(field: Field) -> str:
    return f"FixedPoint({field.precision}, {field.scale})"


def _item(kind: str) -> str:
    base = BODY_TYPES[kind]
    match kind:
        case "str":
            return f"Annotated[{base}, Field(min_length=1, max_length=255)]"
        case "int" | "bigint":
            return f"Annotated[{base}, {_range(kind)}]"
        case "float":
            return "ListedFloat"
        case "date" | "time":
            return f"Annotated[{base}, {MARKS[kind]}]"
    return base


def _range(kind: str) -> str:
    first, end = RANGES[kind]
    return f"Field(ge={first}, lt={end})"


def query_type(field: Field, resource: Resource) -> str:
    """Return the type of a filter by `field`, which is sent as text."""
    base = QUERY_TYPES.get(field.type, "")
    match field.type:
        case "enum":
            return enum_name(field, resource)
        case "int" | "bigint" | "ref":
            return f"Annotated[{base}, {_range(field.type)}]"
        case "decimal":
            return f"Annotated[{base}, {_fixed_point(field)}]"
        case "date" | "time":
            return f"Annotated[{base}, {MARKS[field.type]}]"
    return base


def response_type(field: Field, resource: Resource) -> str:
    """Return the type of `field` in responses."""
    kind = RESPONSE_TYPES.get(field.type, python_type(field, resource))
    if field.item in RESPONSE_TYPES:
        kind = f"list[{RESPONSE_TYPES[field.item]}]"
    return f"{kind} | None" if field.optional else kind
