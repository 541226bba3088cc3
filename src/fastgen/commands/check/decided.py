"""Reads what people decided about a resource in the code: names of classes, path, access."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from fastgen.commands.check import decided_access, decided_classes, decided_path
from fastgen.commands.check.difference import Difference
from fastgen.commands.check.entries import Entries
from fastgen.commands.check.slice_source import Slice
from fastgen.errors import FastgenError
from fastgen.project.project import Project
from fastgen.project.resources import Entry
from fastgen.slices.resource import Resource

ACCEPT = "fastgen check --accept"


@dataclass(frozen=True, slots=True)
class Decided:
    """A resource as the code has it, how it differs from the recipe, and what cannot be said."""

    resource: Resource
    differences: tuple[Difference, ...] = ()
    notes: tuple[str, ...] = ()


def read(project: Project, found: Entries, entry: Entry) -> Decided:
    """Return what the code of the slice of `entry` says, nothing new if it cannot be rendered."""
    if found.lacks(entry):
        return Decided(entry.resource)
    files = Slice(project, entry, found.world(project))
    try:
        classes, path = decided_classes.read(files), decided_path.read(files)
        access = decided_access.read(files)
    except FastgenError:
        return Decided(entry.resource)
    names = replace(path.names, own_classes=classes.own)
    resource = replace(access.resource, names=names)
    told = (
        Difference(project.places.file(one.path), f"line {one.line}: {one.text}", ACCEPT)
        for one in (*classes.told, *path.told, *access.told)
    )
    return Decided(resource, (*told,), (*_notes(project, entry, access),))


def _notes(project: Project, entry: Entry, access: decided_access.Access) -> Iterator[str]:
    for one in access.unclear:
        yield (
            f"{project.places.file(one.path)}, line {one.line}: {one.text}; it keeps "
            f"{entry.resource.access}, and the code stays as it is"
        )


def applied(project: Project, found: Entries) -> tuple[Entries, list[Difference]]:
    """Return the entries as the code has them, and how they differ from the recipe."""
    seen = {name: read(project, found, entry) for name, entry in found.by_name.items()}
    entries = {
        name: replace(entry, resource=seen[name].resource) for name, entry in found.by_name.items()
    }
    told = [difference for one in seen.values() for difference in one.differences]
    return replace(found, by_name=entries), told
