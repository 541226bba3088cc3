"""The rows that the tests of a resource create first, and the accounts that create them."""

import shlex
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from fastgen.errors import InvalidField
from fastgen.fields.model import Field
from fastgen.fields.show import show
from fastgen.slices import apart, circles, variables
from fastgen.slices.resource import USER, Resource, World

Writer = Literal["admin", "alice"]
# A module and a name in it; None is the module itself.
Import = tuple[str, str | None]


@dataclass(frozen=True, slots=True)
class FirstRow:
    """A row to create first: its variable, the module of its helper, and its references."""

    variable: str
    maker: str
    # What the tests import for it.
    imported: Import
    # Whether the account that creates the row that needs it also creates this one.
    by: bool
    given: dict[str, str]


def check(resource: Resource) -> None:
    """Raise `InvalidField` when a first row could never be created."""
    for field in resource.references:
        if field.target == resource.names.singular and not field.optional:
            raise InvalidField(
                f"field '{field.name}': every {resource.names.label} would need another one "
                "before it, so there could never be a first: make it optional",
                shlex.quote(show(replace(field, optional=True))),
            )


def writer(resource: Resource, world: World) -> Writer:
    """Return who can create rows: only administrators if references name other users."""
    if resource.rights.write == "admin" or apart.named_accounts(resource):
        return "admin"
    return "admin" if needs_admin(resource, world) else "alice"


def needs_admin(resource: Resource, world: World) -> bool:
    """Whether only an administrator can create the rows that `resource` needs."""
    return any(
        target.rights.write != "admin" and writer(target, world) == "admin"
        for target in _targets(resource, world)
    )


def first_rows(resource: Resource, world: World) -> list[FirstRow]:
    """Return the rows that a row of `resource` needs, in an order in which they can be created."""
    chain = _chain(resource, world)
    needed = Counter(
        target.names.singular for one in (resource, *chain) for target in _targets(one, world)
    )
    # Each row creates what it needs, unless two of them need the same.
    shared = max(needed.values(), default=0) > 1
    return [
        FirstRow(
            variables.one(one.names),
            *maker(one, resource, world),
            by=one.rights.write != "admin",
            given=references(one, world) if shared else {},
        )
        for one in (chain if shared else _targets(resource, world))
    ]


def maker(target: Resource, resource: Resource, world: World) -> tuple[str, Import]:
    """Return what the tests of `resource` call for a row of `target`, and what they import for it.

    Tests that import each other do so as modules, whichever of them is imported first.
    """
    module, name = f"test_{target.names.plural}", f"make_{variables.one(target.names)}"
    if is_mutual(target, resource, world):
        return f"{module}.{name}", (module, None)
    return name, (module, name)


def is_mutual(target: Resource, resource: Resource, world: World) -> bool:
    """Whether the tests of `target` import those of `resource`, also indirectly."""
    name = target.names.singular
    if name == resource.names.singular:
        return False
    return resource.names.singular in circles.reachable(name, world.resources)


def references(resource: Resource, world: World) -> dict[str, str]:
    """Return the variable of the row to which each column of `resource` must refer."""
    return {
        field.column: variables.one(world.target(field))
        for field in _required(resource)
        if field.target != USER
    }


def accounts(resource: Resource) -> dict[str, str]:
    """Return the account to which each column of `resource` must refer."""
    named = apart.named_accounts(resource)
    return {
        field.column: '("admin", "alice", "bob")[number]' if field.column in named else "by"
        for field in _required(resource)
        if field.target == USER
    }


def _required(resource: Resource) -> Iterator[Field]:
    return (field for field in resource.references if not field.optional)


def _targets(resource: Resource, world: World) -> list[Resource]:
    names = dict.fromkeys(field.target or USER for field in _required(resource))
    return [world.resources[name] for name in names if name != USER]


def _chain(resource: Resource, world: World) -> list[Resource]:
    found: dict[str, Resource] = {}
    for target in _targets(resource, world):
        for one in (*_chain(target, world), target):
            found[one.names.singular] = one
    return list(found.values())
