"""The types of a field in the schemas: constraints and documentation."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from fastgen.fields.model import Field
from fastgen.fields.types import type_of
from fastgen.names import attributes
from fastgen.slices.class_names import alias_name, enum_name
from fastgen.slices.resource import Resource
from fastgen.slices.values import default_value, has_default
from fastgen.slices.variables import article


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
    type_ = type_of(field)
    limits = [f"{name}={value}" for name, value in type_.constraints(field).items() if value]
    settings = [*limits, *_documentation(field, resource, examples)]
    parts = [*_base(field, resource), f"Field({', '.join(settings)})", *type_.last(field)]
    name, text = alias_name(field, resource), f"Annotated[{', '.join(parts)}]"
    return Alias(name, f'TypeAliasType("{name}", {text})' if type_.component else text)


def _base(field: Field, resource: Resource) -> list[str]:
    return type_of(field).base(field, enum_name(field, resource))


def _is_plain(field: Field, resource: Resource) -> bool:
    return type_of(field).plain and not describe(field, resource)


def response_type(field: Field, resource: Resource) -> str:
    """Return the type of `field` in responses."""
    kind = type_of(field).response(field, enum_name(field, resource))
    return f"{kind} | None" if field.optional else kind


def _documentation(field: Field, resource: Resource, examples: Sequence[object]) -> list[str]:
    found = []
    description = describe(field, resource)
    if description:
        found.append(f"description={json.dumps(description, ensure_ascii=False)}")
    if examples:
        found.append(f"examples={list(examples[:1])!r}")
    return [*found, *type_of(field).schema_extra(field)]


def describe(field: Field, resource: Resource) -> str:
    """Return a description of what the type of `field` does not express; may be empty."""
    said = [
        f"the id of {article(field.target.replace('_', ' '))}" if field.target else "",
        *type_of(field).described(field),
    ]
    if type_of(field).is_unique(field):
        whose = f"your {resource.names.labels}" if resource.owned else resource.names.labels
        said.append(f"unique among {whose}")
    if field.writeonly:
        said.append("never shown")
    sentence = "; ".join(filter(None, said))
    return sentence[:1].upper() + sentence[1:]


def create_told(resource: Resource) -> str:
    """Return a description of what may not be created twice; may be empty."""
    if not resource.unique:
        return ""
    whose = "of your " if resource.owned else ""
    found = [_together(resource, names) for names in resource.unique]
    return f"No two {whose}{resource.names.labels} have the same {', or '.join(found)}."


def _together(resource: Resource, names: tuple[str, ...]) -> str:
    *first, last = [field for name in names for field in resource.fields if field.name == name]
    null = (
        " (null is never equal to null)" if any(field.optional for field in (*first, last)) else ""
    )
    return f"{', '.join(field.column for field in first)} and {last.column}{null}"


def create_line(field: Field, resource: Resource) -> str:
    """Return the line of `field` in the schema for creating."""
    name = type_name(field, resource)
    if has_default(field):
        kind = f"{name} | None" if field.optional else name
        default = _default(field, resource)
        return f"{sent_as(field.column, kind)} = {default}"
    return _nullable_line(field, name) if field.optional else sent_as(field.column, name)


def _default(field: Field, resource: Resource) -> str:
    type_ = type_of(field)
    if made := type_.computed(field):
        left_out = f"{type_.computed_told} if left out"
        told = "; ".join(filter(None, [describe(field, resource), left_out]))
        sentence = json.dumps(told[:1].upper() + told[1:], ensure_ascii=False)
        return f"Field(default_factory={made}, description={sentence})"
    return type_.create_default(field, default_value(field), enum_name(field, resource))


def update_line(field: Field, resource: Resource) -> str:
    """Return the line of `field` in the schema for updating."""
    name = type_name(field, resource)
    if field.optional:
        return _nullable_line(field, name)
    return f"{sent_as(field.column, name)} = omittable()"


def _nullable_line(field: Field, name: str) -> str:
    # The documentation would otherwise send the least id, of which there may be no row.
    default = "Field(default=None, examples=[None])" if field.target else "None"
    return f"{sent_as(field.column, f'{name} | None')} = {default}"


def documented_response_line(field: Field, resource: Resource, examples: Sequence[object]) -> str:
    """Return the line of `field` in the schema of responses, with an example."""
    line = response_line(field, resource)
    return f"{line} = Field(examples={list(examples[:1])!r})" if examples else line


def response_line(field: Field, resource: Resource) -> str:
    """Return the line of `field` in the schema of responses."""
    kind = response_type(field, resource)
    if field.attribute == field.column:
        return f"{field.column}: {kind}"
    return f'{field.attribute}: Annotated[{kind}, Field(serialization_alias="{field.column}")]'


def sent_as(name: str, kind: str) -> str:
    """Return the attribute of a schema for what clients send as `name`, without its default."""
    attribute = attributes.of_column(name)
    if attribute == name:
        return f"{name}: {kind}"
    return f'{attribute}: Annotated[{kind}, Field(alias="{name}")]'
