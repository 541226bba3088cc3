"""The resources that a resource refers to, also indirectly."""

from collections.abc import Sequence

from fastgen.errors import FastgenError, InvalidField, Refused
from fastgen.project import history, resources, understand, written
from fastgen.project.project import Project
from fastgen.slices import circles
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


def in_circles(
    project: Project, resource: Resource, typed: Sequence[understand.Typed]
) -> list[FastgenError]:
    """Return an error for each required reference of `resource` whose target needs it as well.

    Those among the fields `typed` are to become optional.
    """
    texts = {field: text for text, field in typed}
    name = resource.names.singular
    found = world(project, resource).resources
    needing = [
        field
        for field in resource.references
        if field.target
        and field.target != name
        and not field.optional
        and name in circles.reachable(field.target, found, required=True)
    ]
    return [
        InvalidField(
            f"field '{field.name}': {field.target} needs {name}, so neither could have a "
            "first row: make it optional",
            instead=((texts[field], f"{texts[field]}:optional"),) if field in texts else (),
        )
        for field in needing
    ]


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
