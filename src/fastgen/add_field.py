"""`fastgen add field`, without a terminal: the slice with the fields, merged into what is there."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from fastgen.changes.plan import Edit, Plan
from fastgen.errors import FastgenError, InvalidField, raise_all
from fastgen.fields.model import Field
from fastgen.fields.show import show
from fastgen.project import edited, history, lines, migrations, resources, slices, wirings
from fastgen.project.place import Project
from fastgen.slices import columns, make
from fastgen.slices.render import Renderer
from fastgen.slices.resource import Resource


@dataclass(frozen=True, slots=True)
class Proposal:
    """What would be done, and to which resource."""

    resource: Resource
    plan: Plan
    notes: tuple[str, ...] = ()


def propose(
    project: Project, name: str, texts: Sequence[str], *, migration: bool | None = None
) -> Proposal:
    """Plan the fields `texts` of the resource `name`; raises `FastgenError`."""
    entry = resources.must_load(project.root, name, project.database)
    old = entry.resource
    new = replace(old, fields=_all_fields(project, old, texts))
    added = new.fields[len(old.fields) :]
    raise_all([*lines.unknown_targets(project, added, old.names.singular), *_without_value(added)])
    world = lines.world(project, new)
    renderer = Renderer(project.root)
    wanted = project.settings.migration if migration is None else migration
    head = migrations.head(migrations.load(project.root)) if wanted else None
    steps = [renderer.migration("add", new, world, head, added)] if wanted else []
    before = lines.world(project, old)
    base, theirs, made = make.finish(
        project.root,
        [
            renderer.files(old, before),
            renderer.files(new, world),
            {step.path: step.text for step in steps},
        ],
    )
    merged = edited.merged(project, entry, base, theirs)
    wired = wirings.changed(project, wirings.wirings(old, before), wirings.wirings(new, world))
    fresh = replace(
        entry,
        resource=new,
        files=slices.digests(theirs),
        render=theirs.render,
        revisions=(*entry.revisions, *(step.revision for step in steps)),
    )
    changes = [
        *merged.changes,
        *slices.changes(project, made.files, "the migration"),
        *wired.edits,
        *slices.changes(project, {entry.path: fresh.text()}, "the recipe"),
    ]
    touched = [change.path for change in changes if isinstance(change, Edit)]
    plan = Plan(tuple(changes), (*merged.manual, *wired.manual))
    return Proposal(new, plan, history.notes(project.root, touched))


def _all_fields(project: Project, old: Resource, texts: Sequence[str]) -> tuple[Field, ...]:
    known = [show(field) for field in old.fields]
    return lines.parse_fields(project, [*known, *texts], old.access)


def _without_value(added: Sequence[Field]) -> list[FastgenError]:
    return [
        InvalidField(
            f"field '{show(field)}': rows that are there would have no value for it: "
            "make it optional or give it a default",
            f"'{show(field)}:optional'",
        )
        for field in added
        if not (field.optional or columns.has_default(field))
    ]
