"""Compares the files of a slice in the project with what fastgen rendered."""

from collections.abc import Collection, Mapping
from functools import partial

from fastgen.changes.plan import Change, Create, Edit, Manual
from fastgen.names import layout
from fastgen.project import imported_tests, merge, resources, sameness, wirings, worlds
from fastgen.project.edited import Generated
from fastgen.project.project import Project
from fastgen.project.records import Records
from fastgen.project.resources import Entry
from fastgen.project.wirings import Wiring
from fastgen.slices.finish import Finished
from fastgen.slices.resource import USERS, Resource
from fastgen.wiring.results import Edited


def changes(project: Project, files: Mapping[str, bytes], why: str) -> list[Change]:
    """Return the changes that give the project's files the content of `files`."""
    found: list[Change] = []
    for path, content in files.items():
        before = project.read(path)
        if before is None:
            found.append(Create(path, content, why))
        elif before != content and not (
            path.endswith(".py") and sameness.same(merge.unix(before), content)
        ):
            found.append(Edit(path, before, content, why))
    return found


def possible(
    project: Project, files: Mapping[str, bytes], coming: Collection[str] = ()
) -> tuple[dict[str, bytes], list[Manual]]:
    """Return which of `files` can be written, and the others as manual steps.

    Those `coming` may be written after them. Tests with an import that fails would stop pytest from
    collecting any test.
    """
    found = dict(files)
    left: list[Manual] = []
    for path, content in files.items():
        if not path.startswith(f"{layout.TESTS}/"):
            continue
        there = merge.unix(project.read(path) or b"")
        lost = imported_tests.missing(project, content, files, coming)
        if lost and not sameness.same(there, content):
            left.append(imported_tests.left(path, found.pop(path).decode(), lost))
    return found, left


def generated(project: Project, entry: Entry, records: Records, now: Finished) -> Generated:
    """Return the slice of `entry`, for which `now` is rendered."""
    # The files of accounts have no records where Copier made the project.
    accounts = entry.resource.names == USERS
    return Generated(project, records, now, partial(unwired, project, entry.resource), accounts)


def unwired(project: Project, resource: Resource, path: str, content: bytes) -> bytes:
    """Return the file `content` of the slice of `resource` without the wiring of other resources.

    Lists that people changed stay. Raises `Refused`.
    """
    for wiring in _lists(project, resource) if path == layout.model(resource.names) else ():
        result = wiring.take_out(content)
        content = result.source if isinstance(result, Edited) else content
    return content


def _lists(project: Project, resource: Resource) -> list[Wiring]:
    """Return the lists in the model of `resource` for the resources that refer to it."""
    name = resource.names.singular
    return [
        wiring
        for entry in resources.referring(project.root, name, project.database)
        for wiring in wirings.wirings(entry.resource, worlds.world(project, entry.resource))
        if wiring.path == layout.model(resource.names)
    ]
