"""A resolved resource, as the recipe stores it and the templates need it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from fastgen.databases import Database
from fastgen.fields.model import Field
from fastgen.names.resource import Names
from fastgen.slices.rights import PRESETS, Access, Rights

USER = "user"
USERS = Names("user", "users")


@dataclass(frozen=True, slots=True)
class Resource:
    """A resource: its names, its access rule, its fields in order, and what spans several.

    The sets of columns are names of fields, `created_at`, `updated_at`, and `owner`.
    """

    names: Names
    access: Access
    fields: tuple[Field, ...]
    unique: tuple[tuple[str, ...], ...] = ()
    index: tuple[tuple[str, ...], ...] = ()
    # What the access meant when it was given, if it means something else now.
    kept_rights: Rights | None = None

    @property
    def rights(self) -> Rights:
        """Who may read and write."""
        return self.kept_rights or PRESETS[self.access]

    @property
    def owned(self) -> bool:
        """Whether each row belongs to one user."""
        return self.rights.read == "owner"

    @property
    def references(self) -> tuple[Field, ...]:
        """The fields that refer to rows."""
        return tuple(field for field in self.fields if field.target)


@dataclass(frozen=True, slots=True)
class World:
    """The surroundings of a slice: the database, and the resources it may refer to."""

    database: Database
    resources: Mapping[str, Resource]
    # The check constraints that existing migrations create, which keep their names.
    checks: tuple[str, ...] = ()

    def having(self, resource: Resource) -> "World":
        """Return these surroundings with `resource`."""
        resources = {**self.resources, resource.names.singular: resource}
        return replace(self, resources=resources)

    def target(self, field: Field) -> Names:
        """Return the names of the target of a reference; raises `KeyError`."""
        return USERS if field.target == USER else self.resources[field.target or ""].names

    def rights(self, field: Field) -> Rights:
        """Return who may read and write the target of `field`; raises `KeyError`.

        Accounts are like owned rows: only administrators see those of others.
        """
        own = field.target == USER
        return PRESETS["owner"] if own else self.resources[field.target or ""].rights
