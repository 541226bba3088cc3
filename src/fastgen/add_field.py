"""`fastgen add field`, without a terminal: the slice with the fields, merged into what is there."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from fastgen.changes.plan import Edit, Manual, Plan
from fastgen.errors import FastgenError, InvalidField, raise_all
from fastgen.fields.model import Field
from fastgen.fields.show import show
from fastgen.names import snake
from fastgen.project import (
    edited,
    lines,
    migrations,
    resources,
    slices,
    taken,
    uncommitted,
    wirings,
)
from fastgen.project.place import Project
from fastgen.project.resources import Entry
from fastgen.project.wirings import Wired
from fastgen.slices import clashes, make
from fastgen.slices.migration import Rendered
from fastgen.slices.render import Renderer
from fastgen.slices.resource import Resource, World
from fastgen.slices.values import has_default


@dataclass(frozen=True, slots=True)
class Proposal:
    """What would be done, and to which resource."""

    resource: Resource
    plan: Plan
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """The migration of the new columns, or what the person does instead."""

    rendered: tuple[Rendered, ...] = ()
    manual: tuple[Manual, ...] = ()

    @property
    def sources(self) -> dict[str, str]:
        """The file of the migration, if there is one."""
        return {one.path: one.text for one in self.rendered}

    @property
    def revisions(self) -> list[str]:
        """Its revision, if there is one."""
        return [one.revision for one in self.rendered]


def propose(
    project: Project, name: str, texts: Sequence[str], *, migration: bool | None = None
) -> Proposal:
    """Plan the fields `texts` of the resource `name`; raises `FastgenError`."""
    entry, new = _extended(project, name, texts)
    old = entry.resource
    before, world = lines.world(project, old), lines.world(project, new)
    renderer = Renderer(project.root)
    step = _step(project, renderer, old, new) if project.migrates(migration) else Step()
    rendered = [renderer.files(old, before), renderer.files(new, world)]
    raise_all(clashes.find(renderer, new, world, rendered[1], new.fields[len(old.fields) :]))
    base, theirs, made = make.finish(project.root, [*rendered, step.sources])
    merged = edited.merged(
        project, entry, slices.wired(project, old, base), slices.wired(project, new, theirs)
    )
    wired = _wired(project, old, new, world)
    fresh = slices.entry(new, theirs, [*entry.revisions, *step.revisions])
    changes = [
        *merged.changes,
        *migrations.created(project.root, made.files),
        *wired.edits,
        *slices.changes(project, {fresh.path: fresh.text()}, "the recipe"),
    ]
    touched = [change.path for change in changes if isinstance(change, Edit)]
    plan = Plan(tuple(changes), (*merged.manual, *wired.manual, *step.manual))
    return Proposal(new, plan, uncommitted.notes(project, touched))


def _wired(project: Project, old: Resource, new: Resource, world: World) -> Wired:
    """Return the edits of other files that turn `old` into `new`; raises what is in their way."""
    before = wirings.wirings(old, world)
    after = wirings.wirings(new, world)
    known = {one.key for one in before}
    wired = wirings.changed(project, before, after)
    own = new.names.singular
    # A number says as much as a reference whose other side has no place.
    columns = [
        f"{field.column}:int:optional" for field in new.references if field not in old.fields
    ]
    hint = f"fastgen add field {own} {' '.join(columns)}"
    raise_all(
        [
            *taken.classes(project, [one for one in after if one.key not in known], hint),
            *taken.attributes(wired.edits, hint),
        ]
    )
    return wired


def _extended(project: Project, name: str, texts: Sequence[str]) -> tuple[Entry, Resource]:
    """Return the resource `name`, and as it is with the fields `texts`; raises all mistakes."""
    try:
        entry = resources.must_load(project.root, name, project.database)
    except FastgenError as error:
        _, mistakes = lines.understood_fields(project, texts, project.settings.access, snake(name))
        raise_all([*error.parts, *mistakes])
        raise
    old = entry.resource
    added, mistakes = lines.understood_fields(project, texts, old.access, old.names, old.fields)
    new = replace(old, fields=(*old.fields, *added))
    raise_all(
        [
            *mistakes,
            *lines.circles(project, new),
            *(wrong for field in added if (wrong := _without_value(field))),
        ]
    )
    return entry, new


def _without_value(field: Field) -> FastgenError | None:
    """Return an error when rows that are there could not get a value of `field`."""
    if field.optional or has_default(field):
        return None
    return InvalidField(
        f"field '{show(field)}': rows that are there would have no value for it: "
        "make it optional or give it a default",
        show(replace(field, optional=True)),
    )


def _step(project: Project, renderer: Renderer, old: Resource, new: Resource) -> Step:
    """Return the migration, or the command that makes it where the table is not as we made it."""
    added = new.fields[len(old.fields) :]
    known = migrations.load(project.root)
    reason = migrations.renamed(project, old)
    if not reason and migrations.makes(known, old.names.table) is None:
        reason = f"no migration makes the table {old.names.table}"
    if reason:
        names = " and ".join(field.name for field in added)
        title = f"add {names} to {old.names.labels}"
        return Step(manual=(migrations.by_hand(title, reason),))
    head, world = migrations.head(known), lines.world(project, new)
    return Step((renderer.migration("add", new, world, head, added),))
