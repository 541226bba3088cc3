"""Changes of a table that Alembic's autogenerate would miss, or that would lose or misread rows."""

from collections.abc import Iterator
from dataclasses import dataclass

from fastgen.fields.model import Field
from fastgen.fields.types import type_of
from fastgen.slices.column_sets import OWNER
from fastgen.slices.resource import Resource
from fastgen.slices.values import has_default


@dataclass(frozen=True, slots=True)
class Alteration:
    """The effect of a change on rows, and the lines that a handwritten migration needs."""

    told: str
    lines: tuple[str, ...]


def alterations(old: Resource, new: Resource) -> list[Alteration]:
    """Return the alterations from `old` to `new` that autogenerate would get wrong."""
    return [*_of_columns(old, new), *_of_owner(old, new)]


def _of_columns(old: Resource, new: Resource) -> Iterator[Alteration]:
    before = {field.column: field for field in old.fields}
    after = {field.column: field for field in new.fields}
    come = [column for column in after if column not in before]
    for column in before:
        if column not in after:
            yield _gone(column, come)
    for column in come:
        if not (after[column].optional or has_default(after[column])):
            yield _without_value(column)
    for column, field in before.items():
        if column in after:
            yield from _changed(field, after[column], new.names.table)


def _gone(column: str, come: list[str]) -> Alteration:
    drop = f'batch.drop_column("{column}")'
    if not come:
        return Alteration(f"{column} is dropped with all its values", (drop,))
    renamed = f'batch.alter_column("{column}", new_column_name="{come[0]}")'
    told = (
        f"{column} is dropped with all its values, also where {' or '.join(come)} is its new name"
    )
    return Alteration(told, (f"{renamed}    # or {drop}",))


def _without_value(column: str) -> Alteration:
    return Alteration(
        f"existing rows have no value for {column}",
        (f'# if "{column}" is new: add it with nullable=True, fill it by an UPDATE, then',
         f'batch.alter_column("{column}", nullable=False)'),
    )  # fmt: skip


def _changed(old: Field, new: Field, table: str) -> Iterator[Alteration]:
    column = new.column
    if _reads_otherwise(old, new):
        kinds = [field.target or f"{field.type} {field.item or ''}".strip() for field in (old, new)]
        told = f"values of {column} are of {kinds[0]} and would be read as {kinds[1]}"
        yield Alteration(told, (_update(table, column, "…"),))
    if old.type == new.type:
        yield from _of_places(old, new, table)


def _reads_otherwise(old: Field, new: Field) -> bool:
    kinds = {type_of(field).kind or field.type for field in (old, new)}
    if len(kinds) == 1 and old.item == new.item and old.target == new.target:
        return False
    return (old.type, old.item, old.target) != (new.type, new.item, new.target)


def _of_places(old: Field, new: Field, table: str) -> Iterator[Alteration]:
    before, after = old.scale or 0, new.scale or 0
    column = new.column
    if after < before:
        told = f"values of {column} are rounded to {after} places"
        yield Alteration(told, (f"# or otherwise: {_update(table, column, '…')}",))


def _update(table: str, column: str, value: str) -> str:
    return f'op.execute("UPDATE {table} SET {column} = {value}")'  # noqa: S608 - is only shown


def _of_owner(old: Resource, new: Resource) -> Iterator[Alteration]:
    if old.owned and not new.owned:
        yield _gone(OWNER, [])
    if new.owned and not old.owned:
        yield _without_value(OWNER)
