"""Tables as they are before, between and after: old, with new names only, and new."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from fastgen.fields.model import Field
from fastgen.slices import column_sets, columns, enum_checks, tables
from fastgen.slices.column_sets import OWNER
from fastgen.slices.columns import Column
from fastgen.slices.indexes import Index
from fastgen.slices.resource import USER, Resource, World
from fastgen.slices.tables import Constraint

OWNER_NAME = "owner"
OWNER_FIELD = Field(OWNER_NAME, "ref", target=USER, ondelete="cascade")
DROPPED = "_dropped"
ID = "_id"

Pairs = list[tuple[Field, Field]]


@dataclass(frozen=True)
class Shape:
    """The table of a resource."""

    resource: Resource
    columns: Mapping[str, Column]
    fields: Mapping[str, Field]
    whole: tables.Table

    @property
    def table(self) -> str:
        """Its name."""
        return self.resource.names.table

    @property
    def constraints(self) -> list[Constraint]:
        """Its constraints."""
        return self.whole.constraints

    @property
    def indexes(self) -> list[Index]:
        """Its indexes."""
        return self.whole.indexes


def shape(resource: Resource, world: World) -> Shape:
    """Return the table of `resource`; its owner counts as a field."""
    owner = Column(OWNER, "int", "", world.database.key, None, nullable=False)
    owners = {OWNER: owner} if resource.owned else {}
    return Shape(
        resource,
        owners | {one.name: one for one in columns.columns(resource, world)},
        dict.fromkeys(owners, OWNER_FIELD) | {one.column: one for one in resource.fields},
        tables.table(resource, world),
    )


def matched(old: Resource, new: Resource, renamed: Mapping[str, str]) -> Pairs:
    """Return the fields of `old` that `new` still has, each with its field in `new`."""
    found = [(one, other) for one in old.fields if (other := _match(one, new, renamed))]
    if old.owned and new.owned:
        found.append((OWNER_FIELD, OWNER_FIELD))
    return found


def _match(field: Field, new: Resource, renamed: Mapping[str, str]) -> Field | None:
    name = renamed.get(field.name, renamed.get(field.column))
    if name is not None:
        return next((one for one in new.fields if name in {one.name, one.column}), None)
    taken = set(renamed.values())
    free = [one for one in new.fields if not taken & {one.name, one.column}]
    by_column = (one for one in free if one.column == field.column)
    by_name = (one for one in free if one.name == field.name)
    return next(by_column, next(by_name, None))


def with_names(
    old: Resource, new: Resource, pairs: Pairs, resources: Mapping[str, str]
) -> Resource:
    """Return `old` with the names of `new`, and with its fields called as there."""
    called = {one.column: other.column for one, other in pairs}
    taken = {one.column for one in new.fields}
    fields = []
    names: dict[str, str] = {}
    for field in old.fields:
        if field.column in called:
            column = called[field.column]
        else:
            column = f"{field.column}{DROPPED * (field.column in taken)}"
        name = column.removesuffix(ID) if field.target else column
        target = resources.get(field.target, field.target) if field.target else None
        fields.append(replace(field, name=name, target=target))
        names[field.name] = name
    return column_sets.renamed(replace(old, names=new.names, fields=tuple(fields)), names)


def renamed_world(
    middle: Resource,
    before: World,
    after: World,
    resources: Mapping[str, str],
    kept: tuple[str, ...],
) -> World:
    """Return `before` with the names of `after`, around `middle`."""
    found = {}
    for name, resource in before.resources.items():
        now = resources.get(name, name)
        there = after.resources.get(now, resource)
        found[now] = replace(resource, names=there.names)
    found[middle.names.singular] = middle
    return World(after.database, found, kept)


def kept_checks(old: Resource, new: Resource, pairs: Pairs, before: World) -> tuple[str, ...]:
    """Return the names of the checks that stay; older migrations may have other names for them."""
    if old.names.table != new.names.table:
        return ()
    return tuple(_kept_checks(old, pairs, before))


def _kept_checks(old: Resource, pairs: Pairs, before: World) -> Iterator[str]:
    for one, other in pairs:
        if one.values and one.values == other.values and one.column == other.column:
            yield enum_checks.name(one, old, before)
