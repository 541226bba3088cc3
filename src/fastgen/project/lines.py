"""From what was typed to a resource, with every mistake told at once."""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches

from fastgen.errors import FastgenError, InvalidField, raise_all
from fastgen.fields.model import Field
from fastgen.fields.parse import parse
from fastgen.names import Names, resolve
from fastgen.project import resources
from fastgen.project.place import Project
from fastgen.slices.resource import USER, Access, Resource, World

OWNER = ("owner", "owner_id")


def understand(
    project: Project, name: str, plural: str | None, texts: Sequence[str], access: Access
) -> Resource:
    """Return the resource that was typed; raises `Several` or the one mistake in it."""
    mistakes: list[FastgenError] = []
    names: Names | None = None
    fields: tuple[Field, ...] = ()
    try:
        names = resolve(name, plural)
    except FastgenError as error:
        mistakes += error.parts
    try:
        fields = parse_fields(project, texts, access)
    except FastgenError as error:
        mistakes += error.parts
    mistakes += unknown_targets(project, fields, names.singular if names else None)
    raise_all(mistakes)
    if names is None:
        raise InvalidField("a resource needs a name", "fastgen add resource item")
    return Resource(names, access, fields)


def parse_fields(project: Project, texts: Sequence[str], access: Access) -> tuple[Field, ...]:
    """Parse `texts` for a resource with that `access`; raises `Several` or `InvalidField`."""
    reserved = OWNER if access == "owner" else ()
    return parse(texts, database=project.database, reserved=reserved)


def unknown_targets(
    project: Project, fields: Sequence[Field], own: str | None
) -> list[FastgenError]:
    """Return an error for each reference to a resource that there is not."""
    known = {USER, *resources.listed(project.root), *([own] if own else [])}
    return [
        _unknown(field, sorted(known))
        for field in fields
        if field.type == "ref" and field.target not in known
    ]


def world(project: Project, *given: Resource) -> World:
    """Return what `given` are rendered into: the resources that they refer to, and themselves."""
    found: Mapping[str, Resource] = {one.names.singular: one for one in given}
    loaded = {
        field.target: entry.resource
        for one in given
        for field in one.references
        if field.target and field.target not in found
        if (entry := resources.load(project.root, field.target, project.database))
    }
    return World(project.database, {**loaded, **found})


def _unknown(field: Field, known: Sequence[str]) -> FastgenError:
    near = get_close_matches(field.target or "", known, 1)
    meant = f"; did you mean {near[0]}?" if near else ""
    return InvalidField(
        f"field '{field.name}': there is no resource {field.target!r} to refer to: "
        f"there are {', '.join(known)}{meant}",
        f"{field.name}:ref:{near[0]}" if near else f"fastgen add resource {field.target}",
    )
