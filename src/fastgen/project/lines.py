"""From what was typed to a resource, with every mistake told at once."""

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass

from fastgen.errors import FastgenError, InvalidField, Refused
from fastgen.fields.model import Field
from fastgen.fields.parse import parse
from fastgen.fields.show import show
from fastgen.messages import meant, nearest
from fastgen.names import Names, resolve, snake
from fastgen.project import resources
from fastgen.project.place import Project
from fastgen.slices import makings
from fastgen.slices.resource import USER, Access, Resource, World

OWNER = ("owner", "owner_id")


@dataclass(frozen=True, slots=True)
class Understood:
    """The resource that was typed, as far as it could be, and all that is wrong with it."""

    resource: Resource | None
    mistakes: tuple[FastgenError, ...]


def understand(
    project: Project, name: str, plural: str | None, texts: Sequence[str], access: Access
) -> Understood:
    """Return the resource that was typed, and every mistake; nothing of it when it has no name.

    With mistakes, the resource has those fields that have none of their own.
    """
    names, mistakes = None, list[FastgenError]()
    try:
        names = _names(project, name, plural)
    except FastgenError as error:
        mistakes += error.parts
    fields, wrong = understood_fields(project, texts, access, names or snake(name))
    resource = Resource(names, access, fields) if names else None
    alone = makings.without_a_first(resource) if resource else []
    return Understood(resource, (*mistakes, *wrong, *alone))


def understood_fields(
    project: Project,
    texts: Sequence[str],
    access: Access,
    called: Names | str,
    known: tuple[Field, ...] = (),
) -> tuple[tuple[Field, ...], list[FastgenError]]:
    """Return the fields `texts` of the resource that is `called` so, and all mistakes in them.

    The `known` ones are there already. With mistakes, fields that have any are left out.
    """
    there = [show(field) for field in known]
    mistakes: list[FastgenError] = []
    try:
        fields = parse_fields(project, [*there, *texts], access)[len(there) :]
    except FastgenError as error:
        mistakes += error.parts
        fields = _readable(project, texts, access)
    own = called if isinstance(called, str) else called.singular
    if isinstance(called, Names):
        fields = resources.retargeted(project.root, fields, called)
    unknown = unknown_targets(project, fields, own)
    missing = {field for field, _ in unknown}
    mistakes += [error for _, error in unknown]
    return tuple(field for field in fields if field not in missing), mistakes


def _names(project: Project, name: str, plural: str | None) -> Names:
    """Return the names; those of a resource that is there are known without its plural."""
    known = resources.known_as(project.root, name)
    entry = resources.load(project.root, known, project.database) if known else None
    return resolve(name, plural) if entry is None or plural else entry.resource.names


def parse_fields(project: Project, texts: Sequence[str], access: Access) -> tuple[Field, ...]:
    """Parse `texts` for a resource with that `access`; raises `Several` or `InvalidField`."""
    reserved = OWNER if access == "owner" else ()
    fields = parse(texts, database=project.database, reserved=reserved)
    return resources.retargeted(project.root, fields)


def unknown_targets(
    project: Project, fields: Sequence[Field], own: str
) -> list[tuple[Field, FastgenError]]:
    """Return each reference to a resource that there is not, with its error."""
    known = sorted({USER, *resources.listed(project.root)} - {own})
    return [
        (field, _unknown(field, known))
        for field in fields
        if field.type == "ref" and field.target not in {own, *known}
    ]


def world(project: Project, *given: Resource) -> World:
    """Return what `given` are rendered into: themselves, and the resources that they lead to.

    Raises `Refused` when one of them is not there.
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
    """Return an error for each reference of `resource` whose target leads back to it."""
    name = resource.names.singular
    return [
        InvalidField(
            f"field '{field.name}': {field.target} refers to {name}, so rows of neither could be "
            "made or dropped first: write such a pair by hand",
            f"fastgen add resource {name}_{field.target} {name}:ref:{name} "
            f"{field.target}:ref:{field.target}",
        )
        for field in resource.references
        if field.target and field.target != name and name in _reachable(project, field.target)
    ]


def _readable(project: Project, texts: Sequence[str], access: Access) -> tuple[Field, ...]:
    """Return those of the fields that have no mistake of their own."""
    found: list[Field] = []
    for text in texts:
        with contextlib.suppress(FastgenError):
            found += parse_fields(project, [text], access)
    return tuple(found)


def _reachable(project: Project, start: str) -> set[str]:
    """Return the resources that `start` refers to, also by way of others."""
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
    if entry is None:
        path = resources.path_of(resource.names.singular)
        raise Refused(
            f"{path} refers to {target}, which is no resource of this project",
            f"git log -- {resources.path_of(target)}",
        )
    return entry.resource


def _unknown(field: Field, known: Sequence[str]) -> FastgenError:
    near = nearest(field.target or "", known)
    return InvalidField(
        f"field '{field.name}': there is no resource {field.target!r} to refer to: "
        f"there are {', '.join(known)}{meant(near)}",
        f"{field.name}:ref:{near}" if near else f"fastgen add resource {field.target}",
    )
