"""`fastgen add resource`, without a terminal: parse, look for clashes, plan."""

import shlex
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Literal

from fastgen.commands.proposal import Proposal
from fastgen.engine.carry import carry
from fastgen.engine.changes import Change
from fastgen.engine.migrate import migration_of
from fastgen.errors import Clash, FastgenError, Refused, raise_all
from fastgen.project import (
    clashes,
    history,
    migrations,
    notable,
    resources,
    taken,
    typed_sets,
    understand,
    wirings,
    worlds,
)
from fastgen.project.migrations import Migration
from fastgen.project.project import Project
from fastgen.project.resources import Entry
from fastgen.project.typed_sets import TypedSets
from fastgen.project.understand import ONLY_FIELD, Understood
from fastgen.slices import clashes as names_taken
from fastgen.slices.render import paths
from fastgen.slices.resource import Resource, World

WHY = "the slice"
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
    change = Change(None, resource, typed=names_taken.Typed(request.name, understood.fields))
    title = f"create {resource.names.labels}"
    carried = carry(
        project,
        [change],
        migration_of(project, title, wanted=project.migrates(request.migration)),
        why=WHY,
        clash=_another_name(request),
        taken=partial(_taken, project, request),
    )
    notes = notable.notes(project, resource, understood.fields, carried.worlds.after)
    told = (*notes, *notable.of_sets(resource), *carried.notes)
    return Addition(resource, carried.plan, told, state="new")


def _taken(
    project: Project,
    request: Request,
    change: Change,
    rendered: Mapping[str, str],
    world: World,
) -> Iterator[FastgenError]:
    """Yield everything in the way of a new slice, and what --force would lose."""
    resource = change.new
    if resource is None:
        return
    there = clashes.taken(project.root, rendered).values()
    yield from _clashes(project, request, resource, world, migrations.load(project.root))
    yield from clashes.of_operations(project, resource.names, request.name, rendered, there)
    yield from history.losing(project.root, _replaced(project, request, rendered))


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
            another(f"{found} already exists")
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
    if request.force:
        raise_all([*_other_names(old, resource), *_renamed_fields(old, resource)])
    raise_all(worlds.in_circles(project, resource, understood.fields))
    new = [(text, field) for text, field in understood.fields if field not in old.fields]
    change = Change(entry, resource, typed=names_taken.Typed(request.name, new), again=True)
    wanted = request.force and project.migrates(request.migration)
    title = f"change {resource.names.labels}"
    carried = carry(project, [change], migration_of(project, title, wanted=wanted), why=WHY)
    state: State = "identical" if carried.plan.empty else "different"
    return Addition(resource, carried.plan, carried.notes, state=state, old=old)


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


def _renamed_fields(old: Resource, new: Resource) -> Iterator[Refused]:
    """Yield an error for each new field that looks like a removed one with a new name."""
    names = {field.name for field in new.fields}
    gone = [field for field in old.fields if field.name not in names]
    known = {field.name for field in old.fields}
    for field in new.fields:
        before = next((one for one in gone if one == replace(field, name=one.name)), None)
        if before and field.name not in known:
            gone.remove(before)
            yield Refused(
                f"{before.name} is removed and {field.name} is added with the same definition, "
                "which would drop all values: rename it, or remove it first if it is another",
                shlex.join(
                    ["fastgen", "rename", "field", new.names.singular, before.name, field.name]
                ),
            )
