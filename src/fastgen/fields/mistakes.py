"""What is wrong with one field, gathered, so that all of it is told at once."""

import shlex

from fastgen.errors import InvalidField
from fastgen.messages import shown


class Mistakes:
    """The mistakes in one field text."""

    def __init__(self, text: str, name: str) -> None:
        """Gather for `text`; `name` is a good name for the examples."""
        self.text = text
        self.name = name
        self.errors: list[InvalidField] = []

    def add(self, what: str, example: str, *, name: str | None = None) -> None:
        """Note `what` is wrong and what is allowed; `example` is what may follow the name."""
        hint = shlex.quote(f"{name or self.name}:{example}")
        self.errors.append(InvalidField(f"field {shown(self.text)}: {what}", hint))
