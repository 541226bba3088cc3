"""The migration of a change, from the difference between the tables."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from fastgen.changes.plan import Manual
from fastgen.engine import undoing
from fastgen.engine.carry import Migrate, Steps, no_migration
from fastgen.engine.changes import Change, Worlds, new_names, parents_first
from fastgen.migrating import Difference, difference, render
from fastgen.project import check_names, migrations
from fastgen.project.migrations import Migration
from fastgen.project.project import Project
from fastgen.slices.render import Renderer


def migration_of(project: Project, title: str, *, wanted: bool) -> Migrate:
    """Return the function that makes the migration called `title` of changes, if it is `wanted`.

    It raises `Refused` for changes that rows, or the history of the project, do not allow.
    """
    if not wanted:
        return no_migration

    def migrate(changes: Sequence[Change], worlds: Worlds, renderer: Renderer) -> Steps:
        known = migrations.load(project.root)
        found = _differences(parents_first(changes), worlds, check_names.made(known))
        needed = [(change, one) for change, one in found if _is_needed(change, one, known)]
        if not needed:
            return Steps()
        left = [one for change, _ in needed if (one := _by_hand(project, change, known, title))]
        if left:
            return Steps(manual=tuple(left))
        head = migrations.head(known)
        if gone := undoing.undone(project, known, changes, worlds.after):
            return Steps(gone=gone, notes=(undoing.note(gone),))
        differences = [one for _, one in needed]
        notes = dict.fromkeys(note.text for one in differences for note in one.notes)
        return Steps((render(renderer, differences, title, head),), notes=tuple(notes))

    return migrate


def _differences(
    changes: Sequence[Change], worlds: Worlds, checks: tuple[str, ...]
) -> Iterator[tuple[Change, Difference]]:
    names = new_names(changes)
    for change in changes:
        found = difference(
            change.old,
            change.new,
            replace(worlds.before, checks=checks),
            worlds.after,
            renamed=change.renamed,
            renamed_resources=names,
            fill=change.fill,
        )
        yield change, found


def _is_needed(change: Change, found: Difference, known: Sequence[Migration]) -> bool:
    """Whether there is something to migrate: a table that none creates need not be dropped."""
    if change.old and change.new is None and not migrations.makes(known, change.old.names.table):
        return False
    return bool(found.operations or found.mistakes)


def _by_hand(
    project: Project, change: Change, known: Sequence[Migration], title: str
) -> Manual | None:
    """Return the manual step for a table whose name is in no migration of fastgen's."""
    old = change.old
    if old is None:
        return None
    table, named = old.names.table, migrations.table_of(project, old)
    reason = migrations.renamed(project, old)
    if not reason and migrations.makes(known, table) is None:
        reason = f"no migration creates the table {table}"
    if reason is None:
        return None
    manual = migrations.by_hand(title, reason)
    if change.new and migrations.makes(known, table) and not migrations.makes(known, named):
        return migrations.rename(table, named, manual)
    return manual
