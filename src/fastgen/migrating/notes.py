"""Notes on what people should know before a migration runs."""

import json
from collections.abc import Iterator

from fastgen.databases import Database
from fastgen.fields.types import type_of
from fastgen.migrating import conversions
from fastgen.migrating.difference import Note
from fastgen.migrating.operations import (
    AlterColumn,
    CreateConstraint,
    CreateIndex,
    Operation,
    Refuse,
)
from fastgen.migrating.ways import Way


def notes(
    up: Way, down: Way, operations: tuple[Operation, ...], database: Database
) -> Iterator[Note]:
    """Yield the notes on the upgrade, which has these `operations`, and on the downgrade."""
    yield from (Note("gone", text) for text in _gone(up))
    yield from (Note("rows", text) for text in _rows(up, operations))
    # Where tables are copied, writers wait for each other anyway.
    if not database.copies:
        yield from (Note("locks", text) for text in _locks(up, operations, database))
    yield from (Note("release", text) for text in _release(up))
    yield from (Note("downgrade", text) for text in _downgrade(down))


def _gone(way: Way) -> Iterator[str]:
    for name in way.gone:
        yield f"{way.start.table}.{name} is dropped with all its values"
    for name, old, _ in way.stay:
        if loses := way.conversions[name].loses:
            yield f"values of {way.start.table}.{old.name} lose {loses}"


def _rows(way: Way, operations: tuple[Operation, ...]) -> Iterator[str]:
    for name, old, _ in way.stay:
        conversion = way.conversions[name]
        if conversion.breaks:
            # With the old names of the table and the column.
            condition = conversion.breaks.replace("{c}", f'"{old.name}"')
            found = Refuse(way.start.table, condition, "").select
            yield f"the migration stops if {old.name} has {conversion.told}; {found} finds the rows"
    names = {now: name for name, now in way.columns.items()}
    for one in operations:
        if isinstance(one, CreateConstraint) and one.constraint.kind == "unique":
            columns = json.loads(one.constraint.arguments)
            if set(columns) <= set(names) and not _was_unique(way, one.constraint.name):
                listed = ", ".join(f'"{names[column]}"' for column in columns)
                select = f'SELECT {listed} FROM "{way.start.table}" GROUP BY {listed}'
                yield (
                    f"the migration fails if rows have the same {' and '.join(columns)}; "
                    f"{select} HAVING count(*) > 1 finds them"
                )


def _was_unique(way: Way, name: str) -> bool:
    return any(one.name == name for one in way.middle.constraints)


def _locks(way: Way, operations: tuple[Operation, ...], database: Database) -> Iterator[str]:
    table = way.table
    rewritten = [name for name, _, _ in way.stay if _is_rewritten(way, name, database)]
    if rewritten:
        told = " and ".join(rewritten)
        yield f"the change of {told} rewrites {table}: reads and writes wait meanwhile"
    elif any(isinstance(one, AlterColumn) and one.nullable is False for one in operations):
        yield f"all rows of {table} are checked for null: reads and writes wait meanwhile"
    if way.fills:
        yield f"rows of {table} get a value for {' and '.join(way.fills)} in one statement"
    kinds = (CreateConstraint, CreateIndex)
    if any(isinstance(one, kinds) for one in operations):
        yield f"writes to {table} wait while constraints are checked and indexes are built"


def _is_rewritten(way: Way, name: str, database: Database) -> bool:
    old, new, conversion = way.before(name), way.field(name), way.conversions[name]
    kinds = [type_of(field).migration_column(field, database) for field in (old, new)]
    if kinds[0] == kinds[1]:
        return False
    if conversion.expression or type_of(new).storage != type_of(old).storage:
        return True
    if type_of(new).storage == "text":
        before, after = (conversions.length(field, database) for field in (old, new))
        return after is not None and (before is None or after < before)
    wider = old.precision and (new.precision or 0) >= old.precision and new.scale == old.scale
    return not wider


def _release(way: Way) -> Iterator[str]:
    tables = (way.start.table, way.end.table)
    broken = [
        *([f"the table {tables[0]} is renamed"] if tables[0] != tables[1] else []),
        *(f"{name} is dropped" for name in way.gone),
        *(f"{old} is renamed" for old, now in way.columns.items() if old != now),
        *_retyped(way),
        *(f"{name} is required" for name in _required(way)),
    ]
    if broken:
        yield (
            f"{', '.join(broken)}: the previous release fails on this while it "
            "still runs; first deploy one that works with both"
        )


def _retyped(way: Way) -> Iterator[str]:
    for name, old, _ in way.stay:
        if type_of(way.before(name)).storage != type_of(way.field(name)).storage:
            yield f"{old.name} changes its type"
        elif way.conversions[name].expression:
            yield f"{old.name} changes its values"


def _required(way: Way) -> Iterator[str]:
    yield from (old.name for _, old, new in way.stay if old.nullable and not new.nullable)
    for name in way.come:
        column = way.end.columns[name]
        if not column.nullable and not column.server_default:
            yield name


def _downgrade(way: Way) -> Iterator[str]:
    for name in way.come:
        value = way.fills.get(name, way.end.columns[name].server_default or "null")
        told = "the first row" if value.startswith("(SELECT") else value
        yield f"after a downgrade, {name} is {told} in all rows"
        if type_of(way.field(name)).is_unique(way.field(name)) and value != "null":
            yield f"the downgrade fails if there is more than one row, as {name} is unique"
    for name, old, new in way.stay:
        conversion = way.conversions[name]
        if conversion.breaks:
            yield f"the downgrade fails while {old.name} has {conversion.told}"
        if conversion.loses:
            yield f"in a downgrade, values of {old.name} lose {conversion.loses}"
        if old.nullable and not new.nullable and name not in way.fills:
            yield f"the downgrade fails while rows have no {name}"
