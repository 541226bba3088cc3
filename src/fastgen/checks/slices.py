"""Whether the files of a resource, its columns and its table are there."""

import shlex
from collections.abc import Iterator, Mapping

from fastgen.checks.difference import Difference, history, restoring
from fastgen.project import migrations
from fastgen.project.migrations import Migration
from fastgen.project.place import Project
from fastgen.project.resources import Entry
from fastgen.slices.render import paths
from fastgen.wiring.classes import find_classes


def differences(project: Project, entry: Entry) -> Iterator[Difference]:
    """Find what `project` lacks of the slice of `entry`; edited files are none of it."""
    names = entry.resource.names
    missing = [path for path in paths(entry.resource) if not (project.root / path).is_file()]
    for path in missing:
        otherwise = f"fastgen remove resource {names.singular}"
        hint = restoring(project, path, otherwise)
        yield Difference(path, f"it is not there, but part of {names.singular}", hint)
    model = f"src/app/models/{names.singular}.py"
    if model not in missing:
        yield from _columns(project, entry, model)


def _columns(project: Project, entry: Entry, path: str) -> Iterator[Difference]:
    names = entry.resource.names
    hint = f"git diff HEAD -- {shlex.quote(path)}"
    found = next(
        (one for one in find_classes(project.read(path) or b"") if one.name == names.cls), None
    )
    if found is None:
        yield Difference(path, f"it has no class {names.cls}", history(project, [path], hint))
        return
    for field in entry.resource.fields:
        if field.column not in found.attributes:
            told = f"{names.cls} has no {field.column}, which {entry.path} has"
            yield Difference(path, told, history(project, [path, entry.path], hint))


def migrated(
    entry: Entry, known: Mapping[str, Migration], *, has_table: bool
) -> Iterator[Difference]:
    """Find which of the migrations of `entry` are not among those `known` by revision."""
    names = entry.resource.names
    lost = [revision for revision in entry.revisions if revision not in known]
    for revision in lost:
        search = f"git log --all --oneline -S {shlex.quote(revision)} -- {migrations.FOLDER}"
        told = f"the migration {revision} of {names.singular} is not there"
        yield Difference(migrations.FOLDER, told, search)
    if not has_table and not lost:
        yield Difference(
            migrations.FOLDER,
            f"no migration makes the table {names.table} of {names.singular}",
            f'uv run alembic revision --autogenerate -m "create {names.labels}"',
        )
