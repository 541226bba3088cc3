"""The lines of all resources in other files, to see a file without them."""

from collections.abc import Iterable, Iterator

from fastgen.errors import FastgenError
from fastgen.project import resources, wirings, worlds
from fastgen.project.project import Project
from fastgen.project.resources import Entry
from fastgen.project.wirings import Wiring
from fastgen.wiring.results import Edited


def entries(project: Project) -> Iterator[Entry]:
    """Yield the entries of the recipe that can be read."""
    for name in resources.listed(project.root):
        try:
            entry = resources.load(project.root, name, project.database)
        except FastgenError:
            continue
        if entry is not None:
            yield entry


def wanted(project: Project, known: Iterable[Entry]) -> list[Wiring]:
    """Return the wirings of the `known` entries of `project`, as far as they can be told."""
    found: list[Wiring] = []
    for entry in known:
        try:
            found += wirings.wirings(entry.resource, worlds.world(project, entry.resource))
        except FastgenError:
            continue
    return found


def removed(lines: Iterable[Wiring], path: str, content: bytes) -> bytes:
    """Return the `content` of the file `path` without `lines`."""
    for wiring in lines:
        if wiring.path == path:
            result = wiring.remove(content)
            content = result.source if isinstance(result, Edited) else content
    return content
