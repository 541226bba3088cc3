"""One field of a resource, as it was understood."""

from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Literal

Type = Literal[
    "str", "text", "int", "bigint", "float", "decimal", "bool", "date", "datetime", "time",
    "uuid", "email", "url", "json", "enum", "list", "ref",
]  # fmt: skip
OnDelete = Literal["cascade", "restrict", "setnull"]
RANGED = frozenset({"int", "bigint", "float", "decimal", "date", "datetime", "time"})
Bound = int | float | Decimal | date | datetime | time


@dataclass(frozen=True, slots=True)
class Field:
    """A field, every default resolved: two equal fields are printed and rendered alike.

    `name` is what was typed, without the `_id` of a `ref`; `column` is what it is called in the
    database and on the wire.
    """

    name: str
    type: Type
    # The argument of the type.
    length: int | None = None  # str: the most characters
    precision: int | None = None  # decimal: digits in all
    scale: int | None = None  # decimal: digits after the point
    values: tuple[str, ...] = ()  # enum
    item: Type | None = None  # list
    target: str | None = None  # ref: the resource's name, or `user`
    ondelete: OnDelete | None = None  # ref: always resolved
    # What it takes. For text: lengths; for a list: the number of items.
    min: int | None = None
    max: int | None = None
    gt: Bound | None = None
    ge: Bound | None = None
    lt: Bound | None = None
    le: Bound | None = None
    pattern: str | None = None
    # In its canonical text, checked against all of the above; `""` is a default too.
    default: str | None = None
    optional: bool = False
    unique: bool = False
    index: bool = False
    filter: bool = False
    sort: bool = False
    search: bool = False
    readonly: bool = False
    writeonly: bool = False

    @property
    def column(self) -> str:
        """The name in the database and on the wire."""
        return f"{self.name}_id" if self.type == "ref" else self.name

    @property
    def filters(self) -> tuple[str, ...]:
        """The query parameters that `filter` gives: a range where values have an order.

        A field that may be null has one more, for rows where it is.
        """
        if not self.filter:
            return ()
        names: tuple[str, ...] = (self.column,)
        if self.type in RANGED:
            names = (f"{self.column}_min", f"{self.column}_max")
        return (*names, f"{self.column}_null") if self.optional else names

    @property
    def shortest(self) -> int:
        """The least length of a text: a required one is not empty, unless it has `min=0`."""
        if self.min is not None:
            return self.min
        said = self.optional or self.default is not None or self.pattern is not None
        return int(self.type in {"str", "text"} and not said)
