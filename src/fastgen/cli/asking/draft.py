"""Checks a field with the real parser while it is asked for."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from fastgen.errors import FastgenError
from fastgen.fields import rules
from fastgen.fields.grammar import FLAGS, MODIFIERS
from fastgen.fields.mistakes import Mistakes
from fastgen.fields.model import Field
from fastgen.fields.parse import parse
from fastgen.fields.types import FieldType
from fastgen.messages import shown
from fastgen.project import understand
from fastgen.project.project import Project
from fastgen.slices.rights import Access

CONTRADICTIONS = (("gt", "ge"), ("lt", "le"))


@dataclass(frozen=True, slots=True)
class Sheet:
    """The resource so far, with which another field must be compatible."""

    project: Project
    name: str
    access: Access
    fields: tuple[str, ...] = ()
    # The fields of an existing resource.
    known: tuple[Field, ...] = ()

    def complaint(self, text: str, before: str | None = None) -> str | None:
        """Return what is wrong with the field `text`, None if it is valid.

        Mistakes that its beginning `before` has as well are left out, as they may be temporary.
        """
        known = set(self._complaints(before)) if before else set[str]()
        new = (one for one in self._complaints(text) if one not in known)
        return next(new, None)

    def _complaints(self, text: str) -> list[str]:
        texts = [*self.fields, text]
        try:
            fields = understand.parse_fields(self.project, texts, self.access, self.known)
        except FastgenError as error:
            wrong: Sequence[FastgenError] = error.parts
        else:
            typed = list(zip(texts, fields, strict=True))
            wrong = understand.unknown_targets(self.project, typed, {self.name})
        return [_without_field(one, text) for one in wrong]


def fitting(type_: FieldType) -> list[str]:
    """Return the modifiers that a field of type `type_` may have, without synonyms."""
    return [name for name in MODIFIERS if name in type_.modifiers - type_.synonyms]


def contradiction(sheet: Sheet, base: str, marked: Sequence[str]) -> str | None:
    """Return why the modifiers `marked` contradict each other in the field `base`, if they do."""
    for one, other in CONTRADICTIONS:
        if one in marked and other in marked:
            return f"{one} and {other} contradict each other; mark one of them"
    [field] = parse([base], database=sheet.project.database)
    flags: dict[str, Any] = {name: name in marked for name in FLAGS}
    mistakes = Mistakes(base, field.name)
    rules.check(replace(field, **flags), dict.fromkeys(marked, ""), mistakes)
    return next((_without_field(one, base) for one in mistakes.errors()), None)


def _without_field(error: FastgenError, text: str) -> str:
    """Return the message of `error` without the field, which is on the screen."""
    return error.message.removeprefix(f"field {shown(text)}: ")
