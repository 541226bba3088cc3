"""`fastgen add resource`, without a terminal: understand, look for clashes, plan."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from fastgen.changes.plan import Create, Edit, Manual, Plan
from fastgen.errors import Clash, raise_all
from fastgen.project import (
    clashes,
    history,
    lines,
    migrations,
    notable,
    resources,
    slices,
    wirings,
)
from fastgen.project.lines import ONLY_FIELD, Typed
from fastgen.project.migrations import Migration
from fastgen.project.place import Project
from fastgen.project.resources import Entry
from fastgen.slices import make, tables
from fastgen.slices.alterations import alterations
from fastgen.slices.render import Renderer
from fastgen.slices.resource import Resource, World

State = Literal["new", "identical", "different"]


@dataclass(frozen=True, slots=True)
class Request:
    """What was typed; nothing is what the project's settings say."""

    name: str
    fields: Sequence[str] = ()
    plural: str | None = None
    # As it was typed: what is wrong with it is told with what is wrong with the fields.
    access: str | None = None
    migration: bool | None = None
    force: bool = False


@dataclass(frozen=True, slots=True)
class Proposal:
    """What would be done, and how the project stands to it now."""

    resource: Resource
    plan: Plan
    state: State
    notes: tuple[str, ...] = ()
    # What is there of that name.
    old: Resource | None = None


def propose(project: Project, request: Request) -> Proposal:
    """Plan the slice of `request`; raises `FastgenError` for all that is in its way."""
    known = resources.known_as(project.root, request.name)
    entry = resources.load(project.root, known, project.database) if known else None
    there = entry.resource.access if entry else project.settings.access
    texts = request.fields or (ONLY_FIELD,)
    access = there if request.access is None else request.access
    resource = lines.understand(project, request.name, request.plural, texts, access)
    if entry is None:
        return _new(project, request, resource)
    return _again(project, request, entry, resource)


def _new(project: Project, request: Request, resource: Resource) -> Proposal:
    world = lines.world(project, resource)
    renderer = Renderer(project.root)
    rendered = renderer.files(resource, world)
    known = migrations.load(project.root)
    _refuse_clashes(project, request, resource, world, known, list(rendered))
    steps = []
    if project.migrates(request.migration):
        steps = [renderer.migration("create", resource, world, migrations.head(known))]
    made, history_made = make.finish(project.root, [rendered, {s.path: s.text for s in steps}])
    wired = wirings.added(project, wirings.wirings(resource, world))
    entry = slices.entry(resource, made, [step.revision for step in steps])
    changes = [
        *slices.changes(project, made.files, "the slice"),
        *migrations.created(project.root, history_made.files),
        *wired.edits,
        Create(entry.path, entry.text(), "the recipe"),
    ]
    notes = (
        *notable.notes(project, resource, _typed(request, resource), world),
        *history.notes(project.root, [edit.path for edit in wired.edits]),
    )
    return Proposal(resource, Plan(tuple(changes), wired.manual), "new", notes)


def _typed(request: Request, resource: Resource) -> list[Typed]:
    return list(zip(request.fields or (ONLY_FIELD,), resource.fields, strict=True))


def _refuse_clashes(
    project: Project,
    request: Request,
    resource: Resource,
    world: World,
    known: Sequence[Migration],
    paths: Sequence[str],
) -> None:
    """Raise all that is in the way; with --force not the files that are to be overwritten."""
    taken = clashes.taken(project.root, paths)
    replaced = [path for path in paths if request.force and taken.get(path) == path]
    history.refuse_to_lose(project.root, replaced)
    raise_all(
        [
            *(
                clashes.another_name(f"{there} exists already", request.name)
                for path, there in taken.items()
                if path not in replaced
            ),
            *clashes.find(project, resource, request.name, world, known, [*taken.values()]),
        ]
    )


def _again(project: Project, request: Request, entry: Entry, resource: Resource) -> Proposal:
    """Compare what is there with what was typed."""
    old = entry.resource
    raise_all(_other_names(old, resource) if request.force else [])
    raise_all(lines.circles(project, resource))
    before, world = lines.world(project, old), lines.world(project, resource)
    [made] = make.finish(project.root, [Renderer(project.root).files(resource, world)])
    files = slices.wired(project, resource, made).files
    written = slices.changes(project, files, "the slice")
    wired = wirings.changed(project, wirings.wirings(old, before), wirings.wirings(resource, world))
    fresh = slices.entry(resource, made, entry.revisions)
    recorded = fresh if written or resource != old else entry
    recipe = slices.changes(project, {recorded.path: recorded.text()}, "the recipe")
    if request.force:
        overwritten = [change.path for change in (*written, *recipe) if isinstance(change, Edit)]
        history.refuse_to_lose(project.root, overwritten)
    left = _left(old, resource, before, world)
    plan = Plan((*written, *wired.edits, *recipe), (*wired.manual, *left))
    return Proposal(resource, plan, "identical" if plan.empty else "different", old=old)


def _other_names(old: Resource, new: Resource) -> list[Clash]:
    """Return an error when the table would have to be renamed: its rows are not ours to move."""
    if old.names == new.names:
        return []
    return [
        Clash(
            f"the resource {old.names.singular} has the plural {old.names.plural}: --force does "
            "not rename its table",
            instead=(("--plural=*", f"--plural {old.names.plural}"),),
        )
    ]


def _left(old: Resource, new: Resource, before: World, world: World) -> list[Manual]:
    """Return the migration that a person makes of what changes in the table, if anything does."""
    title = f"change {new.names.labels}"
    if found := alterations(old, new, world):
        return [migrations.written(title, new.names.table, found)]
    if tables.table(old, before) != tables.table(new, world):
        return [migrations.by_hand(title, "migrations that are there are never rewritten")]
    return []
