"""The table of a resource, as migrations create, change and drop it."""

import json
from collections.abc import Iterable
from dataclasses import dataclass

from fastgen.fields.model import Field
from fastgen.slices import columns, enum_checks
from fastgen.slices.column_sets import OWNER, uniques
from fastgen.slices.database_names import cut
from fastgen.slices.indexes import Index, indexes
from fastgen.slices.relations import Relation, relations
from fastgen.slices.resource import Resource, World


@dataclass(frozen=True, slots=True)
class Constraint:
    """A constraint, as part of `create_table` and as an operation on an existing table."""

    name: str
    kind: str
    in_table: str
    arguments: str
    # The table that a foreign key refers to.
    refers: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """The source texts of a table that a migration needs."""

    columns: list[str]
    constraints: list[Constraint]
    indexes: list[Index]


def table(resource: Resource, world: World) -> Table:
    """Return the table of `resource`."""
    fields = resource.fields
    related = {relation.column: relation for relation in relations(resource, world)}
    key = cut(f"pk_{resource.names.table}", world.database)
    return Table(
        columns=[
            f'sa.Column("id", {world.database.key}, nullable=False)',
            *([f'sa.Column("{OWNER}", {world.database.key}, nullable=False)'] * resource.owned),
            *(column.migration for column in columns.columns(resource, world)),
            'sa.Column("created_at", sa.DateTime(timezone=True), nullable=False)',
            'sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False)',
        ],
        constraints=[
            *([_owner_key(resource, world)] if resource.owned else []),
            *checks(resource, fields, world),
            *(_foreign_key(resource, related[f.column], world) for f in fields if f.target),
            *(_unique(resource, names, world) for names in uniques(resource)),
            Constraint(key, "primary", f'sa.PrimaryKeyConstraint("id", name=op.f("{key}"))', ""),
        ],
        indexes=indexes(resource, world),
    )


def checks(resource: Resource, fields: Iterable[Field], world: World) -> list[Constraint]:
    """Return the check constraints of the enums among `fields`."""
    found = []
    for field in fields:
        if field.values:
            name = enum_checks.name(field, resource, world)
            values = ", ".join(f"'{value}'" for value in field.values)
            # Quoted, as it may be an SQL keyword.
            condition = json.dumps(f'"{field.column}" IN ({values})')
            text = f'sa.CheckConstraint({condition}, name=op.f("{name}"))'
            found.append(Constraint(name, "check", text, condition))
    return found


def _owner_key(resource: Resource, world: World) -> Constraint:
    return _key(resource, OWNER, ("users", "CASCADE"), world)


def _foreign_key(resource: Resource, relation: Relation, world: World) -> Constraint:
    return _key(resource, relation.column, (relation.target.table, relation.action), world)


def _key(resource: Resource, column: str, refers: tuple[str, str], world: World) -> Constraint:
    target, action = refers
    name = cut(f"fk_{resource.names.table}_{column}_{target}", world.database)
    ondelete = f', ondelete="{action}"'
    return Constraint(
        name,
        "foreignkey",
        f'sa.ForeignKeyConstraint(["{column}"], ["{target}.id"], name=op.f("{name}"){ondelete})',
        f'"{target}", ["{column}"], ["id"]{ondelete}',
        target,
    )


def _unique(resource: Resource, names: tuple[str, ...], world: World) -> Constraint:
    name = cut(f"uq_{resource.names.table}_{'_'.join(names)}", world.database)
    listed = ", ".join(f'"{column}"' for column in names)
    text = f'sa.UniqueConstraint({listed}, name=op.f("{name}"))'
    return Constraint(name, "unique", text, f"[{listed}]")
