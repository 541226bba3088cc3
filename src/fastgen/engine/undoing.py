"""Finds the migration that a change takes back, if git does not have it yet."""

import re
from collections.abc import Sequence
from dataclasses import replace

from fastgen.engine.changes import Change, Worlds, new_names
from fastgen.errors import FastgenError
from fastgen.migrating import difference, render
from fastgen.project import check_names, history, merge, migrations, sameness
from fastgen.project.migrations import Migration
from fastgen.project.project import Project
from fastgen.slices.finish import finish
from fastgen.slices.render import Renderer

TITLE = re.compile(r'^"""(.+)$', re.MULTILINE)
CREATED = re.compile(rb"^Created: .*$", re.MULTILINE)


def undone(
    project: Project,
    known: Sequence[Migration],
    changes: Sequence[Change],
    worlds: Worlds,
    renderer: Renderer,
) -> Migration | None:
    """Return the last of the `known` migrations if `changes` take back all that it does.

    None otherwise: it must be as fastgen wrote it, and in no commit.
    """
    last = next(iter(migrations.heads(known)), None)
    entries = [change.entry for change in changes]
    if last is None or not all(one and last.revision in one.revisions for one in entries):
        return None
    if not history.is_new(project.root, last.path):
        return None
    before = [one for one in known if one is not last]
    try:
        again = _again(project, changes, worlds, renderer, last, check_names.made(before))
    except FastgenError:
        return None
    return last if again and sameness.same(again, merge.unix(last.source)) else None


def note(gone: Migration) -> str:
    """Return what is told about a migration that is taken away."""
    back = gone.parents[0] if gone.parents else "base"
    return (
        f"{gone.path} is deleted, as no commit has it: a database where it has run must go back "
        f"before this, by `uv run alembic downgrade {back}`"
    )


def _again(
    project: Project,
    changes: Sequence[Change],
    worlds: Worlds,
    renderer: Renderer,
    last: Migration,
    checks: tuple[str, ...],
) -> bytes | None:
    """Return the migration that the opposite of `changes` would be in the place of `last`.

    Raises `Refused` where rows or types do not allow it.
    """
    names = {new: old for old, new in new_names(changes).items()}
    differences = [
        difference(
            change.new,
            change.old,
            replace(worlds.after, checks=checks),
            worlds.before,
            renamed={new: old for old, new in change.renamed.items()},
            renamed_resources=names,
        )
        for change in changes
    ]
    title = TITLE.search(last.source.decode(errors="replace"))
    created = CREATED.search(last.source)
    if title is None or created is None:
        return None
    made = render(renderer, differences, title[1].strip(), next(iter(last.parents), None))
    if made.revision != last.revision:
        return None
    [finished] = finish(project.root, [{made.path: made.text}])
    return CREATED.sub(created[0].rstrip(), finished.files[made.path])
