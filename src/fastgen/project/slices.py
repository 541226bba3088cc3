"""The files of a slice as the project has them, next to what fastgen made."""

from collections.abc import Mapping, Sequence

from fastgen.changes.plan import Change, Create, Edit
from fastgen.project import lines, resources, wirings
from fastgen.project.place import Project
from fastgen.project.resources import Entry
from fastgen.slices.digests import digest
from fastgen.slices.make import Made
from fastgen.slices.resource import Resource
from fastgen.wiring.classes import find_classes
from fastgen.wiring.results import Edited


def changes(project: Project, files: Mapping[str, bytes], why: str) -> list[Change]:
    """Return what makes the project's files hold `files`: nothing where they do."""
    found: list[Change] = []
    for path, content in files.items():
        before = project.read(path)
        if before is None:
            found.append(Create(path, content, why))
        elif before != content:
            found.append(Edit(path, before, content, why))
    return found


def entry(resource: Resource, made: Made, revisions: Sequence[str]) -> Entry:
    """Return what the recipe is to say of `resource`, which has become `made`."""
    digests = {path: digest(content) for path, content in made.files.items()}
    return Entry(resource, digests, made.render, tuple(revisions))


def wired(project: Project, resource: Resource, made: Made) -> Made:
    """Return `made` as others wire it: its model with the lists of those that refer to it.

    These are the lists that the project's model has, in its order. Raises `Refused`.
    """
    names = resource.names
    path = f"src/app/models/{names.singular}.py"
    classes = find_classes(project.read(path) or b"")
    lists = {
        wiring.attribute: wiring
        for entry in resources.referring(project.root, names.singular, project.database)
        for wiring in wirings.wirings(entry.resource, lines.world(project, entry.resource))
        if wiring.path == path
    }
    content = made.files[path]
    for attribute in (a for one in classes if one.name == names.cls for a in one.attributes):
        result = lists[attribute].add(content) if attribute in lists else None
        content = result.source if isinstance(result, Edited) else content
    return Made({**made.files, path: content}, made.render)
