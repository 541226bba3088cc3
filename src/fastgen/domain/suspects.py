"""Finds apparent renames: something new has the definition of something removed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from fastgen.domain.mistakes import Mistakes
from fastgen.domain.sections import Wanted
from fastgen.fields.model import Field
from fastgen.fields.show import show
from fastgen.messages import shown
from fastgen.project.resources import Entry
from fastgen.slices.resource import USERS, Resource
from fastgen.slices.values import has_default

NewNames = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Answers:
    """Answers about apparent renames, each as the old and the new name."""

    renamed: tuple[tuple[str, str], ...] = ()
    others: frozenset[tuple[str, str]] = frozenset()


NO_ANSWERS = Answers()


def names(wanted: Sequence[Wanted], gone: Sequence[Entry], answers: Answers) -> NewNames:
    """Return the new names of the resources that are renamed, or appear to be."""
    found = {
        one.named.entry.resource.names.singular: one.new.names.singular
        for one in wanted
        if one.named.entry
    }
    added = [one.new for one in wanted if one.named.entry is None]
    count = -1
    # One that looks renamed may be what the next one refers to.
    while count < len(found):
        count = len(found)
        for new in added:
            name = new.names.singular
            for old in (entry.resource for entry in gone):
                pair = (old.names.singular, name)
                free = pair[0] not in found and name not in found.values()
                if free and pair not in answers.others and _is_same(old, new, found):
                    found[pair[0]] = name
    return found


def refuse_renamed(one: Wanted, gone: Sequence[Entry], names: NewNames, mistakes: Mistakes) -> None:
    """Refuse a new resource that looks like a removed one."""
    name = one.new.names.singular
    for old in (entry.resource for entry in gone):
        if names.get(old.names.singular) == name:
            label = old.names.singular
            pairs = zip(old.fields, _called(old, one.new, names), strict=True)
            fields = [
                (f"{label}.{was.name}", new.name) for was, new in pairs if was.name != new.name
            ]
            _refuse(one.line, (label, name), [(label, name), *fields], mistakes)


def refuse_new_fields(
    one: Wanted, gone: Sequence[Field], names: NewNames, answers: Answers, mistakes: Mistakes
) -> None:
    """Refuse new fields that look like one of those `gone`, or for which rows have no value."""
    name, left = one.new.names.singular, list(gone)
    before = one.named.before.fields if one.named.before else ()
    known = {field.name for field in before}
    of_account = one.new.names == USERS
    for text, field in one.typed:
        if field.name in known:
            continue
        line = one.line_of(field)
        pairs = {old: (f"{name}.{old.name}", f"{name}.{field.name}") for old in left}
        possible = [old for old, pair in pairs.items() if pair not in answers.others]
        alike = [
            old for old in possible if replace(_retargeted(old, names), name=field.name) == field
        ]
        if alike:
            left.remove(alike[0])
            pair = pairs[alike[0]]
            _refuse(line, pair, [(pair[0], field.name)], mistakes)
        elif not (of_account or field.optional or has_default(field)):
            told = "existing rows would have no value for it: make it optional or give it a default"
            if near := [old for old in possible if _has_type_of(_retargeted(old, names), field)]:
                old = pairs[near[0]][0]
                told += f", or, if it is {old} with a new name, add {_lines((old, field.name))}"
            mistakes.add(line, f"field {shown(text)}: {told}")


def _refuse(
    line: int, names: tuple[str, str], answers: Sequence[tuple[str, str]], mistakes: Mistakes
) -> None:
    mistakes.suspect(
        line,
        f"{names[0]} is removed and {names[1]} is new with the same definition: if it is renamed, "
        f"add {_lines(*answers)}; if it is a new one, remove the old one first",
        *names,
    )


def _lines(*pairs: tuple[str, str]) -> str:
    listed = " and ".join(f"'{old}: {new}'" for old, new in pairs)
    return f"{listed} under 'renamed:'"


def _is_same(old: Resource, new: Resource, names: NewNames) -> bool:
    """Whether two resources differ in their names only, and those of what they refer to."""
    return len(old.fields) == len(new.fields) and (
        {*map(show, _called(old, new, names))} == {*map(show, new.fields)}
    )


def _called(old: Resource, new: Resource, names: NewNames) -> list[Field]:
    """Return the fields of `old`, those that refer to what is renamed as `new` may call them."""
    names = {**names, old.names.singular: new.names.singular}
    there = {field.name for field in new.fields}
    found = []
    for field in old.fields:
        one = _retargeted(field, names)
        if field.name not in there and field.name == field.target:
            one = replace(one, name=str(one.target))
        found.append(one)
    return found


def _retargeted(field: Field, names: NewNames) -> Field:
    return replace(field, target=names.get(field.target or "", field.target))


def _has_type_of(old: Field, new: Field) -> bool:
    return (old.type, old.item, old.target) == (new.type, new.item, new.target)
