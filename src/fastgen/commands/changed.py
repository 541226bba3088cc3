"""The common parts of the commands that change an existing resource."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from fastgen.commands.proposal import Proposal
from fastgen.engine.carry import carry
from fastgen.engine.changes import Change
from fastgen.engine.migrate import migration_of
from fastgen.errors import InvalidField, InvalidOption, raise_all
from fastgen.fields.model import Field
from fastgen.messages import meant, nearest, shown
from fastgen.project import account, notable, resources, worlds
from fastgen.project.project import Project
from fastgen.project.resources import Entry
from fastgen.project.understand import Typed
from fastgen.slices import clashes
from fastgen.slices.resource import Resource


@dataclass(frozen=True, slots=True)
class Wish:
    """How a resource is to change: its new state, and what was typed for it."""

    entry: Entry
    new: Resource
    name: str
    typed: Sequence[Typed] = ()
    renamed: Mapping[str, str] = field(default_factory=dict)
    # The values of existing rows for columns that get none otherwise, as they were typed.
    fill: Mapping[str, str] = field(default_factory=dict)


def entry_of(project: Project, name: str) -> Entry:
    """Return the entry of the resource `name`; raises `Refused` if there is none."""
    return resources.must_load(project.root, name, project.database)


def entry_with_fields(project: Project, name: str) -> Entry:
    """Return the entry of the resource `name` or of accounts; raises `Refused` if there is none."""
    return account.entry(project) if account.is_meant(name) else entry_of(project, name)


def refuse_several(fill: str | None, texts: Sequence[str]) -> None:
    """Raise `InvalidOption` if one value is to fill several fields."""
    if fill is not None and len(texts) > 1:
        raise InvalidOption("--fill is the value of one field: give the others separately")


def field_of(resource: Resource, name: str, typed: str | None = None) -> Field:
    """Return the field `name`, also by its column; raises `InvalidField` if there is none.

    `typed` is the word of the command line that begins with the name, if it is not all of it.
    """
    for one in resource.fields:
        if name in {one.name, one.column}:
            return one
    known = [first_field(resource).name, *(one.name for one in resource.fields[1:])]
    near, typed = nearest(name, known), typed or name
    raise InvalidField(
        f"{resource.names.singular} has no field {shown(name)}: it has {', '.join(known)}"
        f"{meant(near)}",
        None if near else "fastgen info",
        instead=((typed, near + typed.removeprefix(name)),) if near else (),
    )


def first_field(resource: Resource) -> Field:
    """Return the first field of `resource`; raises `InvalidField` if it has none."""
    if not resource.fields:
        raise InvalidField(
            f"no field was added to {resource.names.labels}: the fields that every account has "
            "cannot be changed",
            "fastgen add field --help",
        )
    return resource.fields[0]


def propose(
    project: Project, wish: Wish, *, title: str, why: str, migration: bool | None
) -> Proposal:
    """Plan `wish`, with a migration called `title`; raises `FastgenError`."""
    raise_all(worlds.in_circles(project, wish.new, wish.typed))
    change = Change(
        wish.entry, wish.new, wish.renamed, clashes.Typed(wish.name, wish.typed), wish.fill
    )
    migrate = migration_of(project, title, wanted=project.migrates(migration))
    carried = carry(project, [change], migrate, why=why)
    notes = notable.notes(project, wish.new, wish.typed, carried.worlds.after)
    return Proposal(wish.new, carried.plan, (*notes, *carried.notes))
