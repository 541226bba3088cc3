"""The source of a migration of one or several tables."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from fastgen.errors import raise_all
from fastgen.migrating.difference import Difference
from fastgen.migrating.operations import (
    AddColumn,
    CreateConstraint,
    CreateIndex,
    CreateTable,
    DropColumn,
    DropConstraint,
    DropIndex,
    DropTable,
    Operation,
    RenameColumn,
    RenameSequence,
    RenameTable,
)
from fastgen.slices.indexes import Index
from fastgen.slices.migration import Rendered, frame
from fastgen.slices.render import Renderer
from fastgen.slices.tables import Table

TEMPLATE = "migration.py"
# The order of operations: others refer to new names and to new tables, but not to dropped ones.
FIRST, CREATED, CHANGED, DROPPED = range(4)


@dataclass(frozen=True)
class Block:
    """A part of `upgrade` or `downgrade`: a created or dropped table, a batch, or a statement."""

    kind: str
    table: str
    lines: tuple[str, ...] = ()
    whole: Table | None = None


@dataclass(frozen=True)
class Copy:
    """A copy of a table: its name before, the columns that it lacks, and what goes with them."""

    table: str
    columns: set[str]
    known: set[str]

    @property
    def arguments(self) -> str:
        """The arguments of the check in the migration."""
        sets = [found for found in (self.columns, self.known) if self.columns and found]
        listed = (", ".join(f'"{name}"' for name in sorted(found)) for found in sets)
        return ", ".join([f'"{self.table}"', *(f"{{{names}}}" for names in listed)])


@dataclass(frozen=True)
class Direction:
    """The body of `upgrade` or `downgrade`."""

    blocks: list[Block]
    # The search indexes of tables that exist.
    indexes: list[Index]
    # Whether it changes tables that others may use.
    waits: bool
    # The tables that SQLite copies.
    copies: list[Copy]


def render(
    renderer: Renderer, differences: Sequence[Difference], title: str, down_revision: str | None
) -> Rendered:
    """Return the unformatted migration of `differences`, parents first, after `down_revision`.

    Raises `Refused` or `Several` when they have mistakes.
    """
    raise_all([mistake for one in differences for mistake in one.mistakes])
    database = differences[0].database
    copies = database.copies
    up = _direction([one.operations for one in differences], 1, copies=copies)
    down = _direction([one.reverse for one in differences], -1, copies=copies)
    content = f"{title} {[one.operations for one in differences]}"
    given = {"title": title, "up": up, "down": down, "database": database}
    return renderer.revision(TEMPLATE, frame(title, down_revision, content) | given)


def _direction(found: Sequence[Sequence[Operation]], way: int, *, copies: bool) -> Direction:
    """Return the body for tables, parents first; `way` is 1 for `upgrade`, -1 for `downgrade`."""
    placed = [(place, one) for place, operations in enumerate(found) for one in operations]
    changed = [one for _, one in placed if not isinstance(one, CreateTable | DropTable)]
    # SQLite takes a key to a table that does not exist yet.
    placed = placed if copies else list(_keys_apart(placed))
    ordered = [one for _, one in sorted(placed, key=lambda pair: _turn(pair[0], pair[1], way))]
    copied = dict.fromkeys(one.table for one in changed if _needs_copy(one))
    indexes = [one.index for one in changed if isinstance(one, CreateIndex)]
    return Direction(
        blocks=list(_blocks(ordered)),
        indexes=[one for one in indexes if one.for_search],
        waits=bool(changed),
        copies=[_copy(table, changed) for table in copied] if copies else [],
    )


def _keys_apart(placed: Sequence[tuple[int, Operation]]) -> Iterator[tuple[int, Operation]]:
    """Yield the operations, with keys to tables that are created later or dropped earlier apart.

    They are created after these tables, and dropped before them.
    """
    made = {one.table: place for place, one in placed if isinstance(one, CreateTable)}
    gone = {one.table: place for place, one in placed if isinstance(one, DropTable)}
    for place, one in placed:
        match one:
            case CreateTable(table, whole):
                later = [key for key in whole.constraints if made.get(key.refers, -1) > place]
                kept = [key for key in whole.constraints if key not in later]
                yield place, CreateTable(table, replace(whole, constraints=kept))
                yield from ((place, CreateConstraint(table, key)) for key in later)
            case DropTable(table, whole):
                first = [key for key in whole.constraints if gone.get(key.refers, -1) > place]
                yield from ((place, DropConstraint(table, key)) for key in first)
                yield place, one
            case _:
                yield place, one


def _copy(table: str, operations: Sequence[Operation]) -> Copy:
    """Return the copy of `table` that its `operations` make, and what it loses."""
    before, columns, known = {table: table}, dict[str, str](), set[str]()
    gone = set()
    for one in operations:
        match one:
            case RenameTable(old, new):
                before[new] = old
            case RenameColumn(of, old, new) if of == table:
                columns[new] = old
            case DropColumn(of, name) if of == table:
                gone.add(columns.get(name, name))
            case DropConstraint(of, dropped) | DropIndex(of, dropped) if of == table:
                known.add(dropped.name)
    return Copy(before[table], gone, known)


def _needs_copy(operation: Operation) -> bool:
    match operation:
        case AddColumn(column=column):
            # SQLite takes a default that is SQL only for a new table.
            return "server_default=sa." in column
        case CreateIndex() | DropIndex():
            return False
    return operation.batched


def _turn(place: int, operation: Operation, way: int) -> tuple[int, int]:
    match operation:
        case RenameTable() | RenameSequence():
            return FIRST, place
        case CreateTable():
            return CREATED, place
        case DropTable():
            # Children are dropped first.
            return DROPPED, -place
    return CHANGED, way * place


def _blocks(operations: Iterable[Operation]) -> Iterator[Block]:
    table, lines = "", list[str]()
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
