"""A field while it is asked for: what the real parser says about it so far."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from fastgen.errors import FastgenError
from fastgen.fields import rules
from fastgen.fields.grammar import FLAGS, LIMITS, TAKEN_BY
from fastgen.fields.mistakes import Mistakes
from fastgen.fields.model import RANGED, Field, Type
from fastgen.fields.parse import parse
from fastgen.messages import shown
from fastgen.project import lines
from fastgen.project.place import Project
from fastgen.slices.resource import Access

CONTRADICTIONS = (("gt", "ge"), ("lt", "le"))
# Pattern and default are taken verbatim, so they are last.
ORDER = (*FLAGS, *LIMITS, "ondelete", "pattern", "default")


@dataclass(frozen=True, slots=True)
class Sheet:
    """The resource so far: all that another field must go with."""

    project: Project
    name: str
    access: Access
    fields: tuple[str, ...] = ()
    # What the resource has already, as one that is there.
    known: tuple[Field, ...] = ()

    def complaint(self, text: str, before: str | None = None) -> str | None:
        """Return what is wrong with the field `text`, nothing when it is right.

        What is wrong with its beginning `before` already may yet be put right, and is left out.
        """
        known = set(self._complaints(before)) if before else set[str]()
        new = (one for one in self._complaints(text) if one not in known)
        return next(new, None)

    def _complaints(self, text: str) -> list[str]:
        texts = [*self.fields, text]
        try:
            fields = lines.parse_fields(self.project, texts, self.access, self.known)
        except FastgenError as error:
            wrong: Sequence[FastgenError] = error.parts
        else:
            typed = list(zip(texts, fields, strict=True))
            wrong = lines.unknown_targets(self.project, typed, self.name)
        return [_without_field(one, text) for one in wrong]


def fitting(type_: Type) -> list[str]:
    """Return the modifiers that a field of a type may have, without other words for the same."""
    found = [name for name in ORDER if type_ in TAKEN_BY[name]]
    if type_ in RANGED:
        return [name for name in found if name not in {"min", "max"}]
    return [name for name in found if (type_, name) != ("str", "max")]


def contradiction(sheet: Sheet, base: str, marked: Sequence[str]) -> str | None:
    """Return why the modifiers `marked` do not go together with the field `base`, if so."""
    for one, other in CONTRADICTIONS:
        if one in marked and other in marked:
            return f"{one} and {other} contradict each other; mark one of them"
    [field] = parse([base], database=sheet.project.database)
    flags: dict[str, Any] = {name: name in marked for name in FLAGS}
    mistakes = Mistakes(base, field.name)
    rules.check(replace(field, **flags), dict.fromkeys(marked, ""), mistakes)
    return next((_without_field(one, base) for one in mistakes.errors()), None)


def _without_field(error: FastgenError, text: str) -> str:
    """Leave out which field it is: that stands on the screen."""
    return error.message.removeprefix(f"field {shown(text)}: ")
