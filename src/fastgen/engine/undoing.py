"""Finds the migrations that a change takes back, if they are not committed yet."""

from collections.abc import Collection, Mapping, Sequence
from pathlib import PurePosixPath

from fastgen.engine.changes import Change
from fastgen.errors import FastgenError
from fastgen.project import migrations, recent, recorded, resources
from fastgen.project.migrations import Migration
from fastgen.project.project import Project
from fastgen.slices import tables
from fastgen.slices.resource import Resource, World
from fastgen.system import parsing


def undone(
    project: Project, known: Sequence[Migration], changes: Sequence[Change], after: World
) -> tuple[Migration, ...]:
    """Return the last of the `known` migrations, last first, if `changes` take back all they do.

    They must be as fastgen wrote them, uncommitted, and about the changed resources only.
    """
    changed = [change for change in changes if change.old != change.new]
    # An account without added fields has no entry.
    wanted = [change.new for change in changed if change.new and change.new.fields]
    paths = {change.entry.path for change in changed if change.entry}
    gone: list[Migration] = []
    while len(heads := migrations.heads(one for one in known if one not in gone)) == 1:
        [last] = heads
        step = recent.step(project.root, last)
        if step is None or paths != {*step.after}:
            return ()
        gone.append(last)
        paths = {*step.before}
        if _are_as(project, step.before, wanted, after):
            return tuple(gone)
    return ()


def _are_as(
    project: Project, entries: Mapping[str, str], wanted: Collection[Resource], world: World
) -> bool:
    """Whether the tables of the `wanted` resources are those of `entries`, and no others."""
    try:
        before = [_resource(project, path, text) for path, text in entries.items()]
    except (FastgenError, ValueError):
        return False
    for one in before:
        world = world.having(one)
    try:
        return _tables(before, world) == _tables(wanted, world)
    except KeyError:
        # One of them refers to something that is renamed.
        return False


def _resource(project: Project, path: str, text: str) -> Resource:
    """Return the resource of an entry; raises `FastgenError` and `ValueError`."""
    data = parsing.yaml_of(text.encode())
    recorded.check(data, PurePosixPath(path).stem)
    fields = recorded.fields(data, project.database)
    return recorded.resource(data, resources.retargeted(project.root, fields))


def _tables(found: Collection[Resource], world: World) -> dict[str, tables.Table]:
    return {one.names.table: tables.table(one, world.having(one)) for one in found}


def note(gone: Sequence[Migration]) -> str:
    """Return notes about the migrations that are deleted, the last one first."""
    paths = ", ".join(one.path for one in gone)
    first = gone[-1].parents
    are, have = ("is", "it has") if len(gone) == 1 else ("are", "they have")
    return (
        f"{paths} {are} deleted, as {'it is' if len(gone) == 1 else 'they are'} not committed: "
        f"downgrade a database where {have} run before this, with "
        f"`uv run alembic downgrade {first[0] if first else 'base'}`"
    )
