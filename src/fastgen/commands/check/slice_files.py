"""Checks that the files, the columns and the table of a resource exist."""

import shlex
from collections.abc import Iterable, Iterator, Mapping

from fastgen.commands.check.difference import Difference, restoring
from fastgen.commands.check.revisions import bringing_back
from fastgen.names import layout
from fastgen.project import again, history
from fastgen.project.migrations import Migration
from fastgen.project.project import Project
from fastgen.project.resources import Entry
from fastgen.slices import environment
from fastgen.slices.render import paths
from fastgen.slices.resource import USER, USERS
from fastgen.wiring.classes import find_classes


def differences(project: Project, entry: Entry) -> Iterator[Difference]:
    """Find what `project` lacks of the slice of `entry`; edited files are no difference."""
    names = entry.resource.names
    missing = [path for path in paths(entry.resource) if project.read(path) is None]
    for path in missing:
        if path not in project.places.with_others:
            hint = restoring(project, path, _making(entry, path))
            yield Difference(path, f"it is missing, although it is part of {names.singular}", hint)
    model = layout.model(names)
    if model not in missing:
        yield from _columns(project, entry, model)


def _making(entry: Entry, path: str) -> str:
    """Return the command that makes the file `path` of `entry` again, or finds it."""
    if entry.resource.names == USERS:
        return f"git log --all --oneline -- {path}"
    return again.line(entry.resource, "--force")


def _without(entry: Entry, path: str, columns: Iterable[str]) -> str:
    """Return the command after which the model `path` of `entry` need not have `columns`."""
    if entry.resource.names == USERS:
        return shlex.join(["fastgen", "remove", "field", USER, *columns])
    return f"{environment.aside(path)} && {_making(entry, path)}"


def _columns(project: Project, entry: Entry, path: str) -> Iterator[Difference]:
    names = entry.resource.names
    wanted = {field.attribute for field in entry.resource.fields}
    lacks = _lacking(project.read(path) or b"", names.cls, wanted)
    told = [f"it has no class {names.cls}"]
    if lacks is not None:
        told = [f"{names.cls} has no {column}, which {entry.path} has" for column in sorted(lacks)]
    if not told:
        return
    hint = history.restoring(
        project.root, path, lambda content: _lacking(content, names.cls, wanted) == set()
    ) or _without(entry, path, sorted(lacks or wanted))
    yield from (Difference(path, one, hint) for one in told)


def _lacking(source: bytes, cls: str, columns: set[str]) -> set[str] | None:
    """Return which of `columns` the class `cls` lacks, None if there is no such class."""
    found = next((one for one in find_classes(source) if one.name == cls), None)
    return None if found is None else columns - {*found.attributes}


def migrated(
    project: Project, entry: Entry, known: Mapping[str, Migration], *, has_table: bool
) -> Iterator[Difference]:
    """Find the migrations of `entry` that are missing from `known`, and a missing table."""
    names = entry.resource.names
    lost = [revision for revision in entry.revisions if revision not in known]
    for revision in lost:
        told = f"the migration {revision} of {names.singular} is missing"
        yield Difference(layout.VERSIONS, told, bringing_back(project, revision))
    if not has_table and not lost:
        yield Difference(
            layout.VERSIONS,
            f"no migration creates the table {names.table} of {names.singular}",
            f'uv run alembic revision --autogenerate -m "create {names.labels}"',
        )
