"""Reads decisions about a resource from its code, also those that no recipe can record."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from fastgen.commands.check import (
    decided_access,
    decided_classes,
    decided_columns,
    decided_migrations,
    decided_path,
)
from fastgen.commands.check.difference import Difference
from fastgen.commands.check.entries import Entries
from fastgen.commands.check.slice_source import Slice, Told
from fastgen.errors import FastgenError
from fastgen.names import layout
from fastgen.project.migrations import Migration
from fastgen.project.project import Project
from fastgen.project.resources import Entry
from fastgen.slices.resource import USERS

ACCEPT = "fastgen check --accept"


@dataclass(frozen=True, slots=True)
class Decided:
    """An entry as the code has it, the differences from the recipe, and what cannot be recorded."""

    entry: Entry
    # The new names of fields and their columns.
    renamed: Mapping[str, str] = field(default_factory=dict)
    differences: tuple[Difference, ...] = ()
    notes: tuple[str, ...] = ()


def read(project: Project, found: Entries, entry: Entry, history: Sequence[Migration]) -> Decided:
    """Return what the code of the slice of `entry` says, nothing new if it cannot be rendered."""
    if found.lacks(entry):
        return Decided(entry)
    if entry.resource.names == USERS:
        return _of_accounts(project, found, entry, history)
    files = Slice(project, entry, found.world(project))
    try:
        classes, path = decided_classes.read(files), decided_path.read(files)
        access = decided_access.read(files)
        names = replace(path.names, own_classes=classes.own)
        now = decided_migrations.squashed(entry, history)
        squashed = [] if now is entry else [_squashed(entry)]
        now = replace(now, resource=replace(access.resource, names=names))
        columns = decided_columns.read(project, found, now, history)
    except FastgenError:
        return Decided(entry)
    found_told = (*classes.told, *path.told, *access.told, *columns.told)
    told = (_difference(project, one) for one in found_told)
    notes = (*_notes(project, entry, access), *columns.notes)
    now = replace(now, resource=columns.resource)
    return Decided(now, columns.renamed, (*told, *squashed), notes)


def _of_accounts(
    project: Project, found: Entries, entry: Entry, history: Sequence[Migration]
) -> Decided:
    """Return what the code says of the added fields: the rest of accounts is the project's own."""
    if not entry.resource.fields:
        return Decided(entry)
    now = decided_migrations.squashed(entry, history)
    squashed = [] if now is entry else [_squashed(entry)]
    try:
        columns = decided_columns.read(project, found, now, history)
    except FastgenError:
        return Decided(entry)
    told = (_difference(project, one) for one in columns.told)
    now = replace(now, resource=columns.resource)
    return Decided(now, columns.renamed, (*told, *squashed), columns.notes)


def _difference(project: Project, told: Told) -> Difference:
    return Difference(project.places.file(told.path), f"line {told.line}: {told.text}", ACCEPT)


def _squashed(entry: Entry) -> Difference:
    name = entry.resource.names.singular
    told = f"other migrations replaced those of {name}, which {entry.path} does not record"
    return Difference(layout.VERSIONS, told, ACCEPT)


def _notes(project: Project, entry: Entry, access: decided_access.Access) -> Iterator[str]:
    for one in access.unclear:
        yield (
            f"{project.places.file(one.path)}, line {one.line}: {one.text}; the access "
            f"stays {entry.resource.access}, and the code stays as it is"
        )


def applied(
    project: Project, found: Entries, history: Sequence[Migration]
) -> tuple[Entries, list[Difference]]:
    """Return the entries as the code has them, and how they differ from the recipe."""
    seen = {name: read(project, found, one, history) for name, one in found.by_name.items()}
    accounts = read(project, found, found.account, history)
    told = [difference for one in (accounts, *seen.values()) for difference in one.differences]
    by_name = {name: one.entry for name, one in seen.items()}
    return replace(found, by_name=by_name, account=accounts.entry), told
