"""What is wrong with one field, gathered, so that all of it is told at once."""

import shlex
from collections.abc import Mapping

from fastgen.errors import Instead, InvalidField
from fastgen.messages import shown


class Mistakes:
    """The mistakes in one field text."""

    def __init__(self, text: str, name: str) -> None:
        """Gather for `text`; `name` is a good name for it."""
        self.text = text
        self.name = name
        self.found: list[str] = []
        self.example = ""
        # What stands behind the name, where that could be told apart.
        self.parts: tuple[str, ...] = ()
        # Parts of the text, and what to type in their place.
        self.instead: dict[str, str] = {}

    def add(
        self,
        what: str,
        example: str,
        *,
        name: str | None = None,
        instead: Mapping[str, str] | None = None,
    ) -> None:
        """Note `what` is wrong and what is allowed.

        `instead` says what to type in the place of which parts, and `example` what may follow the
        name when all else fails.
        """
        self.found.append(what)
        self.example = self.example or example
        self.name = name or self.name
        self.instead |= instead or {}

    def errors(self, mended: str | None = None, line: Instead = ()) -> list[InvalidField]:
        """Return an error for each; `mended` is the text put right, `line` all of the fields."""
        hint = None if mended is None else shlex.quote(mended)
        return [
            InvalidField(f"field {shown(self.text)}: {what}", hint, instead=line)
            for what in self.found
        ]
