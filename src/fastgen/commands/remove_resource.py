"""`fastgen remove resource`, without a terminal: delete unchanged files, keep edited ones."""

from dataclasses import dataclass, replace

from fastgen.changes.plan import Change, Delete, Plan
from fastgen.commands import execution
from fastgen.commands.proposal import Proposal
from fastgen.errors import raise_all
from fastgen.project import (
    check_names,
    conflicts,
    edited,
    migrations,
    references,
    resources,
    type_modules,
    uncommitted,
    wirings,
    worlds,
)
from fastgen.project.project import Project
from fastgen.project.resources import Entry
from fastgen.project.wirings import Wired
from fastgen.slices.finish import Finished, finish
from fastgen.slices.migration import Rendered
from fastgen.slices.render import Renderer
from fastgen.slices.resource import Resource, World
from fastgen.slices.type_modules import needed


@dataclass(frozen=True, slots=True)
class Kept:
    """An edited file, kept as a conflict with its removal."""

    path: str
    base: bytes
    ours: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal(Proposal):
    """A resource to remove, and the edited files that conflict with that."""

    conflicts: tuple[Kept, ...] = ()


def propose(project: Project, name: str, *, migration: bool | None = None) -> Removal:
    """Plan the removal of the resource `name`; raises `FastgenError`."""
    entry = resources.must_load(project.root, name, project.database)
    resource = entry.resource
    world, renderer = worlds.world(project, resource), Renderer(project.root)
    wired = wirings.removed(project, wirings.wirings(resource, world))
    sources = renderer.files(resource, world)
    _refuse_in_use(project, resource, wired, list(sources))
    wanted = project.migrates(migration)
    renamed = migrations.renamed(project, resource) if wanted else None
    steps = _drop(project, renderer, resource, world) if wanted and not renamed else []
    base, made = finish(project.root, [sources, {step.path: step.text for step in steps}])
    gone, kept = _files(project, entry, base)
    modules = needed(sources.values(), project.database)
    unused = type_modules.unused(project, renderer, modules, [one.path for one in gone])
    changes: list[Change] = [
        *gone,
        *unused.changes,
        *wired.edits,
        *migrations.created(project.root, made.files),
        Delete(entry.path, project.read(entry.path) or b"", "the recipe"),
    ]
    title = f"drop {resource.names.labels}"
    manual = (
        *wired.manual,
        *(edited.kept(project, one.path) for one in kept),
        *([migrations.by_hand(title, renamed)] if renamed else []),
    )
    told = {*sources, entry.path, *(one.path for one in manual)}
    notes = (*_notes(project, resource, wired, told), *unused.notes)
    return Removal(resource, Plan(tuple(changes), manual), notes, conflicts=tuple(kept))


def execute(project: Project, removal: Removal) -> None:
    """Carry out `removal`, and show its conflicts in git; raises the errors of `execution`."""
    execution.execute(project, removal.plan)
    for kept in removal.conflicts:
        conflicts.mark_deleted(project.root, kept.path, kept.base, kept.ours)


def _notes(project: Project, resource: Resource, wired: Wired, told: set[str]) -> tuple[str, ...]:
    return (
        *uncommitted.notes(project, [edit.path for edit in wired.edits]),
        *references.notes(project, resource, told, wired.edits),
    )


def _refuse_in_use(project: Project, resource: Resource, wired: Wired, own: list[str]) -> None:
    left = [manual.path for manual in wired.manual]
    raise_all(list(references.in_use(project, resource, [*own, *left], wired.edits)))


def _drop(project: Project, renderer: Renderer, resource: Resource, world: World) -> list[Rendered]:
    """Return the migration that drops the table, empty if no migration creates it."""
    known = migrations.load(project.root)
    if migrations.makes(known, resource.names.table) is None:
        return []
    world = replace(world, checks=check_names.made(known))
    return [renderer.migration("drop", resource, world, migrations.head(known))]


def _files(project: Project, entry: Entry, base: Finished) -> tuple[list[Change], list[Kept]]:
    gone: list[Change] = []
    kept: list[Kept] = []
    for path, content in base.files.items():
        ours = project.read(path)
        if ours is None:
            continue
        if edited.is_unchanged(project, entry, base, path, ours):
            gone.append(Delete(path, ours, "the slice"))
        else:
            kept.append(Kept(path, content, ours))
    return gone, kept
