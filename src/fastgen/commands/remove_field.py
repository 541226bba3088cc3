"""`fastgen remove field`, without a terminal."""

import shlex
from collections.abc import Sequence
from dataclasses import replace

from fastgen.commands import changed
from fastgen.commands.changed import Wish
from fastgen.commands.proposal import Proposal
from fastgen.errors import FastgenError, Refused, raise_all
from fastgen.project.project import Project
from fastgen.slices import column_sets
from fastgen.slices.resource import USERS


def propose(
    project: Project, name: str, names: Sequence[str], *, migration: bool | None = None
) -> Proposal:
    """Plan to remove fields of the resource `name`, with their columns and all values in them.

    Raises `FastgenError` when there is no such field, or no other field.
    """
    entry = changed.entry_with_fields(project, name)
    old = entry.resource
    gone, wrong = [], []
    for one in names:
        try:
            gone.append(changed.field_of(old, one))
        except FastgenError as error:
            wrong.append(error)
    raise_all(wrong)
    new = column_sets.without(old, gone)
    if not new.fields and new.names != USERS:
        raise Refused(
            f"{old.names.singular} would have no field left",
            shlex.join(["fastgen", "remove", "resource", old.names.singular]),
        )
    proposal = changed.propose(
        project,
        Wish(entry, new, name),
        title=f"drop {' and '.join(one.name for one in gone)} of {old.names.labels}",
        why="the fields",
        migration=migration,
    )
    sets = [one for one in (*old.unique, *old.index) if one not in (*new.unique, *new.index)]
    notes = (f"the constraint or index over {' and '.join(one)} is dropped with it" for one in sets)
    return replace(proposal, notes=(*notes, *proposal.notes))
