"""`fastgen check`, without a terminal: whether recipe, files, wiring and migrations agree."""

from collections.abc import Iterator

from fastgen.changes import recovery
from fastgen.changes.plan import Plan
from fastgen.checks import lock, recipe, revisions, slices, wired
from fastgen.checks.difference import Difference, restoring
from fastgen.checks.recipe import Recipe
from fastgen.errors import Refused
from fastgen.project import migrations, wirings
from fastgen.project.place import Project


def differences(project: Project) -> Iterator[Difference]:
    """Find all in `project` that does not agree with its recipe.

    Files that people edited agree as long as what others need of them is there.
    """
    for text in project.left:
        yield Difference(".", text, recovery.UNDO)
    found, wrong = recipe.load(project)
    yield from wrong
    yield from recipe.compared(project, found)
    yield from _migrations(project, found)
    known = wired.said(project)
    for entry in found.entries.values():
        yield from slices.differences(project, entry)
        unsure = wired.missing(project, found, entry, known)
        yield from wired.differences(project, entry, unsure)
        yield from wired.without_router(project, entry, known)
    yield from wired.leftovers(project, found)
    yield from lock.differences(project)


def _migrations(project: Project, found: Recipe) -> Iterator[Difference]:
    try:
        history = migrations.load(project.root)
    except Refused as error:
        hint = restoring(project, migrations.FOLDER, f"ls -l {migrations.FOLDER}")
        yield Difference(migrations.FOLDER, error.message, hint)
        return
    yield from revisions.differences(project, history)
    entries = found.entries.values()
    by_revision = {one.revision: one for one in history}
    tables = revisions.tables(history, {entry.resource.names.table for entry in entries})
    for entry in entries:
        has_table = entry.resource.names.table in tables
        yield from slices.migrated(project, entry, by_revision, has_table=has_table)


def fix(project: Project) -> Plan:
    """Plan the wiring lines that are missing and can be added safely, nothing else."""
    found, _ = recipe.load(project)
    known = wired.said(project)
    missing = [
        one
        for entry in found.entries.values()
        for one in wired.missing(project, found, entry, known)
    ]
    return Plan(wirings.added(project, missing).edits)
