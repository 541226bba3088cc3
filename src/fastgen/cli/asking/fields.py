"""Asks for fields of a resource: the name, the type and its argument, the modifiers."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial

from fastgen.cli.asking.draft import Sheet, contradiction, fitting
from fastgen.cli.terminal import terminal
from fastgen.cli.terminal.prompts import Choice, explained
from fastgen.fields.grammar import FLAGS
from fastgen.fields.model import OnDelete
from fastgen.fields.parse import MOST_FIELDS
from fastgen.fields.types import TYPES, FieldType
from fastgen.project import resources, written
from fastgen.slices.resource import USER

MODIFIERS: Mapping[str, str] = {
    "optional": "may be left out, or null",
    "unique": "no two rows have the same value",
    "index": "database index, for fast look-ups",
    "filter": "lists can be filtered by it, and by null if it is optional",
    "sort": "lists can be sorted by it; up to 500 characters",
    "search": "lists can be searched for parts of it",
    "readonly": "shown to clients, never accepted from them",
    "writeonly": "accepted from clients, never shown",
    "min": "at least this many",
    "max": "at most this many",
    "gt": "greater than a value",
    "ge": "this value or greater",
    "lt": "less than a value",
    "le": "this value or less",
    "ondelete": "what happens when the row that it refers to is deleted",
    "pattern": "regular expression that it must match",
    "default": "value if none is given",
}
ON_DELETE: Mapping[OnDelete, str] = {
    "restrict": "refuse it while rows refer to it",
    "cascade": "delete the rows that refer to it too",
    "setnull": "keep them, without the reference",
}


def ask(sheet: Sheet, wrong: Callable[[Sheet, str], str | None]) -> Sequence[str]:
    """Ask for the fields of `sheet`, at least one; `wrong` returns further mistakes in a field.

    Raises `KeyboardInterrupt` when the user interrupts it.
    """
    while len(sheet.known) + len(sheet.fields) < MOST_FIELDS and (field := _field(sheet)):
        if complaint := sheet.complaint(field) or wrong(sheet, field):
            terminal.err.write(f"invalid field {field}: {complaint}\n")
            continue
        sheet = replace(sheet, fields=(*sheet.fields, field))
    return sheet.fields


def _field(sheet: Sheet) -> str | None:
    """Return the text of the next field of `sheet`, None if there are no more.

    A whole field may also be typed at once, as on the command line.
    """
    number = len(sheet.fields) + 1
    end = "" if number == 1 else "; Enter to finish"
    name = terminal.ask.text(
        f"Field {number} (such as name or price:float{end})", "", partial(_name, sheet)
    )
    if not name or ":" in name:
        return name or None
    type_ = _type(name)
    base = f"{name}:{type_.name}"
    argument = _argument(sheet, name, type_)
    return _with_modifiers(sheet, f"{base}:{argument}" if argument else base, name, type_)


def _name(sheet: Sheet, typed: str) -> str | None:
    if not typed:
        return None if sheet.fields else "a resource needs at least one field"
    return sheet.complaint(typed)


def _type(name: str) -> FieldType:
    choices = [explained(type_.name, type_.told) for type_ in TYPES.values()]
    return TYPES[str(terminal.ask.choose(f"{name}: its type", choices, "str"))]


def _argument(sheet: Sheet, name: str, type_: FieldType) -> str:
    if type_.refers:
        by_hand = (name for name, one in written.models(sheet.project).items() if not one.reason)
        known = dict.fromkeys((*resources.listed(sheet.project.root), sheet.name, USER, *by_hand))
        choices = [Choice(one, one) for one in known]
        return str(terminal.ask.choose(f"{name}: the resource that it refers to", choices))
    if type_.item_types:
        choices = [explained(item.name, item.told) for item in type_.item_types]
        return str(terminal.ask.choose(f"{name}: the type of its items", choices))
    if type_.question is None:
        return ""
    told, default = type_.question
    return terminal.ask.text(
        f"{name}: {told}", default, lambda typed: sheet.complaint(f"{name}:{type_.name}:{typed}")
    )


def _with_modifiers(sheet: Sheet, base: str, name: str, type_: FieldType) -> str:
    choices = [explained(one, type_.meanings.get(one, MODIFIERS[one])) for one in fitting(type_)]
    marked = terminal.ask.mark(
        f"{name}: modifiers", choices, lambda marked: contradiction(sheet, base, marked)
    )
    text = ":".join([base, *(one for one in marked if one in FLAGS)])
    for one in marked:
        if one not in FLAGS:
            text += f":{one}={_value(sheet, text, name, one, marked)}"
    return text


def _value(sheet: Sheet, before: str, name: str, modifier: str, marked: Sequence[str]) -> str:
    question = f"{name}: {modifier}= ({MODIFIERS[modifier]})"
    if modifier == "ondelete":
        choices = [
            explained(rule, told)
            for rule, told in ON_DELETE.items()
            if rule != "setnull" or "optional" in marked
        ]
        return str(terminal.ask.choose(question, choices))
    return terminal.ask.text(
        question, "", lambda typed: sheet.complaint(f"{before}:{modifier}={typed}", before)
    )
