"""The account model: a part of every project, to which people add fields."""

import shlex
from collections.abc import Iterator, Sequence
from dataclasses import replace

from fastgen.errors import FastgenError, InvalidField
from fastgen.fields.model import Field
from fastgen.fields.show import show
from fastgen.messages import shown
from fastgen.names import layout
from fastgen.names.resource import snake
from fastgen.project import resources
from fastgen.project.project import Project
from fastgen.project.resources import Entry
from fastgen.project.understand import Typed
from fastgen.slices.account import OWN
from fastgen.slices.resource import USERS, Resource
from fastgen.slices.values import has_default
from fastgen.wiring.classes import find_classes

# The entry of a project without added fields.
UNCHANGED = Entry(Resource(USERS, "shared", ()))


def is_meant(typed: str) -> bool:
    """Whether `typed` is the name of the account model, in any spelling."""
    return snake(typed) in {USERS.singular, USERS.plural}


def entry(project: Project) -> Entry:
    """Return the entry of accounts; without added fields, it says that nothing was written yet.

    Raises `Refused` when it cannot be read.
    """
    found = resources.load(project.root, USERS.singular, project.database)
    return found or UNCHANGED


def mistakes(project: Project, old: Resource, typed: Sequence[Typed]) -> Iterator[FastgenError]:
    """Yield what is wrong with the fields `typed` of the resource `old`, if that is the account."""
    if old.names != USERS:
        return
    there = _attributes(project) - {field.attribute for field in old.fields}
    for text, field in typed:
        if field.column in OWN:
            yield _renamed(text, field, f"every account already has {field.column}")
        elif field.attribute in there:
            yield _renamed(text, field, f"User in {layout.model(USERS)} already has it")
        elif field.attribute != field.column:
            yield _renamed(text, field, "it would have another name in Python")
        yield from _unfit(text, field)


def _attributes(project: Project) -> set[str]:
    source = project.read(layout.model(USERS)) or b""
    found = (one for one in find_classes(source) if one.name == USERS.cls)
    return {name for one in found for name in one.attributes}


def _renamed(text: str, field: Field, why: str) -> InvalidField:
    better = f"account_{field.name}" + text.removeprefix(field.name)
    return _wrong(text, f"an account cannot have another {shown(field.name)}: {why}", better)


def _unfit(text: str, field: Field) -> Iterator[FastgenError]:
    if field.target:
        better = show(replace(field, type="int", name=field.column, target=None, ondelete=None))
        told = (
            "an account cannot refer to rows, as it exists before them: give the resource a "
            "ref:user instead"
        )
        yield _wrong(text, told, better)
        return
    if words := [word for word in ("filter", "sort", "search") if getattr(field, word)]:
        better = show(replace(field, filter=False, sort=False, search=False))
        listed = f"{' and '.join(words)} {'is' if len(words) == 1 else 'are'}"
        told = f"{listed} not supported for accounts, whose list has parameters of its own"
        yield _wrong(text, told, better)
    if not field.optional and not has_default(field):
        told = (
            "accounts are also created where nobody is asked for it, as by python -m app "
            "create-admin: make it optional or give it a default"
        )
        yield _wrong(text, told, show(replace(field, optional=True)))


def _wrong(text: str, told: str, better: str) -> InvalidField:
    return InvalidField(
        f"field {shown(text)}: {told}", shlex.quote(better), instead=((text, better),)
    )
