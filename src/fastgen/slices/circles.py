"""References that lead back to where they come from, also indirectly."""

from collections.abc import Iterable, Mapping

from fastgen.fields.model import Field
from fastgen.slices.resource import Resource, World


def closes(field: Field, resource: Resource, world: World) -> bool:
    """Whether the target of `field`, another resource, refers back to `resource`."""
    name, target = resource.names.singular, field.target or ""
    if target == name or target not in world.resources:
        return False
    return name in reachable(target, world.resources)


def answers(field: Field, resource: Resource, world: World) -> bool:
    """Whether the target of `field`, another resource, itself refers to `resource`."""
    target = world.resources.get(field.target or "")
    if target is None or target.names == resource.names:
        return False
    return any(one.target == resource.names.singular for one in target.references)


def reachable(start: str, resources: Mapping[str, Resource], *, required: bool = False) -> set[str]:
    """Return the names that `start` refers to, also indirectly; or only by `required` fields."""
    found: set[str] = set()
    left = [start]
    while left:
        one = resources.get(left.pop())
        fields: Iterable[Field] = one.references if one else ()
        new = {f.target or "" for f in fields if not (required and f.optional)} - found
        left += new
        found |= new
    return found
