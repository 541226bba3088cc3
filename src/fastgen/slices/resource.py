"""A resource with everything resolved: what the recipe stores and the templates need."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from fastgen.fields.model import Field
from fastgen.names import Names

Access = Literal["owner", "shared", "admin", "public"]
ACCESSES: tuple[Access, ...] = get_args(Access)
Database = Literal["sqlite", "postgresql"]

USER = "user"
USERS = Names("user", "users")


@dataclass(frozen=True, slots=True)
class Resource:
    """A resource: its names, who may do what, and its fields in order."""

    names: Names
    access: Access
    fields: tuple[Field, ...]

    @property
    def owned(self) -> bool:
        """Whether each row belongs to one user."""
        return self.access == "owner"

    def field(self, name: str) -> Field | None:
        """Return the field called `name`, or whose column is, if there is one."""
        return next((f for f in self.fields if name in {f.name, f.column}), None)

    @property
    def references(self) -> tuple[Field, ...]:
        """The fields that refer to rows."""
        return tuple(field for field in self.fields if field.type == "ref")


@dataclass(frozen=True, slots=True)
class World:
    """What a slice is rendered into: the database, and the resources it may refer to."""

    database: Database
    resources: Mapping[str, Resource]

    def target(self, field: Field) -> Names:
        """Return the names of what a reference refers to; raises `KeyError`."""
        return USERS if field.target == USER else self.resources[field.target or ""].names

    def guarded(self, field: Field) -> bool:
        """Whether not every signed-in user sees every row that `field` may refer to."""
        return field.target == USER or self.resources[field.target or ""].owned
