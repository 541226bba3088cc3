"""Finds the migrations that a change takes back, if git does not have them yet."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from fastgen.engine.changes import Change, Worlds, new_names
from fastgen.errors import FastgenError
from fastgen.migrating import Difference, difference, render
from fastgen.project import check_names, history, merge, migrations, sameness
from fastgen.project.migrations import Migration
from fastgen.project.project import Project
from fastgen.project.resources import Entry
from fastgen.slices import column_sets
from fastgen.slices.finish import finish
from fastgen.slices.render import Renderer
from fastgen.slices.resource import Resource, World

TITLE = re.compile(r'^"""(.+)$', re.MULTILINE)
# What a migration adds to a table, alone or in a batch.
ADDED = re.compile(rb"""\.add_column\(\s*(?:"[^"]+",\s*)?sa\.Column\(\s*"(\w+)\"""")
CREATED = re.compile(rb"^Created: .*$", re.MULTILINE)


# Returns differences, given the names of the check constraints of earlier migrations.
Make = Callable[[tuple[str, ...]], list[Difference]]


@dataclass(frozen=True, slots=True)
class History:
    """The migrations that there are, in a project with its templates."""

    project: Project
    renderer: Renderer
    known: Sequence[Migration]

    def last_of(self, entries: Iterable[Entry | None]) -> Migration | None:
        """Return the last migration if all `entries` have it, and no commit does."""
        last = next(iter(migrations.heads(self.known)), None)
        if last is None or not all(one and last.revision in one.revisions for one in entries):
            return None
        return last if history.is_new(self.project.root, last.path) else None

    def before(self, last: Migration) -> "History":
        """Return the history without its `last` migration."""
        return replace(self, known=[one for one in self.known if one is not last])

    def has_made(self, last: Migration, make: Make) -> bool:
        """Whether `last` is as fastgen makes it of the differences from `make`."""
        checks = check_names.made(self.before(last).known)
        try:
            again = _rendered(self, last, make(checks))
        except FastgenError:
            return False
        return again is not None and sameness.same(again, merge.unix(last.source))


def undone(known: History, changes: Sequence[Change], worlds: Worlds) -> tuple[Migration, ...]:
    """Return the last of the `known` migrations, last first, if `changes` take back all they do.

    They must be as fastgen wrote them, and in no commit.
    """
    last = known.last_of(change.entry for change in changes)
    if last is None:
        return ()
    if known.has_made(last, partial(_opposite, changes, worlds)):
        return (last,)
    if len(changes) == 1 and changes[0].new is None:
        return tuple(_grown(known, changes[0], worlds.before))
    return ()


def _opposite(
    changes: Sequence[Change], worlds: Worlds, checks: tuple[str, ...]
) -> list[Difference]:
    """Return the differences from the new state to the old one.

    Raises `Refused` where rows or types do not allow it.
    """
    names = {new: old for old, new in new_names(changes).items()}
    return [
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


def _grown(known: History, change: Change, world: World) -> list[Migration]:
    """Return the migrations that created the table of a removed resource, and added columns to it.

    Empty if there are others, or fields with values for rows that nobody knows any longer.
    """
    after, found = change.old, []
    while after is not None:
        last = known.last_of([change.entry])
        if last is None:
            return []
        before = _without_new(after, last)
        steps = partial(_step, before, after, world)
        if before == after or not known.has_made(last, steps):
            return []
        found.append(last)
        known, after = known.before(last), before
    return found


def _without_new(resource: Resource, made: Migration) -> Resource | None:
    """Return `resource` without the columns that `made` adds, None if it creates the table."""
    if migrations.makes([made], resource.names.table):
        return None
    added = {name.decode() for name in ADDED.findall(made.source)}
    new = [field for field in resource.fields if field.column in added]
    return column_sets.without(resource, new)


def _step(
    before: Resource | None, after: Resource, world: World, checks: tuple[str, ...]
) -> list[Difference]:
    name = after.names.singular
    others = {**world.resources, name: before} if before else world.resources
    now = replace(world, resources={**world.resources, name: after})
    return [difference(before, after, replace(world, resources=others, checks=checks), now)]


def note(gone: Sequence[Migration]) -> str:
    """Return what is told about migrations that are taken away, the last first."""
    paths = ", ".join(one.path for one in gone)
    first = gone[-1].parents
    are, have = ("is", "it has") if len(gone) == 1 else ("are", "they have")
    return (
        f"{paths} {are} deleted, as no commit has {'it' if len(gone) == 1 else 'them'}: a database "
        f"where {have} run must go back before this, by "
        f"`uv run alembic downgrade {first[0] if first else 'base'}`"
    )


def _rendered(known: History, last: Migration, differences: Sequence[Difference]) -> bytes | None:
    """Return the migration of `differences` in the place of `last`; raises `Refused`."""
    title = TITLE.search(last.source.decode(errors="replace"))
    created = CREATED.search(last.source)
    if title is None or created is None:
        return None
    made = render(known.renderer, differences, title[1].strip(), next(iter(last.parents), None))
    if made.revision != last.revision:
        return None
    [finished] = finish(known.project.root, [{made.path: made.text}])
    return CREATED.sub(created[0].rstrip(), finished.files[made.path])
