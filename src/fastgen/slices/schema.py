"""The types of a field in the schemas: constraints and documentation."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from fastgen.fields.model import Field
from fastgen.fields.values import write
from fastgen.slices.class_names import alias_name, enum_name
from fastgen.slices.columns import python_type
from fastgen.slices.resource import Resource
from fastgen.slices.values import default_literal, default_value, factory, has_default, literal
from fastgen.slices.variables import article

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
TYPE_TOLD = {
    "decimal": "a decimal: as text it keeps all its digits",
    "datetime": "with a time zone; kept in UTC",
    "time": "without a time zone",
}
# Types that need no description.
PLAIN = {"bool", "enum"}


@dataclass(frozen=True, slots=True)
class Alias:
    """The named type of a field in the schemas."""

    name: str
    text: str


def type_name(field: Field, resource: Resource) -> str:
    """Return the name of the type of `field` in the schemas: an alias unless the type is plain."""
    plain = _is_plain(field, resource)
    return _base(field, resource)[0] if plain else alias_name(field, resource)


def alias(field: Field, resource: Resource, examples: Sequence[object]) -> Alias | None:
    """Return the alias for the type of `field` in bodies, with constraints, examples, description.

    Returns None for a type that has none of these.
    """
    if _is_plain(field, resource):
        return None
    settings = [*_constraints(field), *_documentation(field, resource, examples)]
    parts = [*_base(field, resource), f"Field({', '.join(settings)})", *_last(field)]
    name, text = alias_name(field, resource), f"Annotated[{', '.join(parts)}]"
    # The schema of a decimal is long, so it becomes a component of the document.
    return Alias(name, f'TypeAliasType("{name}", {text})' if field.type == "decimal" else text)


def _is_plain(field: Field, resource: Resource) -> bool:
    return field.type in PLAIN and not describe(field, resource)


def _base(field: Field, resource: Resource) -> list[str]:
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


def _last(field: Field) -> list[str]:
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


def _constraints(field: Field) -> list[str]:
    found = {
        # A body may have half a million invalid items, and each would be reported.
        "fail_fast": "True" if field.type == "list" else None,
        "min_length": field.shortest or None,
        "max_length": field.length if field.type == "str" else _most(field),
        "pattern": None if field.pattern is None else _raw(field.pattern),
        "gt": _bound(field.gt),
        "ge": _bound(field.ge),
        "lt": _bound(field.lt),
        "le": _bound(field.le),
    }
    if field.type in RANGES:
        first, end = RANGES[field.type]
        if field.gt is None and field.ge is None:
            found["ge"] = first
        if field.lt is None and field.le is None:
            found["lt"] = end
    return [f"{name}={value}" for name, value in found.items() if value is not None]


def _most(field: Field) -> int | None:
    # The size of a json value is not a length.
    return None if field.type == "json" else field.max


def _bound(value: object) -> str | None:
    if value is None:
        return None
    whole = isinstance(value, Decimal) and value == value.to_integral_value()
    return str(int(value)) if whole and isinstance(value, Decimal) else literal(value)


def _raw(pattern: str) -> str:
    quote = '"' if '"' not in pattern else "'"
    plain = not pattern.endswith("\\") and quote not in pattern
    return f"r{quote}{pattern}{quote}" if plain else repr(pattern)


def _documentation(field: Field, resource: Resource, examples: Sequence[object]) -> list[str]:
    found = []
    description = describe(field, resource)
    if description:
        found.append(f"description={json.dumps(description, ensure_ascii=False)}")
    if examples:
        found.append(f"examples={list(examples[:1])!r}")
    if field.type == "list" and field.unique:
        found.append('json_schema_extra={"uniqueItems": True}')
    return found


def describe(field: Field, resource: Resource) -> str:
    """Return a description of what the type of `field` does not express; may be empty."""
    said = [
        TYPE_TOLD.get(field.type, ""),
        f"the id of {article((field.target or '').replace('_', ' '))}" if field.target else "",
        _told_limits(field),
        f"at most {field.max} bytes" if field.type == "json" and field.max is not None else "",
    ]
    if field.unique and field.type != "list":
        whose = f"your {resource.names.labels}" if resource.owned else resource.names.labels
        said.append(f"unique among {whose}")
    if field.writeonly:
        said.append("never shown")
    sentence = "; ".join(filter(None, said))
    return sentence[:1].upper() + sentence[1:]


def _told_limits(field: Field) -> str:
    """Return the limits of times as text, as few documentation tools show them."""
    if field.type not in {"date", "datetime", "time"}:
        return ""
    limits = {"not before": field.ge, "after": field.gt, "before": field.lt, "not after": field.le}
    return ", ".join(
        f"{word} {write(limit)}" for word, limit in limits.items() if limit is not None
    )


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


def create_line(field: Field, resource: Resource) -> str:
    """Return the line of `field` in the schema for creating."""
    name = type_name(field, resource)
    if has_default(field):
        kind = f"{name} | None" if field.optional else name
        return f"{field.column}: {kind} = {_create_default(field, resource)}"
    if field.optional:
        return f"{field.column}: {name} | None = None"
    return f"{field.column}: {name}"


def _create_default(field: Field, resource: Resource) -> str:
    made = factory(field)
    if made and field.type == "json" and made.startswith("lambda"):
        if isinstance(default_value(field), list | dict):
            # `json.loads` returns Any; a literal does not match the nested type of JSON values.
            return f"Field(default_factory=lambda: json.loads({field.default!r}))"
        return default_literal(field, resource)
    return f"Field(default_factory={made})" if made else default_literal(field, resource)


def update_line(field: Field, resource: Resource) -> str:
    """Return the line of `field` in the schema for updating."""
    name = type_name(field, resource)
    if field.optional:
        return f"{field.column}: {name} | None = None"
    return f"{field.column}: {name} = omittable()"
