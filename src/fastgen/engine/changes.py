"""What differs between two recipes, and the resources that refer to it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from fastgen.project import resources, worlds
from fastgen.project.project import Project
from fastgen.project.resources import Entry
from fastgen.slices.clashes import Typed
from fastgen.slices.resource import Resource, World


@dataclass(frozen=True, slots=True)
class Change:
    """A resource before and after: None before it is added, and after it is removed.

    One that only refers to a changed resource is the same before and after, apart from its name.
    """

    entry: Entry | None
    new: Resource | None
    # The new names of renamed fields.
    renamed: Mapping[str, str] = field(default_factory=dict)
    # What was typed for the resource, and for its new fields.
    typed: Typed | None = None
    # The values of existing rows, by column, as they were typed.
    fill: Mapping[str, str] = field(default_factory=dict)
    # Whether its missing files and wiring are brought back.
    again: bool = False

    @property
    def old(self) -> Resource | None:
        """The resource before."""
        return self.entry.resource if self.entry else None


@dataclass(frozen=True, slots=True)
class Worlds:
    """The surroundings of all changed resources, before and after."""

    before: World
    after: World


def worlds_of(project: Project, changes: Sequence[Change]) -> Worlds:
    """Return the worlds of `changes`; raises `Refused` for an unknown target."""
    return Worlds(
        worlds.world(project, *(change.old for change in changes if change.old)),
        worlds.world(project, *(change.new for change in changes if change.new)),
    )


def with_referring(project: Project, changes: Sequence[Change]) -> list[Change]:
    """Return `changes`, and one for each resource that refers to a changed one, also indirectly.

    Their files may mention its names, its access, and the values of its fields. Raises `Refused`.
    """
    found = {change.old.names.singular: change for change in changes if change.old}
    names = new_names(changes)
    left = list(found)
    while left:
        for entry in resources.referring(project.root, left.pop(), project.database):
            name = entry.resource.names.singular
            if name not in found:
                found[name] = Change(entry, _retargeted(entry.resource, names))
                left.append(name)
    return [
        *(_followed(change, names) for change in found.values()),
        *(change for change in changes if change.old is None),
    ]


def parents_first(changes: Sequence[Change]) -> list[Change]:
    """Return `changes` in an order in which each comes after those that it refers to."""
    left = {_name(change): change for change in changes}
    ordered: list[Change] = []
    while left:
        ready = [name for name, one in left.items() if not (_targets(one) - {name}) & left.keys()]
        ordered += [left.pop(name) for name in ready or _breaking(left)]
    return ordered


def _breaking(left: Mapping[str, Change]) -> list[str]:
    """Return the first change whose references to others `left` may all be null.

    Resources refer to each other in a circle only if that is so somewhere in it, or by hand.
    """
    for name, one in left.items():
        if not (_targets(one, required=True) - {name}) & left.keys():
            return [name]
    return list(left)


def _name(change: Change) -> str:
    resource = change.new or change.old
    return resource.names.singular if resource else ""


def _targets(change: Change, *, required: bool = False) -> set[str]:
    resource = change.new or change.old
    fields = resource.references if resource else ()
    return {one.target or "" for one in fields if not (required and one.optional)}


def new_names(changes: Sequence[Change]) -> dict[str, str]:
    """Return the new name of each resource that has one before and after."""
    pairs = [(change.old, change.new) for change in changes]
    return {old.names.singular: new.names.singular for old, new in pairs if old and new}


def _followed(change: Change, names: Mapping[str, str]) -> Change:
    return replace(change, new=_retargeted(change.new, names)) if change.new else change


def _retargeted(resource: Resource, names: Mapping[str, str]) -> Resource:
    fields = (
        replace(one, target=names.get(one.target or "", one.target)) for one in resource.fields
    )
    return replace(resource, fields=tuple(fields))
