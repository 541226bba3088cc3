"""`fastgen add resource`, without a terminal: understand, look for clashes, plan."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from fastgen.changes.plan import Create, Edit, Manual, Plan
from fastgen.errors import Bug, Clash, FastgenError, InvalidOption, raise_all
from fastgen.messages import nearest
from fastgen.project import (
    clashes,
    history,
    lines,
    migrations,
    resources,
    slices,
    sources,
    taken,
    uncommitted,
    wirings,
)
from fastgen.project.migrations import Migration
from fastgen.project.place import Project
from fastgen.project.resources import Entry
from fastgen.slices import clashes as names_taken
from fastgen.slices import make, tables
from fastgen.slices.render import Renderer, paths
from fastgen.slices.resource import ACCESSES, Access, Resource, World

ONLY_FIELD = "name:str:100"

State = Literal["new", "identical", "different"]


@dataclass(frozen=True, slots=True)
class Request:
    """What was typed; nothing is what the project's settings say."""

    name: str
    fields: Sequence[str] = ()
    plural: str | None = None
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


def access_of(text: str | None) -> Access | None:
    """Return the access that was typed, if one was; raises `InvalidOption`."""
    if text is None or text in ACCESSES:
        return text
    raise InvalidOption(
        f"--access takes {', '.join(ACCESSES)}, not {text!r}",
        f"--access {nearest(text, ACCESSES) or ACCESSES[0]}",
    )


def propose(project: Project, request: Request) -> Proposal:
    """Plan the slice of `request`; raises `FastgenError` for all that is in its way."""
    known = resources.known_as(project.root, request.name)
    entry = resources.load(project.root, known, project.database) if known else None
    mistakes: list[FastgenError] = []
    access: Access | None = None
    try:
        access = access_of(request.access)
    except InvalidOption as error:
        mistakes.append(error)
    understood = lines.understand(
        project,
        request.name,
        request.plural,
        request.fields or (ONLY_FIELD,),
        access or (entry.resource.access if entry else project.settings.access),
    )
    mistakes += understood.mistakes
    resource = understood.resource
    if mistakes and resource and entry is None:
        mistakes += _also_in_the_way(project, request, resource)
    raise_all(mistakes)
    if resource is None:
        raise Bug("a name that is refused was not told")
    if entry is None:
        return _new(project, request, resource)
    return _again(project, request, entry, resource)


def _also_in_the_way(
    project: Project, request: Request, resource: Resource
) -> Sequence[FastgenError]:
    """Return what is in the way of `resource` besides the mistakes in its line."""
    try:
        world, known = lines.world(project, resource), migrations.load(project.root)
        return _clashes(project, request, resource, world, known)
    except FastgenError as error:
        return error.parts


def _new(project: Project, request: Request, resource: Resource) -> Proposal:
    world = lines.world(project, resource)
    renderer = Renderer(project.root)
    rendered = renderer.files(resource, world)
    known = migrations.load(project.root)
    raise_all(
        [
            *names_taken.find(renderer, resource, world, rendered, resource.fields),
            *_clashes(project, request, resource, world, known),
        ]
    )
    history.refuse_to_lose(project.root, _replaced(project, request, rendered))
    steps = []
    if project.migrates(request.migration):
        steps = [renderer.migration("create", resource, world, migrations.head(known))]
    made, history_made = make.finish(project.root, [rendered, {s.path: s.text for s in steps}])
    wired = wirings.added(project, wirings.missing(project, wirings.wirings(resource, world)))
    raise_all(list(taken.attributes(wired.edits, sources.ANOTHER)))
    entry = slices.entry(resource, made, [step.revision for step in steps])
    files, left = slices.possible(project, made.files)
    changes = [
        *slices.changes(project, files, "the slice"),
        *migrations.created(project.root, history_made.files),
        *wired.edits,
        Create(entry.path, entry.text(), "the recipe"),
    ]
    notes = uncommitted.notes(project, [edit.path for edit in wired.edits])
    return Proposal(resource, Plan(tuple(changes), (*wired.manual, *left)), "new", notes)


def _clashes(
    project: Project,
    request: Request,
    resource: Resource,
    world: World,
    known: Sequence[Migration],
) -> list[FastgenError]:
    """Return all that is in the way; with --force not the files that are to be overwritten."""
    there = clashes.taken(project.root, paths(resource))
    replaced = _replaced(project, request, paths(resource))
    return [
        *(
            Clash(f"{found} exists already", sources.ANOTHER)
            for path, found in there.items()
            if path not in replaced
        ),
        *clashes.find(project, resource, world, known, [*there.values()]),
        *taken.classes(project, wirings.wirings(resource, world), sources.ANOTHER),
    ]


def _replaced(project: Project, request: Request, files: Iterable[str]) -> list[str]:
    """Return those of `files` that --force overwrites."""
    there = clashes.taken(project.root, files) if request.force else {}
    return [path for path, found in there.items() if found == path]


def _again(project: Project, request: Request, entry: Entry, resource: Resource) -> Proposal:
    """Compare what is there with what was typed."""
    old = entry.resource
    raise_all(_other_names(old, resource) if request.force else [])
    raise_all(lines.circles(project, resource))
    before, world = lines.world(project, old), lines.world(project, resource)
    renderer = Renderer(project.root)
    rendered = renderer.files(resource, world)
    if resource != old:
        added = [field for field in resource.fields if field not in old.fields]
        raise_all(names_taken.find(renderer, resource, world, rendered, added))
    [made] = make.finish(project.root, [rendered])
    files, without = slices.possible(project, slices.wired(project, resource, made).files)
    written = slices.changes(project, files, "the slice")
    wired = wirings.changed(
        project, wirings.wirings(old, before), wirings.wirings(resource, world), again=True
    )
    fresh = slices.entry(resource, made, entry.revisions)
    recorded = fresh if written or resource != old else entry
    recipe = slices.changes(project, {recorded.path: recorded.text()}, "the recipe")
    if request.force:
        overwritten = [change.path for change in (*written, *recipe) if isinstance(change, Edit)]
        history.refuse_to_lose(project.root, overwritten)
    left = [] if tables.table(old, before) == tables.table(resource, world) else [_revise(resource)]
    plan = Plan((*written, *wired.edits, *recipe), (*wired.manual, *without, *left))
    return Proposal(resource, plan, "identical" if plan.empty else "different")


def _other_names(old: Resource, new: Resource) -> list[Clash]:
    """Return an error when the table would have to be renamed: its rows are not ours to move."""
    if old.names == new.names:
        return []
    return [
        Clash(
            f"the resource {old.names.singular} has the plural {old.names.plural}: --force does "
            "not rename its table",
            f"fastgen remove resource {old.names.singular}",
        )
    ]


def _revise(resource: Resource) -> Manual:
    title = f"change {resource.names.labels}"
    return migrations.by_hand(title, "migrations that are there are never rewritten")
