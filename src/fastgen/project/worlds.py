"""The resources that a resource refers to, also indirectly."""

from fastgen.errors import FastgenError, InvalidField, Refused
from fastgen.project import history, resources, understand, written
from fastgen.project.project import Project
from fastgen.slices.resource import USER, Resource, World


def world(project: Project, *given: Resource) -> World:
    """Return the world of `given`: these resources and those they refer to, also indirectly.

    Raises `Refused` when one of them does not exist.
    """
    found = {one.names.singular: one for one in given}
    left = list(given)
    while left:
        one = left.pop()
        for field in one.references:
            if field.target and field.target != USER and field.target not in found:
                found[field.target] = _target(project, one, field.target)
                left.append(found[field.target])
    return World(project.database, found)


def circles(project: Project, resource: Resource) -> list[FastgenError]:
    """Return an error for each reference of `resource` whose target refers back to it."""
    name = resource.names.singular
    return [
        InvalidField(
            f"field '{field.name}': {field.target} refers to {name}, so rows of neither could be "
            "created or deleted first: write such a pair by hand",
            f"fastgen add resource {name}_{field.target} {name}:ref:{name} "
            f"{field.target}:ref:{field.target}",
        )
        for field in resource.references
        if field.target and field.target != name and name in _reachable(project, field.target)
    ]


def _reachable(project: Project, start: str) -> set[str]:
    """Return the resources that `start` refers to, also indirectly."""
    found: set[str] = set()
    left = [start]
    while left:
        entry = resources.load(project.root, left.pop(), project.database)
        targets = {field.target or "" for field in entry.resource.references} if entry else set()
        left += targets - found
        found |= targets
    return found


def _target(project: Project, resource: Resource, target: str) -> Resource:
    entry = resources.load(project.root, target, project.database)
    if entry is None and (model := written.models(project).get(target)) and not model.reason:
        return model.resource
    if entry is None:
        path = resources.path_of(resource.names.singular)
        raise Refused(
            f"{path} refers to {target}, which is not a resource of this project",
            history.restoring(project.root, resources.path_of(target), bool)
            or f"fastgen add resource {understand.line(target)}",
        )
    return entry.resource
