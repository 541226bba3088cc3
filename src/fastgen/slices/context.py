"""All that the templates of a slice are given, so that they hold no logic of their own."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fastgen.fields.model import Field
from fastgen.names import Names
from fastgen.slices import columns, filters, schema
from fastgen.slices.cases import Cases
from fastgen.slices.relations import Relation, relations
from fastgen.slices.resource import USER, Resource, World


@dataclass(frozen=True, slots=True)
class Member:
    """A member of an enum."""

    name: str
    value: str


def build(resource: Resource, world: World) -> Mapping[str, Any]:
    """Return the context of the slice of `resource`; raises `NoSample`."""
    names, cases = resource.names, Cases(resource)
    related = relations(resource, world)
    sent = [field for field in resource.fields if not field.readonly]
    return {
        "names": names,
        "a_label": with_article(names.label),
        "access": resource.access,
        "owned": resource.owned,
        "database": world.database,
        "table": names.table,
        "enums": enums(resource),
        "columns": [columns.column(field, resource, world.database) for field in resource.fields],
        "relations": related,
        "relation_of": {relation.column: relation for relation in related},
        "uniques": uniques(resource),
        "aliases": [
            alias for f in sent if (alias := schema.alias(f, resource, examples(f, cases)))
        ],
        "create_lines": [schema.create_line(field, resource) for field in sent],
        "update_lines": [schema.update_line(field, resource) for field in sent],
        "response_lines": [
            f"{field.column}: {schema.response_type(field, resource)}"
            for field in resource.fields
            if not field.writeonly
        ],
        "sorts": ["id", *(f.column for f in resource.fields if f.sort), "created_at", "updated_at"],
        "filters": [
            {
                "parameter": one.parameter,
                "type": schema.query_type(field, resource),
                "condition": f"{names.cls}.{field.column} {one.operator} wanted.{one.parameter}",
            }
            for field in resource.fields
            if field.filter
            for one in filters.of(field)
        ],
        "searched": [field.name for field in resource.fields if field.search],
        "guarded": any(relation.guarded for relation in related),
        "caller": any(relation.guarded for relation in related) and not resource.owned,
        "cases": cases,
        "writer": _writer(resource),
        "readonly": [field.column for field in resource.fields if field.readonly],
        "writeonly": [field.column for field in resource.fields if field.writeonly],
    }


def examples(field: Field, cases: Cases) -> tuple[object, ...]:
    """Return what is shown as examples of `field`."""
    return () if field.type in {"ref", "bool", "enum"} else cases.of(field).valid


def enums(resource: Resource) -> list[dict[str, object]]:
    """Return the enums that the fields of `resource` need."""
    return [
        {
            "name": columns.enum_name(field, resource),
            "members": [Member(columns.member(value), value) for value in field.values],
        }
        for field in resource.fields
        if field.type == "enum"
    ]


def uniques(resource: Resource) -> list[list[str]]:
    """Return the columns of each unique constraint."""
    owner = ["owner_id"] if resource.owned else []
    return [
        [*owner, field.column] for field in resource.fields if field.unique and field.type != "list"
    ]


def with_article(label: str) -> str:
    """Return `an item`, `a category`."""
    return f"{'an' if label[0] in 'aeiou' else 'a'} {label}"


def _writer(resource: Resource) -> str:
    """Return which account of the tests writes: only administrators may name other users."""
    names_others = any(field.target == USER and field.unique for field in resource.fields)
    return "admin" if resource.access == "admin" or names_others else "alice"


__all__ = ["Names", "Relation", "build", "with_article"]
