"""`fastgen remove resource`, without a terminal: what is unchanged goes, what was edited stays."""

import shlex
from dataclasses import dataclass

from fastgen.changes.plan import Change, Create, Delete, Manual, Plan
from fastgen.errors import InUse
from fastgen.project import edited, history, lines, migrations, resources, wirings
from fastgen.project.place import Project
from fastgen.project.resources import Entry
from fastgen.slices import make
from fastgen.slices.make import Made
from fastgen.slices.migration import Rendered
from fastgen.slices.render import Renderer
from fastgen.slices.resource import Resource, World


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that people edited: it stays, as a conflict with its removal."""

    path: str
    base: bytes
    ours: bytes


@dataclass(frozen=True, slots=True)
class Proposal:
    """What would be done, and which edited files are in conflict with it."""

    resource: Resource
    plan: Plan
    conflicts: tuple[Kept, ...] = ()
    notes: tuple[str, ...] = ()


def propose(project: Project, name: str, *, migration: bool | None = None) -> Proposal:
    """Plan the removal of the resource `name`; raises `FastgenError`."""
    entry = resources.must_load(project.root, name, project.database)
    resource = entry.resource
    _refuse_in_use(project, resource)
    world, renderer = lines.world(project, resource), Renderer(project.root)
    wanted = project.settings.migration if migration is None else migration
    steps = _drop(project, renderer, resource, world) if wanted else []
    base, made = make.finish(
        project.root,
        [renderer.files(resource, world), {step.path: step.text for step in steps}],
    )
    gone, conflicts = _files(project, entry, base)
    wired = wirings.removed(project, wirings.wirings(resource, world))
    recipe = project.read(entry.path) or b""
    changes: list[Change] = [
        *gone,
        *wired.edits,
        *(Create(path, content, "the migration") for path, content in made.files.items()),
        Delete(entry.path, recipe, "the recipe"),
    ]
    manual = (*wired.manual, *(_by_hand(kept) for kept in conflicts))
    notes = history.notes(project.root, [edit.path for edit in wired.edits])
    return Proposal(resource, Plan(tuple(changes), manual), tuple(conflicts), notes)


def _refuse_in_use(project: Project, resource: Resource) -> None:
    names = [
        entry.resource.names.singular
        for entry in resources.load_all(project.root, project.database)
        if entry.resource.names != resource.names
        and any(field.target == resource.names.singular for field in entry.resource.references)
    ]
    if names:
        raise InUse(
            f"{resource.names.singular} is referred to by {', '.join(names)}",
            f"fastgen remove resource {names[0]}",
        )


def _drop(
    project: Project, renderer: Renderer, resource: Resource, world: World
) -> list[Rendered]:
    known = migrations.load(project.root)
    if migrations.makes(known, resource.names.table) is None:
        return []
    return [renderer.migration("drop", resource, world, migrations.head(known))]


def _files(project: Project, entry: Entry, base: Made) -> tuple[list[Change], list[Kept]]:
    gone: list[Change] = []
    kept: list[Kept] = []
    for path, content in base.files.items():
        ours = project.read(path)
        if ours is None:
            continue
        if edited.is_unchanged(entry, base, path, ours):
            gone.append(Delete(path, ours, "the slice"))
        else:
            kept.append(Kept(path, content, ours))
    return gone, kept


def _by_hand(kept: Kept) -> Manual:
    path = shlex.quote(kept.path)
    return Manual(
        kept.path,
        f"git rm {path}    # or keep it: git add {path}",
        "it was edited: take from it what you need, then remove it",
    )
