"""`fastgen add field`, without a terminal: render the slice with the fields and merge it."""

import shlex
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from fastgen import messages
from fastgen.commands import changed, corrected
from fastgen.commands.proposal import Proposal
from fastgen.engine.carry import carry
from fastgen.engine.changes import Change
from fastgen.engine.migrate import migration_of
from fastgen.errors import Clash, FastgenError, InvalidField, Refused, raise_all
from fastgen.fields.model import Field
from fastgen.fields.show import show
from fastgen.messages import shown
from fastgen.names import layout
from fastgen.names.resource import resolve, snake
from fastgen.project import account, notable, resources, understand, worlds
from fastgen.project.project import Project
from fastgen.project.resources import Entry
from fastgen.project.understand import Typed
from fastgen.slices import clashes
from fastgen.slices.resource import USERS, Resource
from fastgen.slices.values import has_default


def propose(
    project: Project,
    name: str,
    texts: Sequence[str],
    *,
    fill: str | None = None,
    migration: bool | None = None,
) -> Proposal:
    """Plan to add the fields `texts` to the resource `name`.

    `fill` is the value that existing rows get for a field that is required and has no default.
    Raises `FastgenError`.
    """
    entry = _entry(project, name, texts)
    old = entry.resource
    changed.refuse_several(fill, texts)
    new, typed = _extended(project, old, texts, filled=fill is not None)
    values = {field.column: fill for _, field in typed} if fill is not None else {}
    change = Change(entry, new, typed=clashes.Typed(name, typed), fill=values)
    names = " and ".join(field.name for _, field in typed)
    title = f"add {names} to {old.names.labels}"
    migrate = migration_of(project, title, wanted=project.migrates(migration))
    carried = carry(
        project, [change], migrate, why="the fields", clash=partial(_no_place, old=old, new=new)
    )
    notes = notable.notes(project, new, typed, carried.worlds.after)
    return Proposal(new, carried.plan, (*notes, *carried.notes))


def _no_place(message: str, old: Resource, new: Resource) -> Clash:
    """Return the error for references whose relationship clashes; suggests integer fields."""
    added = [field for field in new.references if field not in old.fields]
    columns = " ".join(f"{field.column}:int:optional" for field in added)
    return Clash(message, f"fastgen add field {new.names.singular} {columns}")


def _entry(project: Project, name: str, texts: Sequence[str]) -> Entry:
    """Return the entry of the resource `name`.

    Raises `FastgenError` when there is none, together with the mistakes in `texts`.
    """
    try:
        return changed.entry_with_fields(project, name)
    except FastgenError as error:
        typed, wrong = understand.read(project, texts, project.settings.access)
        wrong += understand.unknown_targets(project, typed, {snake(name)})
        if resources.known_as(project.root, name) is None and not error.instead:
            error = _not_added(project, name, texts, error, alone=not wrong)
        raise_all([*error.parts, *wrong])
        raise


def _not_added(
    project: Project, name: str, texts: Sequence[str], error: FastgenError, *, alone: bool
) -> FastgenError:
    """Return the error for the resource `name`, which fastgen did not add.

    That is `error`, unless people wrote its model or, with no other mistakes, it can be added.
    """
    try:
        names = resolve(name)
    except FastgenError:
        return error
    model = layout.model(names)
    if project.read(model) is None:
        added = messages.command(["fastgen", "add", "resource", name, *texts])
        return Refused(error.message, added) if alone else error
    columns = " and ".join(dict.fromkeys(map(snake, (text.partition(":")[0] for text in texts))))
    files = [layout.schema(names), layout.service(names), layout.tests(names)]
    others = ", ".join(path for path in files if project.read(path) is not None)
    return Refused(
        f"{names.singular} is not a resource that fastgen added: add the column to {model}, "
        "nullable or with a server_default for existing rows, then change "
        f"{others or 'the code that uses it'}; this creates the migration",
        f'uv run alembic revision --autogenerate -m "add {columns} to {names.labels}"',
    )


def _extended(
    project: Project, old: Resource, texts: Sequence[str], *, filled: bool
) -> tuple[Resource, list[Typed]]:
    """Return `old` with the fields `texts` added, and those fields; raises all mistakes in them.

    Existing rows need a value for each, unless they are `filled`.
    """
    typed, wrong = understand.read(project, texts, old.access, old.fields)
    new = replace(old, fields=(*old.fields, *(field for _, field in typed)))
    wrong += [
        *understand.unknown_targets(project, typed, {old.names.singular}),
        *understand.never_made(old.names, typed),
        *account.mistakes(project, old, typed),
        *(
            error
            for text, field in typed
            if not (filled or old.names == USERS) and (error := without_value(text, field))
        ),
    ]
    _refuse(project, old, texts, wrong)
    raise_all(worlds.in_circles(project, new, typed))
    return new, typed


def _refuse(
    project: Project, old: Resource, texts: Sequence[str], wrong: Sequence[FastgenError]
) -> None:
    """Raise the errors `wrong`, each with the corrected command line."""
    better = corrected.mended(wrong, texts)
    readable, _ = understand.read(project, better, old.access, old.fields)
    filled = {text: addable(field) for text, field in readable if without_value(text, field)}
    if len(better) == len(texts):
        line = tuple(zip(texts, (filled.get(text, text) for text in better), strict=True))
        for error in wrong:
            error.instead = line if error.instead else ()
    raise_all(wrong)


def without_value(text: str, field: Field) -> InvalidField | None:
    """Return an error if existing rows would have no value for `field`."""
    if field.optional or has_default(field):
        return None
    better = addable(field)
    return InvalidField(
        f"field {shown(text)}: existing rows would have no value for it: "
        "make it optional or give it a default",
        shlex.quote(better),
        instead=((text, better),),
    )


def addable(field: Field) -> str:
    """Return `field` as text, made optional unless existing rows get a value for it."""
    if field.optional or has_default(field):
        return show(field)
    rule = "setnull" if field.ondelete == "restrict" else field.ondelete
    return show(replace(field, optional=True, ondelete=rule))
