"""Types whose values have a size: characters, bytes, items."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import ClassVar

from fastgen.fields.mistakes import Mistakes
from fastgen.fields.model import Field
from fastgen.fields.types.base import FieldType
from fastgen.messages import printable

_NUMBER = re.compile(r"[0-9]{1,9}")


class Sized(FieldType):
    """A type with `min=` and `max=` for a size, of which there are at most `most`."""

    most: ClassVar[int]
    # The least maximum.
    least_max: ClassVar[int] = 1
    # An example that limits may follow, if another one than usual.
    sized_example: ClassVar[str] = ""

    def read_modifiers(self, field: Field, given: Mapping[str, str], mistakes: Mistakes) -> Field:
        least = self.size("min", given, mistakes)
        field = self.with_most(field, self.size("max", given, mistakes), given, mistakes)
        most = self.limit(field)
        if least and most and least > most:
            mistakes.add(
                f"min={least} is more than the maximum, {most}",
                self.of_size(least),
                instead={f"min={given['min']}": f"min={least}:max={least}", f"max={most}": ""},
            )
            return field
        return self.with_least(field, least, given)

    def with_most(
        self, field: Field, most: int | None, given: Mapping[str, str], mistakes: Mistakes
    ) -> Field:
        """Return `field` with the maximum `most`."""
        return replace(field, max=most)

    def with_least(self, field: Field, least: int | None, given: Mapping[str, str]) -> Field:
        """Return `field` with the minimum `least`."""
        return replace(field, min=least or None)

    def limit(self, field: Field) -> int | None:
        """Return the maximum of `field`."""
        return field.max

    def of_size(self, least: int) -> str:
        """Return an example whose maximum is at least `least`."""
        return self.example

    def size(self, name: str, given: Mapping[str, str], mistakes: Mistakes) -> int | None:
        """Return the limit called `name`, None if there is none or a wrong one."""
        if name not in given:
            return None
        text = given[name]
        low = self.least_max if name == "max" else 0
        if _NUMBER.fullmatch(text) and low <= int(text) <= self.most:
            return int(text)
        mistakes.add(
            f"{name}={printable(text)} is not a number of {self.unit}: use {low} to {self.most}",
            f"{self.sized_example or self.example}:{name}=1000",
            instead={f"{name}={text}": self._better(name, text, low)},
        )
        return None

    def _better(self, name: str, text: str, low: int) -> str:
        return f"{name}={min(max(int(text), low), self.most)}" if text.isdecimal() else ""
