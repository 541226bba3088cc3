"""A parsed field of a resource."""

from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Literal

from fastgen.names import attributes

OnDelete = Literal["cascade", "restrict", "setnull"]
Bound = int | float | Decimal | date | datetime | time


@dataclass(frozen=True, slots=True)
class Field:
    """A field with all defaults resolved, so that equal fields are printed and rendered alike.

    `name` was typed and has no `_id` for a `ref`; `column` is the name in the database and in
    JSON.
    """

    name: str
    type: str  # a key of `fastgen.fields.types.TYPES`
    # The argument of the type.
    length: int | None = None  # str: the maximum number of characters
    precision: int | None = None  # decimal: total digits
    scale: int | None = None  # decimal: digits after the point
    values: tuple[str, ...] = ()  # enum
    item: str | None = None  # list
    target: str | None = None  # ref: the resource's name, or `user`
    ondelete: OnDelete | None = None  # ref: always resolved
    # Limits of the value; for text of its length, for a list of the number of items.
    min: int | None = None
    max: int | None = None
    gt: Bound | None = None
    ge: Bound | None = None
    lt: Bound | None = None
    le: Bound | None = None
    pattern: str | None = None
    # In canonical form, checked against all of the above; `""` is a default as well.
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
        """The name in the database and in JSON."""
        return f"{self.name}_id" if self.type == "ref" else self.name

    @property
    def attribute(self) -> str:
        """The name in the classes of the model and the schemas."""
        return attributes.of_column(self.column)

    @property
    def shortest(self) -> int:
        """The minimum length of a text: 1 if it is required, unless it has `min=0`."""
        if self.min is not None:
            return self.min
        said = self.optional or self.default is not None or self.pattern is not None
        return int(self.max != 0 and not said)
