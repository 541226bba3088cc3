"""The source of a migration of one or several tables."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from fastgen.errors import raise_all
from fastgen.migrating.difference import Difference
from fastgen.migrating.operations import (
    CreateIndex,
    CreateTable,
    DropTable,
    Operation,
    Refuse,
    RenameSequence,
    RenameTable,
)
from fastgen.slices.indexes import Index
from fastgen.slices.migration import Rendered, frame
from fastgen.slices.render import Renderer
from fastgen.slices.tables import Table

TEMPLATE = "change_migration.py"
# Others refer to a table by its new name; new tables are referred to, and those that go no longer.
FIRST, CREATED, CHANGED, DROPPED = range(4)


@dataclass(frozen=True)
class Block:
    """A part of `upgrade` or `downgrade`: a table that comes or goes, a batch, or a statement."""

    kind: str
    table: str
    lines: tuple[str, ...] = ()
    whole: Table | None = None


@dataclass(frozen=True)
class Direction:
    """What `upgrade` or `downgrade` does."""

    blocks: list[Block]
    # The search indexes of tables that exist.
    indexes: list[Index]
    # Whether it has to wait for those who use a table.
    waits: bool


def render(
    renderer: Renderer, differences: Sequence[Difference], title: str, down_revision: str | None
) -> Rendered:
    """Return the unformatted migration of `differences`, parents first, after `down_revision`.

    Raises `Refused` or `Several` when they have mistakes.
    """
    raise_all([mistake for one in differences for mistake in one.mistakes])
    waits = any(one.database.waits for one in differences)
    up = _direction((one.operations for one in differences), waits=waits)
    down = _direction((one.reverse for one in reversed(differences)), waits=waits)
    content = f"{title} {[one.operations for one in differences]}"
    given = frame(title, down_revision, content) | {
        "title": title,
        "up": up,
        "down": down,
        "refuses": any(
            isinstance(operation, Refuse)
            for one in differences
            for operation in (*one.operations, *one.reverse)
        ),
    }
    return renderer.revision(TEMPLATE, given)


def _direction(found: Iterable[Sequence[Operation]], *, waits: bool) -> Direction:
    ordered = sorted((one for operations in found for one in operations), key=_turn)
    changed = [one for one in ordered if not isinstance(one, CreateTable | DropTable)]
    indexes = [one.index for one in changed if isinstance(one, CreateIndex)]
    searches = [one for one in indexes if one.for_search]
    return Direction(list(_blocks(ordered)), searches, waits and bool(changed))


def _turn(operation: Operation) -> int:
    match operation:
        case RenameTable() | RenameSequence():
            return FIRST
        case CreateTable():
            return CREATED
        case DropTable():
            return DROPPED
    return CHANGED


def _blocks(operations: Iterable[Operation]) -> Iterator[Block]:
    table, lines = "", []
    for one in operations:
        if lines and not (one.batched and one.table == table):
            yield Block("batch", table, tuple(lines))
            lines = []
        if one.batched:
            table = one.table
            lines.append(one.code)
        else:
            yield _block(one)
    if lines:
        yield Block("batch", table, tuple(lines))


def _block(operation: Operation) -> Block:
    match operation:
        case CreateTable(table, whole):
            return Block("create", table, whole=whole)
        case DropTable(table, whole):
            return Block("drop", table, whole=whole)
    return Block("statement", operation.table, tuple(operation.code.splitlines()))
