"""Asks for a field of a resource: its name, its type and argument, its modifiers."""

from collections.abc import Sequence
from functools import partial

from fastgen.cli.draft import Sheet, contradiction, fitting
from fastgen.cli.explanations import MODIFIERS, ON_DELETE
from fastgen.cli.prompts import Choice, explained
from fastgen.cli.terminal import terminal
from fastgen.fields.grammar import FLAGS
from fastgen.fields.types import TYPES, FieldType
from fastgen.project import resources
from fastgen.slices.resource import USER


def ask(sheet: Sheet) -> str | None:
    """Return the text of the next field of `sheet`, None if there are no more.

    A whole field may also be typed at once, as on the command line. Raises `KeyboardInterrupt`.
    """
    number = len(sheet.fields) + 1
    end = "" if number == 1 else "; Enter ends"
    name = terminal.text(
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
        return None if sheet.fields else "a resource has one field at least"
    return sheet.complaint(typed)


def _type(name: str) -> FieldType:
    choices = [explained(type_.name, type_.told) for type_ in TYPES.values()]
    return TYPES[str(terminal.choose(f"{name}: its type", choices, "str"))]


def _argument(sheet: Sheet, name: str, type_: FieldType) -> str:
    if type_.refers:
        known = dict.fromkeys((*resources.listed(sheet.project.root), sheet.name, USER))
        choices = [Choice(one, one) for one in known]
        return str(terminal.choose(f"{name}: what it refers to", choices))
    if type_.item_types:
        choices = [explained(item.name, item.told) for item in type_.item_types]
        return str(terminal.choose(f"{name}: what its items are", choices))
    if type_.question is None:
        return ""
    told, default = type_.question
    return terminal.text(
        f"{name}: {told}", default, lambda typed: sheet.complaint(f"{name}:{type_.name}:{typed}")
    )


def _with_modifiers(sheet: Sheet, base: str, name: str, type_: FieldType) -> str:
    choices = [explained(one, type_.meanings.get(one, MODIFIERS[one])) for one in fitting(type_)]
    marked = terminal.mark(
        f"{name}: what else", choices, lambda marked: contradiction(sheet, base, marked)
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
        return str(terminal.choose(question, choices))
    return terminal.text(
        question, "", lambda typed: sheet.complaint(f"{before}:{modifier}={typed}", before)
    )
