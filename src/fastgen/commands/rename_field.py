"""`fastgen rename field`, without a terminal."""

from dataclasses import replace

from fastgen.commands import changed
from fastgen.commands.changed import Wish
from fastgen.commands.proposal import Proposal
from fastgen.errors import FastgenError, InvalidField, raise_all
from fastgen.fields.show import show
from fastgen.project import account, understand
from fastgen.project.project import Project
from fastgen.slices import column_sets


def propose(
    project: Project, name: str, old_name: str, new_name: str, *, migration: bool | None = None
) -> Proposal:
    """Plan to rename a field of the resource `name`; its values stay.

    Raises `FastgenError` when there is no such field, or the new name is not accepted.
    """
    entry = changed.entry_with_fields(project, name)
    old = entry.resource
    field = changed.field_of(old, old_name)
    text = new_name + show(field).removeprefix(field.name)
    others = [one for one in old.fields if one is not field]
    typed, wrong = understand.read(project, [text], old.access, others)
    wrong += account.mistakes(project, old, typed)
    raise_all([_of_name(error, text, new_name) for error in wrong])
    [(_, renamed)] = typed
    new = replace(old, fields=tuple(renamed if one is field else one for one in old.fields))
    new = column_sets.renamed(new, {field.name: renamed.name})
    return changed.propose(
        project,
        Wish(
            entry,
            new,
            name,
            typed,
            renamed={field.column: renamed.column, field.name: renamed.name},
        ),
        title=f"rename {field.name} of {old.names.labels} to {renamed.name}",
        why="the fields",
        migration=migration,
    )


def _of_name(error: FastgenError, text: str, name: str) -> FastgenError:
    """Return an `error` in the definition `text` as one in the `name` that was typed."""
    better = tuple((name, fixed.partition(":")[0]) for _, fixed in error.instead if fixed)
    return InvalidField(error.message.replace(text, name), instead=better)
