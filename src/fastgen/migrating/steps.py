"""The operations that change a table: PostgreSQL alters it, SQLite copies it."""

import dataclasses
import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from fastgen.databases import Database
from fastgen.migrating import ways
from fastgen.migrating.operations import (
    NO_DEFAULT,
    AddColumn,
    AlterColumn,
    CreateConstraint,
    CreateIndex,
    DropColumn,
    DropConstraint,
    DropIndex,
    Execute,
    Operation,
    RenameColumn,
    RenameConstraint,
    RenameIndex,
    RenameSequence,
    RenameTable,
)
from fastgen.migrating.ways import Part, Parts, Way
from fastgen.slices.indexes import Index
from fastgen.slices.tables import Constraint

OLD = "_old"


def steps(way: Way, database: Database) -> Iterator[Operation]:
    """Yield the operations for `database`."""
    return copied(way) if database.copies else altered(way)


def altered(way: Way) -> Iterator[Operation]:
    """Yield the operations for a database that alters tables as they are, as PostgreSQL does."""
    table = way.table
    if way.start.table != table:
        yield RenameTable(way.start.table, table)
        sequence = f'ALTER SEQUENCE IF EXISTS "{way.start.table}_id_seq"'
        yield RenameSequence(table, f'{sequence} RENAME TO "{table}_id_seq"')
    constraints, indexes = _constraints(way), _indexes(way)
    yield from (DropIndex(table, one) for one in indexes.dropped)
    yield from (DropConstraint(table, one) for one in constraints.dropped)
    drops = [DropColumn(table, name) for name in way.gone]
    yield from drops if way.early else ()
    yield from ways.column_renames(way, ())
    for one, now in constraints.kept:
        if one.name != now.name:
            names = f'"{one.name}" TO "{now.name}"'
            yield RenameConstraint(table, f'ALTER TABLE "{table}" RENAME CONSTRAINT {names}')
    for index, new in indexes.kept:
        if index.name != new.name:
            yield RenameIndex(table, f'ALTER INDEX "{index.name}" RENAME TO "{new.name}"')
    retyped = [name for name, old, new in way.stay if old.migration_type != new.migration_type]
    yield from _types(way, retyped)
    yield from ways.added(way)
    yield from ways.filled(way)
    yield from ways.nullable_and_default(way, (), retyped)
    yield from () if way.early else drops
    yield from (CreateConstraint(table, one) for one in constraints.created)
    yield from (CreateIndex(table, one) for one in indexes.created)


def _types(way: Way, retyped: list[str]) -> Iterator[Operation]:
    before = {way.conversions[name].before for name in retyped} - {""}
    yield from (Execute(way.table, one) for one in sorted(before))
    for name, old, new in way.stay:
        expression = way.conversions[name].expression
        value = (expression or "{c}").replace("{c}", f'"{name}"')
        if name in retyped:
            # A default is not converted.
            if old.server_default:
                yield AlterColumn(way.table, name, default=NO_DEFAULT)
            yield AlterColumn(way.table, name, type=new.migration_type, using=value)
        elif expression:
            yield Execute(way.table, f'UPDATE "{way.table}" SET "{name}" = {value}')


def copied(way: Way) -> Iterator[Operation]:
    """Yield the operations for a database that copies a table to change more than names: SQLite."""
    table = way.table
    if way.start.table != table:
        yield RenameTable(way.start.table, table)
    yield from ways.refused(way)
    replaced = _replaced(way)
    constraints = _made_anew(_constraints(way), lambda one: _touches(one, replaced))
    indexes = _made_anew(_indexes(way), lambda one: bool(replaced.keys() & set(one.columns)))
    yield from (DropIndex(table, one) for one in indexes.dropped)
    drops: list[Operation] = [DropConstraint(table, one) for one in constraints.dropped]
    drops += [DropColumn(table, name) for name in way.gone]
    yield from drops if way.early else ()
    yield from _values(way, replaced)
    yield from ways.column_renames(way, replaced)
    yield from ways.added(way)
    yield from ways.filled(way)
    yield from () if way.early else drops
    yield from (DropColumn(table, old) for old in replaced.values())
    for name, before, after in way.stay:
        if name not in replaced and before.migration_type != after.migration_type:
            yield AlterColumn(table, name, type=after.migration_type)
    yield from ways.nullable_and_default(way, replaced, ())
    yield from (CreateConstraint(table, one) for one in constraints.created)
    yield from (CreateIndex(table, one) for one in indexes.created)


def _replaced(way: Way) -> dict[str, str]:
    """Return the columns that get their values from an old one, with its name meanwhile."""
    taken = {*way.start.columns, *way.end.columns}
    found = {}
    for name, _, _ in way.stay:
        values = (way.before(name).values, way.field(name).values)
        # The old check would refuse a new value.
        checked = name in way.fills and values[0] and values[0] != values[1]
        if way.conversions[name].expression or checked:
            old = f"{name}{OLD}"
            while old in taken:
                old += "_"
            found[name] = old
    return found


def _values(way: Way, replaced: Mapping[str, str]) -> Iterator[Operation]:
    """Yield the statements that fill the `replaced` columns."""
    for name, before, after in way.stay:
        if name in replaced:
            old = f'"{replaced[name]}"'
            column = dataclasses.replace(after, server_default=None, nullable=True)
            value = (way.conversions[name].expression or "{c}").replace("{c}", old)
            only = f" WHERE {old} IS NOT NULL" if before.nullable else ""
            yield RenameColumn(way.table, before.name, replaced[name])
            yield AddColumn(way.table, column.migration)
            yield Execute(way.table, f'UPDATE "{way.table}" SET "{name}" = {value}{only}')


def _constraints(way: Way) -> Parts[Constraint]:
    return ways.parts(way.start.constraints, way.middle.constraints, way.end.constraints)


def _indexes(way: Way) -> Parts[Index]:
    return ways.parts(way.start.indexes, way.middle.indexes, way.end.indexes)


def _made_anew(found: Parts[Part], touched: Callable[[Part], bool]) -> Parts[Part]:
    """Return `found` with those dropped and created that have another name or are `touched`."""
    anew = [pair for pair in found.kept if pair[0].name != pair[1].name or touched(pair[1])]
    return Parts(
        dropped=found.dropped + [one for one, _ in anew],
        kept=[pair for pair in found.kept if pair not in anew],
        created=found.created + [now for _, now in anew],
    )


def _touches(constraint: Constraint, columns: Iterable[str]) -> bool:
    # In the condition of a check, the name is quoted once more.
    return any(re.search(rf'"{name}\\?"', constraint.in_table) for name in columns)
