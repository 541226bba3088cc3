"""What the generated tests of a resource try: rows, and every rule broken once."""

from collections.abc import Iterator
from dataclasses import dataclass

from fastgen import samples
from fastgen.fields.model import Field
from fastgen.samples import JSON, Samples
from fastgen.slices import columns, filters
from fastgen.slices.resource import USER, Resource

ROWS = 3
LONGEST_SEARCH = 100


@dataclass(frozen=True, slots=True)
class Attempt:
    """A value for one field, and what it is an attempt at."""

    column: str
    value: JSON
    name: str


@dataclass(frozen=True, slots=True)
class Narrowing:
    """A filter by the value that the second row has, and the rows that it leaves."""

    parameter: str
    column: str
    rows: tuple[int, ...]


class Cases:
    """The cases of one resource; all of it is a function of the resource."""

    def __init__(self, resource: Resource) -> None:
        """Make the samples of all fields that hold values; raises `NoSample`."""
        self._resource = resource
        self._samples = {
            field.column: samples.samples(field) for field in resource.fields if field.type != "ref"
        }

    def of(self, field: Field) -> Samples:
        """Return the samples of a field that is not a reference."""
        return self._samples[field.column]

    @property
    def sent(self) -> list[Field]:
        """The fields that clients send, without references."""
        return [f for f in self._resource.fields if f.type != "ref" and not f.readonly]

    @property
    def bodies(self) -> list[dict[str, JSON]]:
        """Three rows, each value of one at least as large as in the row before."""
        return [{f.column: self._value(f, row) for f in self.sent} for row in range(ROWS)]

    @property
    def required(self) -> list[str]:
        """The columns that must be sent."""
        return [
            field.column
            for field in self._resource.fields
            if not (field.optional or field.readonly or columns.has_default(field))
        ]

    @property
    def omitted(self) -> dict[str, JSON]:
        """What the fields hold that need not be sent and are not; references are null then."""
        return {
            field.column: self._default(field)
            for field in self._resource.fields
            if field.column not in self.required and not field.writeonly
        }

    @property
    def edges(self) -> list[Attempt]:
        """The last values that each limit takes."""
        return [
            Attempt(field.column, edge, f"{field.column}-{number}")
            for field in self.sent
            for number, edge in enumerate(self.of(field).edges)
        ]

    @property
    def invalid(self) -> list[Attempt]:
        """Every rule of every field broken once, and fields that are not there to be sent."""
        return [*self._broken(), *self._null(), *self._foreign()]

    @property
    def nullable(self) -> list[str]:
        """The columns that take null from clients."""
        return [f.column for f in self._resource.fields if f.optional and not f.readonly]

    @property
    def changeable(self) -> list[str]:
        """The columns whose second row differs from the first, and that answers show."""
        first, second, _ = self.bodies
        shown = [field.column for field in self.sent if not field.writeonly]
        return [column for column in shown if first[column] != second[column]]

    @property
    def narrowings(self) -> list[Narrowing]:
        """One for each parameter of the list's filters, but for references to itself."""
        return [
            Narrowing(one.parameter, field.column, self._left(field, one.operator))
            for field in self._resource.fields
            if field.filter and field.target != self._resource.names.singular
            for one in filters.of(field)
        ]

    @property
    def searches(self) -> list[Narrowing]:
        """One for each column that is searched."""
        found = [field for field in self._resource.fields if field.search]
        texts = [[str(body[f.column]).casefold() for f in found if not f.readonly] for body in self.bodies]
        return [
            Narrowing(
                "search",
                field.column,
                tuple(row for row in range(ROWS) if any(wanted in text for text in texts[row])),
            )
            for field in found
            if not field.readonly
            for wanted in [str(self.bodies[1][field.column]).casefold()[:LONGEST_SEARCH]]
        ]

    def _value(self, field: Field, row: int) -> JSON:
        valid = self.of(field).valid
        return valid[min(row, len(valid) - 1)]

    def _default(self, field: Field) -> JSON:
        if not columns.has_default(field):
            return None
        return wire(field, columns.default_value(field))

    def _broken(self) -> Iterator[Attempt]:
        for field in self.sent:
            for broken in self.of(field).invalid:
                if broken.value is not None:
                    name = f"{field.column}-{broken.rule}"
                    yield Attempt(field.column, broken.value, name)
        for field in self._resource.references:
            if not field.readonly:
                yield Attempt(field.column, 0, f"{field.column}-no-id")
                yield Attempt(field.column, "1", f"{field.column}-not-a-number")

    def _null(self) -> Iterator[Attempt]:
        for field in self._resource.fields:
            if not (field.optional or field.readonly):
                yield Attempt(field.column, None, f"{field.column}-null")

    def _foreign(self) -> Iterator[Attempt]:
        owner = ["owner_id"] if self._resource.owned else []
        readonly = [field.column for field in self._resource.fields if field.readonly]
        for column in ("id", "created_at", *owner, *readonly):
            yield Attempt(column, 1, f"{column}-not-to-be-sent")

    def _left(self, field: Field, operator: str) -> tuple[int, ...]:
        rows = range(ROWS)
        if field.type == "ref":
            everyone = field.target == USER and not field.unique
            return tuple(rows) if everyone else (1,)
        valid = self.of(field).valid
        # Their places among the valid values compare as the values do.
        places = [min(row, len(valid) - 1) for row in rows]
        compare = {
            "==": lambda place: place == places[1],
            ">=": lambda place: place >= places[1],
            "<=": lambda place: place <= places[1],
        }[operator]
        return tuple(row for row in rows if compare(places[row]))


def wire(field: Field, value: object) -> JSON:
    """Return a default as an answer shows it."""
    if isinstance(value, list):
        return [_wire_item(field.item or "str", item) for item in value]
    return _wire_item(field.type, value)


def _wire_item(kind: str, value: object) -> JSON:
    if value is None or isinstance(value, bool | int | float | str | dict):
        return value
    if kind == "decimal":
        return f"{value:f}"
    if kind == "datetime":
        return value.isoformat().replace("+00:00", "Z")  # type: ignore[attr-defined]
    if kind in {"date", "time"}:
        text: str = value.isoformat()  # type: ignore[attr-defined]
        return text
    return str(value)
