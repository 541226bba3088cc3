"""The data for the generated tests of a resource: rows, and a violation of every rule."""

import shlex
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache, cached_property

from fastgen.errors import InvalidField
from fastgen.fields.model import Field
from fastgen.fields.samples.model import JSON, Samples
from fastgen.fields.show import show
from fastgen.fields.types import type_of
from fastgen.slices import filters
from fastgen.slices.filters import Filter
from fastgen.slices.resource import Resource
from fastgen.slices.values import default_in_response, has_default, is_computed

ROWS = 3
SHORTEST_SEARCH, LONGEST_SEARCH = 3, 100
# Characters that a careless search would treat as wildcards.
WILDCARDS = ("%%%", "___")


@dataclass(frozen=True, slots=True)
class Attempt:
    """A value for a field, and the rule that it tests."""

    column: str
    value: JSON
    name: str


@dataclass(frozen=True, slots=True)
class Narrowing:
    """A value for a query parameter of the list, and the rows that remain."""

    parameter: str
    value: JSON
    rows: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Order:
    """A sort order of the list, and the rows in that order."""

    sort: str
    rows: tuple[int, ...]


class Cases:
    """The test cases of a resource, which depend only on the resource."""

    def __init__(self, resource: Resource) -> None:
        """Generate the samples of all fields except references; raises `InvalidField`."""
        self._resource = resource
        self._samples = {
            field.column: _samples(field) for field in resource.fields if not field.target
        }
        self._check_distinct()

    def of(self, field: Field) -> Samples:
        """Return the samples of a field that is not a reference."""
        return self._samples[field.column]

    def held(self, field: Field) -> list[JSON]:
        """Return the value in each row; that of a readonly field is the default."""
        if field.readonly:
            return [self._default(field)] * ROWS
        values = [self._value(field, row) for row in range(ROWS)]
        return [*values[:-1], None] if _is_null_in_last_row(field) else values

    @cached_property
    def sent(self) -> list[Field]:
        """The fields that clients send, without references."""
        return [f for f in self._resource.fields if not (f.target or f.readonly)]

    @cached_property
    def bodies(self) -> list[dict[str, JSON]]:
        """Three rows, each value at least as large as in the row before, or null in the last."""
        held = {field.column: self.held(field) for field in self.sent}
        return [{column: rows[row] for column, rows in held.items()} for row in range(ROWS)]

    @cached_property
    def required(self) -> list[str]:
        """The columns that must be sent."""
        return [
            field.column
            for field in self._resource.fields
            if not (field.optional or field.readonly or has_default(field))
        ]

    @property
    def omitted(self) -> dict[str, JSON]:
        """The values of fields that were left out; references are null then."""
        return {
            field.column: self._default(field)
            for field in self._resource.fields
            if field.column not in self.required and not (field.writeonly or is_computed(field))
        }

    @property
    def computed(self) -> list[Field]:
        """The fields whose value is the moment of creation if they are left out."""
        return [f for f in self._resource.fields if is_computed(f) and not f.writeonly]

    @property
    def edges(self) -> list[Attempt]:
        """The last values that each limit accepts."""
        return [
            Attempt(field.column, edge, f"{field.column}-{number}")
            for field in self.sent
            for number, edge in enumerate(self.of(field).edges)
        ]

    @property
    def invalid(self) -> list[Attempt]:
        """A violation of every rule of every field, and fields that clients must not send."""
        return [*self._broken(), *self._null(), *self._foreign()]

    @property
    def nullable(self) -> list[str]:
        """The columns that accept null from clients."""
        return [f.column for f in self._resource.fields if f.optional and not f.readonly]

    @property
    def changeable(self) -> list[str]:
        """The columns whose second row differs from the first."""
        first, second, _ = self.bodies
        return [column for column in first if first[column] != second[column]]

    @property
    def orders(self) -> list[Order]:
        """Each sort of the list, and the order that it gives the rows: null comes last."""
        nulls = {field.column for field in self.sent if _is_null_in_last_row(field)}
        found = []
        for column in ("created_at", *(f.column for f in self._resource.fields if f.sort)):
            last = (2,) if column in nulls else ()
            rest = tuple(row for row in range(ROWS) if row not in last)
            found += [Order(column, rest + last), Order(f"-{column}", rest[::-1] + last)]
        return found

    @property
    def narrowings(self) -> list[Narrowing]:
        """A case for each filter of the list, except references, and for each searched field."""
        return [*self._filters(), *self._searches()]

    def _check_distinct(self) -> None:
        for field in self.sent:
            if type_of(field).is_unique(field) and len(self.of(field).valid) < ROWS:
                raise InvalidField(
                    f"field '{field.name}': unique, and fewer than {ROWS} values of it could be "
                    "found: allow more, or leave unique out",
                    shlex.quote(show(replace(field, unique=False))),
                )

    def _filters(self) -> Iterator[Narrowing]:
        for field in self._resource.fields:
            if field.filter and not (field.target or (field.readonly and is_computed(field))):
                for one in filters.of(field):
                    yield self._narrowing(one, field)

    def _narrowing(self, one: Filter, field: Field) -> Narrowing:
        held = self.held(field)
        # Equal values have the same rank, and ranks ascend as values do.
        places = [held.index(value) if value is not None else -1 for value in held]
        filled = sorted({place for place in places if place >= 0})
        value = held[1] if held[1] is not None else self._value(field, 1)
        if one.operator == filters.IS_NULL:
            value, left = True, [-1]
        elif one.operator == filters.EQUALITY:
            left = filled[:-1] or filled
            value = [held[place] for place in left] or [value]
        elif one.operator == ">=":
            left = [place for place in filled if place >= places[1]]
        else:
            left = [place for place in filled if place <= places[1]]
        rows = (row for row, place in enumerate(places) if place in left)
        return Narrowing(one.parameter, value, tuple(rows))

    def _searches(self) -> Iterator[Narrowing]:
        texts = [self._texts(field) for field in self._resource.fields if field.search]
        for found in dict.fromkeys(of_rows[1][:LONGEST_SEARCH].strip() for of_rows in texts):
            if len(found) >= SHORTEST_SEARCH:
                rows = (
                    row
                    for row in range(ROWS)
                    if any(_folded(found) in _folded(each[row]) for each in texts)
                )
                yield Narrowing("search", found, tuple(rows))
        everything = "".join(text for of_rows in texts for text in of_rows)
        unfound = [signs for signs in WILDCARDS if texts and signs not in everything]
        yield from (Narrowing("search", signs, ()) for signs in unfound[:1])

    def _texts(self, field: Field) -> list[str]:
        """Return the searched text of each row."""
        return [str(value or "") for value in self.held(field)]

    def _value(self, field: Field, row: int) -> JSON:
        valid = self.of(field).valid
        return valid[min(row, len(valid) - 1)]

    def _default(self, field: Field) -> JSON:
        if not has_default(field) or is_computed(field):
            return None
        return default_in_response(field)

    def _broken(self) -> Iterator[Attempt]:
        for field in self.sent:
            for number, broken in enumerate(self.of(field).invalid):
                if broken.value is not None and (not number or not broken.of_type):
                    name = f"{field.column}-{broken.rule}"
                    yield Attempt(field.column, broken.value, name)
        for field in self._resource.references:
            if not field.readonly:
                yield Attempt(field.column, 0, f"{field.column}-no-id")

    def _null(self) -> Iterator[Attempt]:
        for field in self._resource.fields:
            if not (field.optional or field.readonly):
                yield Attempt(field.column, None, f"{field.column}-null")

    def _foreign(self) -> Iterator[Attempt]:
        owner = ["owner_id"] if self._resource.owned else []
        readonly = [field.column for field in self._resource.fields if field.readonly]
        for column in ("id", "created_at", *owner, *readonly):
            yield Attempt(column, 1, f"{column}-not-to-be-sent")


@cache
def _samples(field: Field) -> Samples:
    """Return the samples of `field`, which is rendered several times."""
    return type_of(field).samples(field)


def _is_null_in_last_row(field: Field) -> bool:
    # So that sorts and filters meet null.
    return field.optional and (field.sort or field.filter)


def _folded(text: str) -> str:
    # SQLite folds the case of ASCII letters only.
    return "".join(letter.lower() if letter.isascii() else letter for letter in text)
