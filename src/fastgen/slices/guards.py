"""What a service checks of the rows that are referred to."""

from dataclasses import dataclass

from fastgen.names import Names
from fastgen.slices.relations import relations
from fastgen.slices.resource import Resource, World


@dataclass(frozen=True, slots=True)
class Guard:
    """A reference that is checked: its column, and the query of the ids that it may hold."""

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
        # Administrators, who alone write then, may name anybody.
        limited = relation.guarded and not (relation.to_user and resource.access == "admin")
        if relation.to_user and limited:
            ids = "accounts"
        found.append(
            Guard(
                relation.column, relation.target, relation.to_user, relation.to_self, limited, ids
            )
        )
    return found
