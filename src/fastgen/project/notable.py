"""Notes about fields with effects that may be surprising."""

from collections.abc import Iterator, Sequence

from fastgen.fields.grammar import is_modifier
from fastgen.fields.model import Field
from fastgen.fields.split import split
from fastgen.fields.types import type_of
from fastgen.project import resources
from fastgen.project.project import Project
from fastgen.project.understand import Typed
from fastgen.slices import indexes
from fastgen.slices.resource import USER, Resource, World
from fastgen.slices.variables import article

# Who can delete rows of a resource that other users own.
DELETED_BY = {
    "signed_in": "every signed-in user",
    "admin": "every administrator",
}


def notes(
    project: Project, resource: Resource, typed: Sequence[Typed], world: World
) -> tuple[str, ...]:
    """Return notes about the fields `typed` of `resource`."""
    found: list[str] = []
    for text, field in typed:
        found += [*_limit(text, field), *_verbatim(field)]
        if field.ondelete == "cascade" and field.target != USER:
            found += _cascade(project, resource, field, world)
    return tuple(found)


def of_sets(resource: Resource) -> Iterator[str]:
    """Yield a note for each unique constraint that allows null, and index that is there already."""
    for names in resource.unique:
        optional = [f.name for f in resource.fields if f.name in names and f.optional]
        if optional:
            yield (
                f"unique {','.join(names)}: rows may have the same values where "
                f"{' or '.join(optional)} is null, as null is never equal to null"
            )
    for names in resource.index:
        if other := indexes.serving(resource, names):
            yield f"index {','.join(names)}: the index on {', '.join(other)} already serves it"


def _limit(text: str, field: Field) -> Iterator[str]:
    _, parts = split(text)
    type_ = type_of(field)
    if type_.default_max and not any(part.startswith("max=") for part in parts):
        yield (
            f"field {field.name}: at most {field.max} {type_.unit}, unless max= sets another limit"
        )


def _verbatim(field: Field) -> Iterator[str]:
    _, *after = (field.default or "").split(":")
    if type_of(field).verbatim and any(map(is_modifier, after)):
        yield (
            f"field {field.name}: its default is {field.default!r}, all of the text after "
            "default=; modifiers go before it"
        )


def _cascade(project: Project, resource: Resource, field: Field, world: World) -> Iterator[str]:
    target = world.resources[field.target or ""]
    private = [one.names.labels for one in _dragged(project, resource) if one.owned]
    if (who := DELETED_BY.get(target.rights.write)) and private:
        yield (
            f"field {field.name}: deleting {article(target.names.label)} deletes the "
            f"{' and '.join(private)} of all users that refer to it, and {who} may "
            "do that; ondelete=restrict refuses it while there are any"
        )


def _dragged(project: Project, resource: Resource) -> list[Resource]:
    """Return `resource` and the resources whose rows are deleted with its rows, also indirectly."""
    found = {resource.names.singular: resource}
    left = [resource]
    while left:
        name = left.pop().names.singular
        for entry in resources.referring(project.root, name, project.database):
            one = entry.resource
            if one.names.singular not in found and _cascades(one, name):
                found[one.names.singular] = one
                left.append(one)
    return list(found.values())


def _cascades(resource: Resource, target: str) -> bool:
    return any(f.target == target and f.ondelete == "cascade" for f in resource.references)
