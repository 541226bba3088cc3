"""Checks sets of columns: unique constraints and indexes over several columns."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from math import prod
from typing import Literal

from fastgen.errors import InvalidField
from fastgen.fields.grammar import LONGEST_INDEXED
from fastgen.fields.rules import FEWEST_UNIQUE, too_long
from fastgen.fields.types import type_of
from fastgen.messages import meant, nearest, shown
from fastgen.slices import column_sets, indexes
from fastgen.slices.apart import are_apart
from fastgen.slices.cases import ROWS
from fastgen.slices.column_sets import OWNER_NAME, TIMES
from fastgen.slices.resource import Resource

Kind = Literal["unique", "index"]
# Some databases take 16, and the owner may be one more.
MOST_COLUMNS = 15
# PostgreSQL limits index entries to 2704 bytes, and each column has a header.
MOST_BYTES = 2500


@dataclass(frozen=True, slots=True)
class ColumnSet:
    """A unique constraint or an index, by the names of its fields."""

    kind: Kind
    names: tuple[str, ...]


def sets_of(resource: Resource) -> list[ColumnSet]:
    """Return the sets of `resource`."""
    return [
        *(ColumnSet("unique", names) for names in resource.unique),
        *(ColumnSet("index", names) for names in resource.index),
    ]


def with_sets(resource: Resource, sets: Sequence[ColumnSet]) -> Resource:
    """Return `resource` with `sets` only."""
    return replace(
        resource,
        unique=tuple(one.names for one in sets if one.kind == "unique"),
        index=tuple(one.names for one in sets if one.kind == "index"),
    )


def mistakes(
    resource: Resource, sets: Sequence[ColumnSet], unread: Collection[str]
) -> list[list[str]]:
    """Return the mistakes in each of `sets`; `unread` are names of fields that are not valid."""
    found = [list(_alone(resource, one, unread)) for one in sets]
    valid = [
        one
        for one, wrong in zip(sets, found, strict=True)
        if not wrong and not {*one.names} & {*unread}
    ]
    whole = with_sets(resource, valid)
    for number, one in enumerate(sets):
        if one in valid:
            again = any(_is_same(one, other) for other in sets[:number])
            found[number] = ["it is given twice"] if again else [*_beside(whole, one)]
    return found


def _alone(resource: Resource, one: ColumnSet, unread: Collection[str]) -> Iterator[str]:
    """Yield what is wrong with a set by itself."""
    known = column_sets.columns(resource)
    for name in dict.fromkeys(one.names):
        if not name:
            yield "a name is missing beside a comma"
        elif name not in {*known, *unread}:
            near = nearest(name, known)
            yield f"there is no field {shown(name)}{meant(near)}; there are {', '.join(known)}"
        elif told := unfit(resource, one.kind, name):
            yield told
        if name and one.names.count(name) > 1:
            yield f"{name} is named twice"
    if len(one.names) > MOST_COLUMNS:
        yield f"it has {len(one.names)} columns, and some databases take {MOST_COLUMNS} at most"
    elif len(one.names) == 1 and one.names[0]:
        yield f"it needs several columns: for one, give its field the modifier {one.kind}"
    else:
        yield from _extent(resource, one)


def unfit(resource: Resource, kind: Kind, name: str) -> str | None:
    """Return why the field `name` cannot be part of a set, None if it can."""
    field = next((one for one in resource.fields if one.name == name), None)
    if field is None:
        return _unfit_of_server(kind, name)
    type_ = type_of(field)
    if field.target is None and "index" not in type_.modifiers:
        reason = type_.refusals.get(kind) or type_.refusals["index"]
        return f"{name} is a {type_.name}, which cannot be part of it: {reason}"
    if (field.length or 0) > LONGEST_INDEXED:
        return f"{name} has {field.length} characters: {too_long(kind)}"
    if kind == "unique" and type_.is_unique(field):
        return f"{name} is unique by itself, so the other columns add nothing"
    return None


def _unfit_of_server(kind: Kind, name: str) -> str | None:
    if kind == "unique" and name in TIMES:
        return f"{name} is set by the server and differs in each row"
    if kind == "unique" and name == OWNER_NAME:
        return "the owner is part of it without being named"
    return None


def _extent(resource: Resource, one: ColumnSet) -> Iterator[str]:
    """Yield whether the values of a set are too long or too few together."""
    fields = [
        field
        for field in resource.fields
        if field.name in one.names and not unfit(resource, one.kind, field.name)
    ]
    size = sum(type_of(field).most_bytes(field) for field in fields)
    if size > MOST_BYTES:
        yield (
            f"its values may take {size} bytes together, up to 4 for each character, and an entry "
            f"of an index holds {MOST_BYTES}: give its texts a smaller length"
        )
    counts = [type_of(field).count(field) or 0 for field in fields]
    if one.kind == "unique" and len(fields) == len(one.names) and 0 < prod(counts) < FEWEST_UNIQUE:
        yield (
            f"it has {prod(counts)} possible values: there could never be more rows; allow "
            f"{FEWEST_UNIQUE} or more"
        )


def _is_same(one: ColumnSet, other: ColumnSet) -> bool:
    if one.kind == "unique" == other.kind:
        return {*one.names} == {*other.names}
    return one == other


def _beside(whole: Resource, one: ColumnSet) -> Iterator[str]:
    """Yield what is wrong with a set of `whole` because of its other columns and sets."""
    if one.kind == "unique":
        yield from _of_unique(whole, one)
    elif told := _served(whole, one):
        yield told
    else:
        [mine] = column_sets.indexed_together(replace(whole, index=(one.names,)))
        yield from _same_name(mine, indexes.columns(whole))


def _of_unique(whole: Resource, one: ColumnSet) -> Iterator[str]:
    smaller = next((other for other in whole.unique if {*other} < {*one.names}), None)
    if smaller:
        yield f"{','.join(smaller)} is unique already, so the other columns add nothing"
        return
    [mine] = column_sets.unique_together(replace(whole, unique=(one.names,)))
    yield from _same_name(mine, column_sets.uniques(whole))
    with suppress(InvalidField):  # has its own message
        if not are_apart(whole, one.names):
            yield (
                f"fewer than {ROWS} values of it could be found for the tests: allow more, "
                "or leave it out"
            )


def _served(whole: Resource, one: ColumnSet) -> str | None:
    """Return which index begins with the columns of `one`, None if there is no other.

    Those of filters and sorts do not count: they come and go with these.
    """
    alone = replace(whole, index=(one.names,))
    [mine] = column_sets.indexed_together(alone)
    fields = tuple(replace(field, filter=False, sort=False) for field in whole.fields)
    index = tuple(names for names in whole.index if names != one.names)
    others = replace(whole, fields=fields, index=index)
    for columns in (*column_sets.uniques(whole), *indexes.columns(others)):
        if columns[: len(mine)] == mine:
            return f"the index on {', '.join(columns)} serves it already"
    return None


def _same_name(mine: tuple[str, ...], others: Sequence[tuple[str, ...]]) -> Iterator[str]:
    for columns in others:
        if columns != mine and "_".join(columns) == "_".join(mine):
            yield (
                f"the one on {', '.join(columns)} would have the same name in the database: "
                "rename a field"
            )
