"""`fastgen add resource`, without a terminal: parse, look for clashes, plan."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal

from fastgen.changes.plan import Create, Edit, Manual, Plan
from fastgen.commands.proposal import Proposal
from fastgen.errors import Clash, FastgenError, raise_all
from fastgen.project import (
    clashes,
    history,
    migrations,
    notable,
    resources,
    slice_files,
    taken,
    type_modules,
    typed_sets,
    uncommitted,
    understand,
    wirings,
    worlds,
)
from fastgen.project.migrations import Migration
from fastgen.project.project import Project
from fastgen.project.resources import Entry
from fastgen.project.typed_sets import TypedSets
from fastgen.project.understand import ONLY_FIELD, Understood
from fastgen.project.wirings import Wired
from fastgen.slices import clashes as names_taken
from fastgen.slices import tables
from fastgen.slices.alterations import alterations
from fastgen.slices.finish import finish
from fastgen.slices.render import Renderer, paths
from fastgen.slices.resource import Resource, World

State = Literal["new", "identical", "different"]


@dataclass(frozen=True, slots=True)
class Request:
    """The request; None means the project's setting."""

    name: str
    fields: Sequence[str] = ()
    plural: str | None = None
    # Not validated yet: mistakes are reported together with those of the fields.
    access: str | None = None
    # Names with commas between them, for each unique constraint and index over several columns;
    # None means those of the existing resource.
    unique: Sequence[str] | None = None
    index: Sequence[str] | None = None
    migration: bool | None = None
    force: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Addition(Proposal):
    """A resource to add, and whether it exists already."""

    state: State
    # The existing resource of that name.
    old: Resource | None = None


def propose(project: Project, request: Request) -> Addition:
    """Plan the slice of `request`; raises `FastgenError` with everything that prevents it."""
    known = resources.known_as(project.root, request.name)
    entry = resources.load(project.root, known, project.database) if known else None
    there = entry.resource.access if entry else project.settings.access
    texts = request.fields or (ONLY_FIELD,)
    access = there if request.access is None else request.access
    sets = TypedSets(request.unique, request.index)
    if entry:
        sets = typed_sets.kept(sets, entry.resource, texts, access)
    understood = understand.understand(
        project, request.name, request.plural, texts, access, sets=sets
    )
    if entry is None:
        if understood.mistakes:
            raise_all([*understood.mistakes, *_also_in_the_way(project, request, understood)])
        return _new(project, request, understood)
    return _again(project, request, entry, understood)


def _new(project: Project, request: Request, understood: Understood) -> Addition:
    resource = understood.must()
    world = worlds.world(project, resource)
    renderer = Renderer(project.root)
    rendered = renderer.files(resource, world)
    known = migrations.load(project.root)
    typed = names_taken.Typed(request.name, understood.fields)
    found = names_taken.find(renderer, resource, world, rendered, typed)
    found += _clashes(project, request, resource, world, known)
    there = clashes.taken(project.root, rendered).values()
    found += clashes.of_operations(project, resource.names, request.name, rendered, there)
    raise_all(found)
    history.refuse_to_lose(project.root, _replaced(project, request, rendered))
    steps = []
    if project.migrates(request.migration):
        steps = [renderer.migration("create", resource, world, migrations.head(known))]
    types = type_modules.missing(project, renderer, rendered.values())
    sources = [rendered, {step.path: step.text for step in steps}, types]
    made, history_made, types_made = finish(project.root, sources)
    wired = _wired(project, request, resource, world)
    entry = slice_files.entry(resource, made, [step.revision for step in steps])
    files, left = slice_files.possible(project, made.files)
    changes = [
        *slice_files.changes(project, files, "the slice"),
        *type_modules.created(types_made.files),
        *migrations.created(project.root, history_made.files),
        *wired.edits,
        Create(entry.path, entry.text(), "the recipe"),
    ]
    notes = _notes(project, understood, world, wired)
    return Addition(resource, Plan(tuple(changes), (*wired.manual, *left)), notes, state="new")


def _notes(project: Project, understood: Understood, world: World, wired: Wired) -> tuple[str, ...]:
    return (
        *notable.notes(project, understood.must(), understood.fields, world),
        *notable.of_sets(understood.must()),
        *uncommitted.notes(project, [edit.path for edit in wired.edits]),
    )


def _wired(project: Project, request: Request, resource: Resource, world: World) -> Wired:
    """Return the edits in other files that wire `resource`; raises `Clash` for taken names."""
    wired = wirings.added(project, wirings.missing(project, wirings.wirings(resource, world)))
    raise_all(list(taken.attributes(wired.edits, _another_name(request))))
    return wired


def _also_in_the_way(
    project: Project, request: Request, understood: Understood
) -> Sequence[FastgenError]:
    """Return what prevents the resource apart from the mistakes in its line."""
    if understood.resource is None:
        return []
    try:
        world, known = worlds.world(project, understood.resource), migrations.load(project.root)
        return _clashes(project, request, understood.resource, world, known)
    except FastgenError as error:
        return error.parts


def _clashes(
    project: Project,
    request: Request,
    resource: Resource,
    world: World,
    known: Sequence[Migration],
) -> list[FastgenError]:
    """Return everything that clashes, except files that --force overwrites."""
    there = clashes.taken(project.root, paths(resource))
    replaced = _replaced(project, request, paths(resource))
    another = _another_name(request)
    return [
        *(
            another(f"{found} exists already")
            for path, found in there.items()
            if path not in replaced
        ),
        *clashes.find(project, resource, request.name, world, known, [*there.values()]),
        *taken.classes(project, wirings.wirings(resource, world), another),
    ]


def _another_name(request: Request) -> Callable[[str], Clash]:
    return partial(clashes.another_name, typed=request.name)


def _replaced(project: Project, request: Request, files: Iterable[str]) -> list[str]:
    """Return which of `files` --force overwrites."""
    there = clashes.taken(project.root, files) if request.force else {}
    return [path for path, found in there.items() if found == path]


def _again(project: Project, request: Request, entry: Entry, understood: Understood) -> Addition:
    """Compare the existing resource with what was typed."""
    old, resource = entry.resource, understood.must()
    raise_all(_other_names(old, resource) if request.force else [])
    raise_all(worlds.circles(project, resource))
    before, world = worlds.world(project, old), worlds.world(project, resource)
    renderer = Renderer(project.root)
    rendered = renderer.files(resource, world)
    if resource != old:
        new = [(text, field) for text, field in understood.fields if field not in old.fields]
        typed = names_taken.Typed(request.name, new)
        raise_all(names_taken.find(renderer, resource, world, rendered, typed))
    types = type_modules.missing(project, renderer, rendered.values())
    made, types_made = finish(project.root, [rendered, types])
    files, without = slice_files.possible(project, slice_files.wired(project, resource, made).files)
    written = slice_files.changes(project, files, "the slice")
    wired = wirings.changed(
        project, wirings.wirings(old, before), wirings.wirings(resource, world), again=True
    )
    fresh = slice_files.entry(resource, made, entry.revisions)
    recorded = fresh if written or resource != old else entry
    recipe = slice_files.changes(project, {recorded.path: recorded.text()}, "the recipe")
    if request.force:
        overwritten = [change.path for change in (*written, *recipe) if isinstance(change, Edit)]
        history.refuse_to_lose(project.root, overwritten)
    left = _left(old, resource, before, world)
    added = type_modules.created(types_made.files)
    plan = Plan((*written, *added, *wired.edits, *recipe), (*wired.manual, *without, *left))
    state: State = "identical" if plan.empty else "different"
    return Addition(resource, plan, state=state, old=old)


def _other_names(old: Resource, new: Resource) -> list[Clash]:
    """Return an error if the table would have to be renamed, which --force does not do."""
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
    """Return the migration left to the user, if the table changes."""
    title = f"change {new.names.labels}"
    if found := alterations(old, new):
        return [migrations.written(title, new.names.table, found)]
    if tables.table(old, before) != tables.table(new, world):
        return [migrations.by_hand(title, "existing migrations are never rewritten")]
    return []
