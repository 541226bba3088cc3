"""Checks that the entries of the recipe can be read and agree with each other."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from fastgen.commands.check.difference import Difference, quoted, restoring
from fastgen.errors import FastgenError, Refused
from fastgen.project import account, resources, understand, written
from fastgen.project.project import Project
from fastgen.project.resources import Entry
from fastgen.slices.resource import USER, Resource, World

NAMED = re.compile(rb"^name: ([a-z][a-z0-9_]*)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Entries:
    """The entries of the recipe that can be read, and the names of all."""

    by_name: Mapping[str, Entry]
    # That of accounts.
    account: Entry
    names: frozenset[str]
    # The models that people wrote, by their names.
    written: Mapping[str, Resource]

    def world(self, project: Project) -> World:
        """Return the world in which the resources are rendered."""
        found = {name: one.resource for name, one in self.by_name.items()}
        return World(project.database, {**self.written, **found})

    def lacks(self, entry: Entry) -> list[str]:
        """Return what `entry` refers to and neither has a readable entry nor is written by hand."""
        targets = {field.target or "" for field in entry.resource.references}
        return sorted(targets - self.by_name.keys() - self.written.keys() - {USER})


def load(project: Project) -> tuple[Entries, list[Difference]]:
    """Read all entries of `project`; return them and what is wrong with the unreadable ones."""
    entries: dict[str, Entry] = {}
    wrong: list[Difference] = []
    names = resources.listed(project.root)
    for name in names:
        try:
            entry = resources.load(project.root, name, project.database)
        except FastgenError as error:
            wrong.append(_unreadable(project, name, error))
            continue
        if entry is not None:
            entries[entry.resource.names.singular] = entry
    try:
        accounts = account.entry(project)
    except FastgenError as error:
        wrong.append(_unreadable(project, USER, error))
        accounts = account.UNCHANGED
    by_hand = {name: one.resource for name, one in written.models(project).items()}
    return Entries(entries, accounts, frozenset(names), by_hand), wrong


def _unreadable(project: Project, name: str, error: FastgenError) -> Difference:
    path = resources.path_of(name)
    told = error.message.removeprefix(f"{path} ")
    return Difference(path, told, _renaming(project, path) or error.hint or _aside(path))


def compared(project: Project, known: Entries) -> Iterator[Difference]:
    """Find contradictions between the entries `known`."""
    tables: dict[str, Entry] = {}
    for entry in known.by_name.values():
        names = entry.resource.names
        other = tables.setdefault(names.table, entry)
        if other is not entry:
            yield Difference(
                entry.path,
                f"its table {names.table} is also the table of {other.resource.names.singular}",
                f"mv {quoted([entry.path, f'{entry.path}.other'])}",
            )
        for target in set(known.lacks(entry)) - known.names:
            yield Difference(
                entry.path,
                f"it refers to {target}, which is not a resource",
                restoring(
                    project,
                    resources.path_of(target),
                    f"fastgen add resource {understand.line(target)}",
                ),
            )


def _renaming(project: Project, path: str) -> str | None:
    """Return the command that renames an entry after its resource, None if that name is taken."""
    try:
        found = NAMED.search(
            resources.content(project.root, PurePosixPath(path).stem, project.database)
        )
    except Refused:
        return None
    right = resources.path_of(found[1].decode()) if found else path
    is_free = right != path and not (project.root / right).exists()
    return f"mv {quoted([path, right])}" if is_free else None


def _aside(path: str) -> str:
    return f"mv {quoted([path, f'{path}.broken'])}"
