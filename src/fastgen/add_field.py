"""`fastgen add field`, without a terminal: the slice with the fields, merged into what is there."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from fastgen.changes.plan import Edit, Manual, Plan
from fastgen.errors import FastgenError, InvalidField, raise_all
from fastgen.fields.model import Field
from fastgen.fields.show import show
from fastgen.project import edited, history, lines, migrations, resources, slices, wirings
from fastgen.project.place import Project
from fastgen.slices import make
from fastgen.slices.migration import Rendered
from fastgen.slices.render import Renderer
from fastgen.slices.resource import Resource
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
    entry = resources.must_load(project.root, name, project.database)
    old = entry.resource
    new = _extended(project, old, texts)
    before, world = lines.world(project, old), lines.world(project, new)
    renderer = Renderer(project.root)
    step = _step(project, renderer, old, new) if project.migrates(migration) else Step()
    rendered = [renderer.files(old, before), renderer.files(new, world)]
    base, theirs, made = make.finish(project.root, [*rendered, step.sources])
    merged = edited.merged(
        project, entry, slices.wired(project, old, base), slices.wired(project, new, theirs)
    )
    wired = wirings.changed(project, wirings.wirings(old, before), wirings.wirings(new, world))
    fresh = slices.entry(new, theirs, [*entry.revisions, *step.revisions])
    changes = [
        *merged.changes,
        *migrations.created(project.root, made.files),
        *wired.edits,
        *slices.changes(project, {fresh.path: fresh.text()}, "the recipe"),
    ]
    touched = [change.path for change in changes if isinstance(change, Edit)]
    plan = Plan(tuple(changes), (*merged.manual, *wired.manual, *step.manual))
    return Proposal(new, plan, history.notes(project.root, touched))


def _extended(project: Project, old: Resource, texts: Sequence[str]) -> Resource:
    """Return `old` with the fields `texts`; raises all that is wrong with them."""
    known = [show(field) for field in old.fields]
    fields = lines.parse_fields(project, [*known, *texts], old.access)
    added = fields[len(known) :]
    new = replace(old, fields=fields)
    raise_all(
        [
            *lines.unknown_targets(project, added, old.names.singular),
            *lines.circles(project, new),
            *(error for field in added if (error := _without_value(field))),
        ]
    )
    return new


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
    table, named = old.names.table, migrations.table_of(project, old)
    reason = migrations.renamed(project, old)
    if not reason and migrations.makes(known, table) is None:
        reason = f"no migration makes the table {table}"
    if reason:
        names = " and ".join(field.name for field in added)
        manual = migrations.by_hand(f"add {names} to {old.names.labels}", reason)
        if migrations.makes(known, table) and not migrations.makes(known, named):
            manual = migrations.rename(table, named, manual)
        return Step(manual=(manual,))
    head, world = migrations.head(known), lines.world(project, new)
    return Step((renderer.migration("add", new, world, head, added),))
