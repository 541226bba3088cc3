"""The unique constraints and indexes over several columns, from names of fields to columns."""

from collections.abc import Collection, Mapping
from dataclasses import replace

from fastgen.fields.model import Field
from fastgen.fields.types import type_of
from fastgen.slices.resource import Resource

OWNER_NAME = "owner"
OWNER = f"{OWNER_NAME}_id"
TIMES = ("created_at", "updated_at")

Columns = tuple[str, ...]


def columns(resource: Resource) -> dict[str, str]:
    """Return the column of each name that a set of `resource` may contain."""
    owner = {OWNER_NAME: OWNER} if resource.owned else {}
    return (
        {field.name: field.column for field in resource.fields}
        | owner
        | {time: time for time in TIMES}
    )


def without(resource: Resource, fields: Collection[Field]) -> Resource:
    """Return `resource` without `fields` and the sets that they are part of."""
    left = replace(resource, fields=tuple(one for one in resource.fields if one not in fields))
    known = columns(left)
    return replace(
        left,
        unique=tuple(names for names in left.unique if {*names} <= known.keys()),
        index=tuple(names for names in left.index if {*names} <= known.keys()),
    )


def renamed(resource: Resource, names: Mapping[str, str]) -> Resource:
    """Return `resource` with sets that call fields as `names` says."""

    def called(sets: tuple[Columns, ...]) -> tuple[Columns, ...]:
        return tuple(tuple(names.get(name, name) for name in one) for one in sets)

    return replace(resource, unique=called(resource.unique), index=called(resource.index))


def unique_together(resource: Resource) -> list[Columns]:
    """Return the columns of each unique constraint over several fields, the owner first."""
    return [(*_owner(resource), *found) for found in _resolved(resource, resource.unique)]


def uniques(resource: Resource) -> list[Columns]:
    """Return the columns of each unique constraint, the owner first."""
    alone = [f.column for f in resource.fields if type_of(f).is_unique(f)]
    return [*((*_owner(resource), column) for column in alone), *unique_together(resource)]


def indexed_together(resource: Resource) -> list[Columns]:
    """Return the columns of each index over several columns."""
    return _resolved(resource, resource.index)


def _resolved(resource: Resource, sets: Collection[Columns]) -> list[Columns]:
    known = columns(resource) if sets else {}
    return [tuple(known[name] for name in names) for names in sets]


def _owner(resource: Resource) -> Columns:
    return (OWNER,) if resource.owned else ()
