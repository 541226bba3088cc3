"""Whether the entries of the recipe can be read, and agree with each other."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from fastgen.checks.difference import Difference, quoted, restoring
from fastgen.errors import FastgenError, Refused
from fastgen.project import resources
from fastgen.project.lines import ONLY_FIELD
from fastgen.project.place import Project
from fastgen.project.resources import Entry
from fastgen.slices.resource import USER, World

NAMED = re.compile(rb"^name: ([a-z][a-z0-9_]*)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Recipe:
    """The entries that can be read, by name, and all there are."""

    entries: Mapping[str, Entry]
    names: frozenset[str]

    def world(self, project: Project) -> World:
        """Return what the resources are rendered into."""
        found = {name: one.resource for name, one in self.entries.items()}
        return World(project.database, found)

    def lacks(self, entry: Entry) -> list[str]:
        """Return to which resources without an entry that can be read `entry` refers."""
        targets = {field.target or "" for field in entry.resource.references}
        return sorted(targets - self.entries.keys() - {USER})


def load(project: Project) -> tuple[Recipe, list[Difference]]:
    """Read all entries of `project`, and what is wrong with those that cannot be read."""
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
    """Find what the entries of `recipe` say that cannot be true of all of them."""
    tables: dict[str, Entry] = {}
    for entry in recipe.entries.values():
        names = entry.resource.names
        other = tables.setdefault(names.table, entry)
        if other is not entry:
            yield Difference(
                entry.path,
                f"its table {names.table} is that of {other.resource.names.singular} too",
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
    """Return the command that gives an entry the name of what it is about, if that is free."""
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
