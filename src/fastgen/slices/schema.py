"""The types of a field in the schemas: constraints and documentation."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from fastgen.fields.model import Field
from fastgen.fields.values import write
from fastgen.slices.class_names import alias_name
from fastgen.slices.field_types import RANGES, base, last
from fastgen.slices.resource import Resource
from fastgen.slices.values import default_literal, default_value, factory, has_default, literal
from fastgen.slices.variables import article

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
    return base(field, resource)[0] if plain else alias_name(field, resource)


def alias(field: Field, resource: Resource, examples: Sequence[object]) -> Alias | None:
    """Return the alias for the type of `field` in bodies, with constraints, examples, description.

    Returns None for a type that has none of these.
    """
    if _is_plain(field, resource):
        return None
    settings = [*_constraints(field), *_documentation(field, resource, examples)]
    parts = [*base(field, resource), f"Field({', '.join(settings)})", *last(field)]
    name, text = alias_name(field, resource), f"Annotated[{', '.join(parts)}]"
    # The schema of a decimal is long, so it becomes a component of the document.
    return Alias(name, f'TypeAliasType("{name}", {text})' if field.type == "decimal" else text)


def _is_plain(field: Field, resource: Resource) -> bool:
    return field.type in PLAIN and not describe(field, resource)


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
