"""Collects the mistakes in a field, so that all are reported at once."""

import shlex
from collections.abc import Mapping

from fastgen.errors import Instead, InvalidField
from fastgen.messages import shown


class Mistakes:
    """The mistakes in one field text."""

    def __init__(self, text: str, name: str) -> None:
        """Start without mistakes in `text`; `name` is a valid name for the field."""
        self.text = text
        self.name = name
        self.found: list[str] = []
        self.example = ""
        # The text after the name, if it could be separated.
        self.parts: tuple[str, ...] = ()
        # Parts of the text, each with its replacement.
        self.instead: dict[str, str] = {}

    def add(
        self,
        what: str,
        example: str,
        *,
        name: str | None = None,
        instead: Mapping[str, str] | None = None,
    ) -> None:
        """Add a mistake; `what` says what is wrong and what is allowed.

        `instead` maps parts of the text to replacements; `example` may follow the name if no
        other correction works.
        """
        self.found.append(what)
        self.example = self.example or example
        self.name = name or self.name
        self.instead |= instead or {}

    def errors(self, mended: str | None = None, line: Instead = ()) -> list[InvalidField]:
        """Return an error for each mistake; `mended` is the corrected text, `line` all fields."""
        hint = None if mended is None else shlex.quote(mended)
        return [
            InvalidField(f"field {shown(self.text)}: {what}", hint, instead=line)
            for what in self.found
        ]
