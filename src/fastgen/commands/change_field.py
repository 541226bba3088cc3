"""`fastgen change field`, without a terminal: give existing fields another definition."""

from collections.abc import Sequence
from dataclasses import replace

from fastgen.commands import changed
from fastgen.commands.changed import Wish
from fastgen.commands.proposal import Proposal
from fastgen.errors import FastgenError, InvalidField, raise_all
from fastgen.fields.model import Field
from fastgen.fields.show import show
from fastgen.fields.split import split
from fastgen.project import account, understand
from fastgen.project.project import Project
from fastgen.project.understand import Typed
from fastgen.slices import set_rules
from fastgen.slices.resource import Resource


def propose(
    project: Project,
    name: str,
    texts: Sequence[str],
    *,
    fill: str | None = None,
    migration: bool | None = None,
) -> Proposal:
    """Plan to give fields of the resource `name` the definitions `texts`.

    Each is a whole definition: what it leaves out is removed. `fill` is the value of existing rows
    that have none. Raises `FastgenError` with all mistakes.
    """
    entry = changed.entry_with_fields(project, name)
    old = entry.resource
    changed.refuse_several(fill, texts)
    typed = _typed(project, old, texts)
    by_name = {field.name: field for _, field in typed}
    new = replace(old, fields=tuple(by_name.get(one.name, one) for one in old.fields))
    raise_all(_in_sets(new))
    filled = {field.column: fill for _, field in typed} if fill is not None else {}
    notes = [_told(before, after) for before, after in zip(old.fields, new.fields, strict=True)]
    proposal = changed.propose(
        project,
        Wish(entry, new, name, typed, fill=filled),
        title=f"change {' and '.join(by_name)} of {old.names.labels}",
        why="the fields",
        migration=migration,
    )
    return replace(proposal, notes=(*filter(None, notes), *proposal.notes))


def _typed(project: Project, old: Resource, texts: Sequence[str]) -> list[Typed]:
    """Return the new definitions in `texts`; raises all mistakes in them."""
    wrong: list[FastgenError] = []
    known: dict[str, Field] = {}
    for text in texts:
        try:
            found = changed.field_of(old, split(text)[0], text)
            known[found.name] = found
        except FastgenError as error:
            wrong.append(error)
    others = [one for one in old.fields if one.name not in known]
    typed, mistakes = understand.read(project, texts, old.access, others)
    wrong += [
        *mistakes,
        *understand.unknown_targets(project, typed, {old.names.singular}),
        *understand.never_made(old.names, typed),
        *account.mistakes(project, old, typed),
        *(_other_kind(text, known[f.name], f) for text, f in typed if _is_other(known, f)),
    ]
    raise_all(wrong)
    return typed


def _in_sets(new: Resource) -> list[FastgenError]:
    """Return an error for each set of columns that the fields of `new` no longer allow."""
    sets = set_rules.sets_of(new)
    found = zip(sets, set_rules.mistakes(new, sets, ()), strict=True)
    return [
        InvalidField(f"--{one.kind} {','.join(one.names)}: {told}")
        for one, wrong in found
        for told in wrong
    ]


def _is_other(known: dict[str, Field], field: Field) -> bool:
    return field.name in known and (known[field.name].target is None) != (field.target is None)


def _other_kind(text: str, old: Field, new: Field) -> InvalidField:
    kinds = ["a reference" if one.target else f"of type {one.type}" for one in (old, new)]
    return InvalidField(
        f"field '{text}': {old.name} is {kinds[0]} and cannot become {kinds[1]}, as its values "
        "mean something else: remove the field and add another one",
    )


def _told(old: Field, new: Field) -> str | None:
    return None if old == new else f"{old.name} was {show(old)}"
