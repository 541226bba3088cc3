"""The context for the templates of a slice, so that they need no logic."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fastgen.databases import DIALECTS
from fastgen.fields.model import Field
from fastgen.fields.types import type_of
from fastgen.fields.types.enums import constant
from fastgen.slices import column_sets, columns, filters, first_rows, indexes, schema, variables
from fastgen.slices.cases import Cases
from fastgen.slices.class_names import enum_name, sort_members
from fastgen.slices.guards import guards
from fastgen.slices.literals import literal
from fastgen.slices.reference_cases import reference_cases
from fastgen.slices.relations import relations
from fastgen.slices.resource import Resource, World
from fastgen.slices.unique_cases import unique_cases

# How many values of a field one request may filter by.
MOST_VALUES = 20


@dataclass(frozen=True, slots=True)
class Member:
    """A member of an enum."""

    name: str
    value: str


def build(resource: Resource, world: World) -> Mapping[str, Any]:
    """Return the context of the slice of `resource`; raises `InvalidField`."""
    first_rows.check(resource)
    return {
        **_names(resource, world),
        **_of_model(resource, world),
        **_of_schema(resource, Cases(resource)),
        **_of_service(resource, world),
        **_of_tests(resource, world),
    }


def of_account(resource: Resource, world: World) -> Mapping[str, Any]:
    """Return the context of the fields of accounts in the project's own files.

    Raises `InvalidField`.
    """
    cases = Cases(resource)
    columns = {field.column for field in resource.fields}
    return {
        **_names(resource, world),
        **_of_model(resource, world),
        **_of_schema(resource, cases),
        "response_lines": [
            schema.documented_response_line(field, resource, examples(field, cases))
            for field in resource.fields
            if not field.writeonly
        ],
        "literal": literal,
        "sent": [field.attribute for field in cases.sent],
        "secrets": [field.column for field in resource.fields if field.writeonly],
        "unique_columns": [f.column for f in cases.sent if type_of(f).is_unique(f)],
        "invalid": [one for one in cases.invalid if one.column in columns],
    }


def _names(resource: Resource, world: World) -> Mapping[str, Any]:
    names = resource.names
    return {
        "names": names,
        "cls": names.cls,
        "row": variables.one(names),
        "rows": variables.many(names),
        "a_label": variables.article(names.label),
        "reads": resource.rights.read,
        "writes": resource.rights.write,
        "owned": resource.owned,
        "database": world.database.name,
        "dialects": DIALECTS,
        "table": names.table,
    }


def _of_model(resource: Resource, world: World) -> Mapping[str, Any]:
    related = relations(resource, world)
    return {
        "enums": enums(resource),
        "columns": columns.columns(resource, world),
        "relations": related,
        "relation_of": {relation.column: relation for relation in related},
        "uniques": column_sets.uniques(resource),
        "indexes": indexes.indexes(resource, world),
        "indexed_alone": indexes.alone(resource),
    }


def _of_schema(resource: Resource, cases: Cases) -> Mapping[str, Any]:
    sent = [field for field in resource.fields if not field.readonly]
    sorts = ["created_at", *(field.column for field in resource.fields if field.sort)]
    aliases = (schema.alias(field, resource, examples(field, cases)) for field in sent)
    return {
        "cases": cases,
        "aliases": [alias for alias in aliases if alias],
        "create_told": schema.create_told(resource),
        "create_lines": [schema.create_line(field, resource) for field in sent],
        "update_lines": [schema.update_line(field, resource) for field in sent],
        "response_lines": [
            schema.response_line(field, resource)
            for field in resource.fields
            if not field.writeonly
        ],
        "sorts": sorts,
        "sort_members": sort_members(sorts),
        "filters": [
            schema.sent_as(one.parameter, f"{_filter_type(one, field, resource)} | None")
            for field in resource.fields
            for one in filters.of(field)
        ],
        "searched": [field.name for field in resource.fields if field.search],
    }


def _of_service(resource: Resource, world: World) -> Mapping[str, Any]:
    found = guards(resource, world)
    narrowings = filters.narrowings(resource, variables.many(resource.names).upper(), world)
    hint = world.database.range_hint
    return {
        "narrowings": narrowings,
        "hints": [one for one in narrowings if hint and one.condition.startswith(hint)],
        "guards": found,
        "renamed": [field for field in resource.fields if field.attribute != field.column],
        # Guards need the caller; the service of an owner has it already.
        "caller": any(guard.by_caller for guard in found) and not resource.owned,
        "models": sorted(
            {
                resource.names.cls,
                *(guard.target.cls for guard in found),
                *(["User"] if resource.owned or any(guard.by_caller for guard in found) else []),
            }
        ),
    }


def _filter_type(one: filters.Filter, field: Field, resource: Resource) -> str:
    if one.operator == filters.IS_NULL:
        return "bool"
    value = type_of(field).query(field, enum_name(field, resource))
    if one.operator == filters.EQUALITY:
        return f"Annotated[list[{value}], Field(max_length={MOST_VALUES})]"
    return value


def _of_tests(resource: Resource, world: World) -> Mapping[str, Any]:
    before = first_rows.first_rows(resource, world)
    cases = reference_cases(resource, world)
    accounts = first_rows.accounts(resource)
    imported = {
        *(making.imported for making in before),
        *(one for case in cases for one in case.imports),
    }
    return {
        "writer": first_rows.writer(resource, world),
        "first_rows": before,
        "needed": first_rows.references(resource, world),
        "account_of": accounts,
        "names_maker": any(making.by for making in before) or "by" in accounts.values(),
        "reference_cases": cases,
        "unique_cases": unique_cases(resource, world),
        "makers": sorted((module, name) for module, name in imported if name),
        "test_modules": sorted(module for module, name in imported if name is None),
        "unique_columns": [
            field.column
            for field in resource.fields
            if type_of(field).is_unique(field)
            and not field.readonly
            and not (field.target and field.optional)
        ],
        "readonly": [field.column for field in resource.fields if field.readonly],
        "writeonly": [field.column for field in resource.fields if field.writeonly],
    }


def examples(field: Field, cases: Cases) -> tuple[object, ...]:
    """Return the examples of `field` for the documentation."""
    return cases.of(field).valid if type_of(field).has_examples else ()


def enums(resource: Resource) -> list[dict[str, object]]:
    """Return the enums that the fields of `resource` need."""
    return [
        {
            "name": enum_name(field, resource),
            "members": [Member(constant(value), value) for value in field.values],
        }
        for field in resource.fields
        if field.values
    ]
