"""`fastgen add resource`, without a terminal: understand, look for clashes, plan."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from fastgen.changes.plan import Create, Edit, Manual, Plan
from fastgen.errors import Clash, raise_all
from fastgen.project import clashes, history, lines, migrations, resources, slices, wirings
from fastgen.project.place import Project
from fastgen.project.resources import Entry
from fastgen.slices import make
from fastgen.slices.migration import Rendered
from fastgen.slices.render import Renderer
from fastgen.slices.resource import Access, Resource, World

ONLY_FIELD = "name:str:100"
ANOTHER = "fastgen add resource ANOTHER-NAME"

State = Literal["new", "identical", "different"]


@dataclass(frozen=True, slots=True)
class Request:
    """What was typed; nothing is what the project's settings say."""

    name: str
    fields: Sequence[str] = ()
    plural: str | None = None
    access: Access | None = None
    migration: bool | None = None
    force: bool = False


@dataclass(frozen=True, slots=True)
class Proposal:
    """What would be done, and how the project stands to it now."""

    resource: Resource
    plan: Plan
    state: State
    notes: tuple[str, ...] = ()


def propose(project: Project, request: Request) -> Proposal:
    """Plan the slice of `request`; raises `FastgenError` for all that is in its way."""
    resource, entry = _understood(project, request)
    world = lines.world(project, resource)
    if entry is None:
        return _new(project, request, resource, world)
    return _again(project, request, entry, resource, world)


def _understood(project: Project, request: Request) -> tuple[Resource, Entry | None]:
    texts = request.fields or (ONLY_FIELD,)
    access = request.access or project.settings.access
    resource = lines.understand(project, request.name, request.plural, texts, access)
    entry = resources.load(project.root, resource.names.singular, project.database)
    if entry is None:
        return resource, None
    known = entry.resource
    names = resource.names if request.plural else known.names
    return replace(resource, names=names, access=request.access or known.access), entry


def _new(project: Project, request: Request, resource: Resource, world: World) -> Proposal:
    known = migrations.load(project.root)
    renderer = Renderer(project.root)
    sources = renderer.files(resource, world)
    there = [path for path in sources if os.path.lexists(project.root / path)]
    if request.force:
        history.refuse_to_lose(project.root, there)
    raise_all([
        *(Clash(f"{path} exists already", ANOTHER) for path in there if not request.force),
        *clashes.find(project, resource, world, known, there),
    ])
    steps = _migration(project, request, renderer, resource, world)
    made, history_made = make.finish(project.root, [sources, {s.path: s.text for s in steps}])
    wired = wirings.added(project, wirings.wirings(resource, world))
    entry = Entry(resource, slices.digests(made), made.render, tuple(s.revision for s in steps))
    changes = [
        *slices.changes(project, made.files, "the slice"),
        *slices.changes(project, history_made.files, "the migration"),
        *wired.edits,
        Create(entry.path, entry.text(), "the recipe"),
    ]
    notes = history.notes(project.root, [edit.path for edit in wired.edits])
    return Proposal(resource, Plan(tuple(changes), wired.manual), "new", notes)


def _migration(
    project: Project, request: Request, renderer: Renderer, resource: Resource, world: World
) -> list[Rendered]:
    wanted = project.settings.migration if request.migration is None else request.migration
    if not wanted:
        return []
    head = migrations.head(migrations.load(project.root))
    return [renderer.migration("create", resource, world, head)]


def _again(
    project: Project, request: Request, entry: Entry, resource: Resource, world: World
) -> Proposal:
    """Compare what is there with what was typed."""
    [made] = make.finish(project.root, [Renderer(project.root).files(resource, world)])
    wired = wirings.added(project, wirings.wirings(resource, world))
    fresh = replace(entry, resource=resource, files=slices.digests(made), render=made.render)
    same_fields = resource == entry.resource
    recorded = entry if same_fields else fresh
    changes = [
        *slices.changes(project, made.files, "the slice"),
        *wired.edits,
        *slices.changes(project, {entry.path: recorded.text()}, "the recipe"),
    ]
    plan = Plan(tuple(changes), (*wired.manual, *([] if same_fields else [_revise(resource)])))
    if not changes and not plan.manual:
        return Proposal(resource, plan, "identical")
    if request.force:
        history.refuse_to_lose(project.root, [c.path for c in changes if isinstance(c, Edit)])
    return Proposal(resource, plan, "different")


def _revise(resource: Resource) -> Manual:
    labels = resource.names.labels
    return Manual(
        migrations.FOLDER,
        f'uv run alembic revision --autogenerate -m "change {labels}"',
        "migrations that are there are never rewritten: this makes the next one",
    )
