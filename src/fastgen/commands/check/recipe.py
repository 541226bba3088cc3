"""Checks that the entries of the recipe can be read and agree with each other."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from fastgen.commands.check.difference import Difference, quoted, restoring
from fastgen.errors import FastgenError, Refused
from fastgen.project import resources
from fastgen.project.lines import ONLY_FIELD
from fastgen.project.place import Project
from fastgen.project.resources import Entry
from fastgen.slices.resource import USER, World

NAMED = re.compile(rb"^name: ([a-z][a-z0-9_]*)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Recipe:
    """The readable entries by name, and the names of all entries."""

    entries: Mapping[str, Entry]
    names: frozenset[str]

    def world(self, project: Project) -> World:
        """Return the world in which the resources are rendered."""
        found = {name: one.resource for name, one in self.entries.items()}
        return World(project.database, found)

    def lacks(self, entry: Entry) -> list[str]:
        """Return the resources that `entry` refers to and that have no readable entry."""
        targets = {field.target or "" for field in entry.resource.references}
        return sorted(targets - self.entries.keys() - {USER})


def load(project: Project) -> tuple[Recipe, list[Difference]]:
    """Read all entries of `project`; return them and what is wrong with the unreadable ones."""
    entries: dict[str, Entry] = {}
    wrong: list[Difference] = []
    names = resources.listed(project.root)
    for name in names:
        try:
            entry = resources.load(project.root, name, project.database)
        except FastgenError as error:
            path = resources.path_of(name)
            told = error.message.removeprefix(f"{path} ")
            hint = _renaming(project, path) or error.hint or _aside(path)
            wrong.append(Difference(path, told, hint))
            continue
        if entry is not None:
            entries[entry.resource.names.singular] = entry
    return Recipe(entries, frozenset(names)), wrong


def compared(project: Project, recipe: Recipe) -> Iterator[Difference]:
    """Find contradictions between the entries of `recipe`."""
    tables: dict[str, Entry] = {}
    for entry in recipe.entries.values():
        names = entry.resource.names
        other = tables.setdefault(names.table, entry)
        if other is not entry:
            yield Difference(
                entry.path,
                f"its table {names.table} is also that of {other.resource.names.singular}",
                f"mv {quoted([entry.path, f'{entry.path}.other'])}",
            )
        for target in set(recipe.lacks(entry)) - recipe.names:
            yield Difference(
                entry.path,
                f"it refers to {target}, which is not a resource",
                restoring(
                    project,
                    resources.path_of(target),
                    f"fastgen add resource {target} {ONLY_FIELD}",
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
