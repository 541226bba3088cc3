"""The checks of references in a service."""

from dataclasses import dataclass

from fastgen.names.resource import Names
from fastgen.slices.relations import relations
from fastgen.slices.resource import Resource, World


@dataclass(frozen=True, slots=True)
class Guard:
    """A checked reference: its column, and the query for the allowed ids."""

    column: str
    target: Names
    to_user: bool
    to_self: bool
    by_caller: bool
    ids: str


def guards(resource: Resource, world: World) -> list[Guard]:
    """Return a guard for each reference that clients send."""
    caller = "self._owner" if resource.owned else "caller"
    found = []
    for relation in relations(resource, world):
        if relation.field.readonly:
            continue
        ids = f"select({relation.target.cls}.id)"
        if relation.guarded and not relation.to_user:
            ids += f".where({relation.target.cls}.owner_id == {caller}.id)"
        # Only administrators write then, and they may refer to any account.
        limited = relation.guarded and not (relation.to_user and resource.rights.write == "admin")
        if relation.to_user and limited:
            ids = "accounts"
        found.append(
            Guard(
                relation.column, relation.target, relation.to_user, relation.to_self, limited, ids
            )
        )
    return found
