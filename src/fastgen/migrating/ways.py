"""The change of one table in one direction: the parts that all databases share."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from fastgen.fields.model import Field
from fastgen.migrating.conversions import Conversion
from fastgen.migrating.operations import (
    NO_DEFAULT,
    AddColumn,
    AlterColumn,
    Execute,
    Operation,
    Refuse,
    RenameColumn,
)
from fastgen.migrating.shapes import Shape
from fastgen.slices.columns import Column
from fastgen.slices.indexes import Index
from fastgen.slices.tables import Constraint

Part = TypeVar("Part", Constraint, Index)


@dataclass(frozen=True)
class Parts(Generic[Part]):
    """Constraints or indexes: those to drop, those that stay (old and new), those to create."""

    dropped: list[Part]
    kept: list[tuple[Part, Part]]
    created: list[Part]


@dataclass(frozen=True)
class Way:
    """From the table `start` to `end`; `middle` is `start` with the names of `end`."""

    start: Shape
    middle: Shape
    end: Shape
    # The columns that stay, with their new names; the conversions of values, by the new name.
    columns: Mapping[str, str]
    conversions: Mapping[str, Conversion]
    # Values for rows that have none, by the new name, as SQL.
    fills: Mapping[str, str]

    @property
    def table(self) -> str:
        """The name of the table when all but its name changes."""
        return self.end.table

    @property
    def gone(self) -> list[str]:
        """The columns that are dropped."""
        return [name for name in self.start.columns if name not in self.columns]

    @property
    def stay(self) -> list[tuple[str, Column, Column]]:
        """The columns that stay: their name now, as they were and as they will be."""
        return [
            (now, self.start.columns[name], self.end.columns[now])
            for name, now in self.columns.items()
        ]

    @property
    def come(self) -> list[str]:
        """The columns that are added."""
        known = set(self.columns.values())
        return [name for name in self.end.columns if name not in known]

    @property
    def early(self) -> bool:
        """Whether another column takes the name of one that is dropped."""
        return bool(set(self.gone) & set(self.end.columns))

    def field(self, column: str) -> Field:
        """Return the field of a column at the end."""
        return self.end.fields[column]

    def before(self, column: str) -> Field:
        """Return the field of a column that stays, by its new name, at the start."""
        names = {now: name for name, now in self.columns.items()}
        return self.start.fields[names[column]]


def parts(start: Sequence[Part], middle: Sequence[Part], end: Sequence[Part]) -> Parts[Part]:
    """Compare constraints or indexes by name and text."""
    wanted = {one.name: one for one in end}
    pairs = list(zip(start, middle, strict=True))
    kept = [(one, now) for one, now in pairs if wanted.get(now.name) == now]
    names = {now.name for _, now in kept}
    return Parts(
        dropped=[one for one, now in pairs if now.name not in names],
        kept=kept,
        created=[one for one in end if one.name not in names],
    )


def column_renames(way: Way, replaced: Collection[str]) -> Iterator[Operation]:
    """Yield the renames of columns except those `replaced`, each when its new name is free."""
    left = {old: new for old, new in way.columns.items() if old != new and new not in replaced}
    while left:
        old, new = next((old, new) for old, new in left.items() if new not in left)
        del left[old]
        yield RenameColumn(way.table, old, new)


def added(way: Way) -> Iterator[Operation]:
    """Yield the new columns, nullable until their rows have a value."""
    for name in way.come:
        column = way.end.columns[name]
        nullable = column.nullable or (name in way.fills and not column.server_default)
        yield AddColumn(way.table, replace(column, nullable=nullable).migration)


def filled(way: Way) -> Iterator[Operation]:
    """Yield the updates of rows that have no value."""
    come = way.come
    for name, value in way.fills.items():
        only = "" if name in come else f' WHERE "{name}" IS NULL'
        yield Execute(way.table, f'UPDATE "{way.table}" SET "{name}" = {value}{only}')


def refused(way: Way) -> Iterator[Operation]:
    """Yield the checks that stop the migration before it changes anything if rows do not fit."""
    for name, old, _ in way.stay:
        conversion = way.conversions[name]
        if conversion.breaks:
            condition = conversion.breaks.replace("{c}", f'"{old.name}"')
            yield Refuse(way.table, condition, f"{old.name} has {conversion.told}")


def nullable_and_default(
    way: Way, replaced: Collection[str], retyped: Collection[str]
) -> Iterator[Operation]:
    """Yield the changes of columns except those of types.

    Columns that are `replaced` begin nullable, and those that are `retyped` without a default.
    """
    for name, old, new in way.stay:
        nullable = old.nullable or name in replaced
        default = None if name in (*replaced, *retyped) else old.server_default
        change = AlterColumn(
            way.table,
            name,
            nullable=None if new.nullable == nullable else new.nullable,
            default=None if new.server_default == default else new.server_default or NO_DEFAULT,
        )
        if change != AlterColumn(way.table, name):
            yield change
    for name in way.come:
        column = way.end.columns[name]
        if name in way.fills and not column.nullable and not column.server_default:
            yield AlterColumn(way.table, name, nullable=False)
