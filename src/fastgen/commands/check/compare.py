"""`fastgen check`, without a terminal: compare recipe, files, wiring and migrations."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from fastgen.changes import recovery
from fastgen.changes.plan import Plan
from fastgen.commands.check import (
    decided,
    domain,
    entries,
    generated,
    revisions,
    slice_files,
    uv_lock,
    wired,
)
from fastgen.commands.check.difference import Difference, restoring
from fastgen.commands.check.entries import Entries
from fastgen.engine import placing
from fastgen.errors import Refused
from fastgen.names import layout
from fastgen.project import migrations, rewiring, template_version
from fastgen.project import recipe as recipes
from fastgen.project.migrations import Migration
from fastgen.project.project import Project


def differences(project: Project) -> Iterator[Difference]:
    """Find where `project` does not agree with its recipe.

    An edited file agrees as long as it still has what other files need of it. In a project of
    another template, that is the only difference reported: the rest cannot be compared.
    """
    for text in project.left:
        yield Difference(".", text, recovery.UNDO)
    if error := template_version.difference(project.root, project.recipe.version):
        message = f"{error.message}; nothing else was checked"
        yield Difference(recipes.FILE, message, error.hint or "")
        return
    found, wrong = entries.load(project)
    yield from wrong
    yield from entries.compared(project, found)
    history, unreadable = _history(project)
    found, told = decided.applied(project, found, history)
    yield from told
    yield from unreadable or _migrations(project, found, history)
    if found.account.resource.fields:
        yield from slice_files.differences(project, found.account)
    known = wired.said(project)
    for entry in found.by_name.values():
        yield from slice_files.differences(project, entry)
        unsure = wired.missing(project, found, entry, known)
        yield from wired.differences(project, entry, unsure)
        yield from wired.without_router(project, entry, known)
    yield from wired.leftovers(project, found)
    yield from generated.differences(project)
    yield from domain.differences(project, found)
    yield from uv_lock.differences(project)


def _history(project: Project) -> tuple[Sequence[Migration], list[Difference]]:
    """Return the migrations, and what is wrong if they cannot be read."""
    try:
        return migrations.load(project.root), []
    except Refused as error:
        hint = restoring(project, layout.VERSIONS, f"ls -l {layout.VERSIONS}")
        return (), [Difference(layout.VERSIONS, error.message, hint)]


def _migrations(
    project: Project, found: Entries, history: Sequence[Migration]
) -> Iterator[Difference]:
    yield from revisions.differences(project, history)
    known = [found.account, *found.by_name.values()]
    by_revision = {one.revision: one for one in history}
    tables = revisions.tables(history, {entry.resource.names.table for entry in known})
    for entry in known:
        has_table = entry.resource.names.table in tables
        yield from slice_files.migrated(project, entry, by_revision, has_table=has_table)


@dataclass(frozen=True, slots=True)
class Fixed:
    """The changes that put a project right, and notes about them."""

    plan: Plan
    notes: tuple[str, ...] = ()


def fix(project: Project) -> Fixed:
    """Plan the missing wiring lines that can be added safely, and to put migrations in a row.

    Plans nothing in a project of another template.
    """
    if template_version.differs(project.recipe.version):
        return Fixed(Plan())
    found, _ = entries.load(project)
    known = wired.said(project)
    missing = [
        one
        for entry in found.by_name.values()
        for one in wired.missing(project, found, entry, known)
    ]
    changes, notes = revisions.in_a_row(project)
    edits = rewiring.added(project, missing).edits
    return Fixed(placing.placed(project, Plan((*edits, *changes))), notes)
