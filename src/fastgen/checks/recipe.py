"""Whether the entries of the recipe can be read, and agree with each other."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from fastgen.checks.difference import Difference, history, quoted, restoring
from fastgen.errors import FastgenError
from fastgen.project import resources
from fastgen.project.place import Project
from fastgen.project.resources import Entry
from fastgen.slices.resource import USER, World


@dataclass(frozen=True, slots=True)
class Recipe:
    """The entries that can be read, by name, and all there are."""

    entries: Mapping[str, Entry]
    names: frozenset[str]

    def world(self, project: Project) -> World:
        """Return what the resources are rendered into."""
        return World(project.database, {name: one.resource for name, one in self.entries.items()})

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
            wrong.append(Difference(path, told, history(project, [path], f"rm {quoted([path])}")))
            continue
        if entry is not None:
            wrong += _misnamed(project, name, entry)
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
                history(
                    project, [other.path, entry.path], f"diff {quoted([other.path, entry.path])}"
                ),
            )
        for target in set(recipe.lacks(entry)) - recipe.names:
            yield Difference(
                entry.path,
                f"it refers to {target}, which is not a resource",
                restoring(
                    project, resources.path_of(target), f"fastgen add resource {target} name:str"
                ),
            )


def _misnamed(project: Project, name: str, entry: Entry) -> Iterator[Difference]:
    own = entry.resource.names.singular
    if own != name:
        path = resources.path_of(name)
        file = PurePosixPath(entry.path).name
        hint = f"mv {quoted([path, entry.path])}"
        if project.read(entry.path) is not None:
            hint = f"diff {quoted([path, entry.path])}"
        yield Difference(path, f"it is about {own}, so it should be called {file}", hint)
