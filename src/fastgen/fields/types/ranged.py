"""Types whose values have an order, and so may have a least and a greatest one."""

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar

from fastgen.fields.mistakes import Mistakes
from fastgen.fields.model import Bound, Field
from fastgen.fields.types.base import USUAL, FieldType
from fastgen.fields.values import write, write_without_colons
from fastgen.messages import printable

_BOUNDS = {"min": "ge", "max": "le", "gt": "gt", "ge": "ge", "lt": "lt", "le": "le"}


class Ranged(FieldType):
    """A type whose values have an order: `rank` is the place of a value among all of them."""

    modifiers = USUAL | _BOUNDS.keys()
    synonyms = frozenset({"min", "max"})
    ranged = True
    # The first value that the type has in JSON Schema, and the one after the last, as expressions.
    json_range: ClassVar[tuple[str, str] | None] = None

    @abstractmethod
    def read(self, field: Field, text: str) -> Bound:
        """Parse `text`; raises `ValueError` that says what is allowed."""

    @abstractmethod
    def extent(self, field: Field) -> tuple[Bound, Bound]:
        """Return the smallest and the greatest value of the type."""

    @abstractmethod
    def rank(self, field: Field, value: Any) -> int:
        """Return the rank of a value; adjacent values differ by one."""

    def span(self, field: Field) -> range:
        """Return the ranks of all values that `field` accepts."""
        least, most = (self.rank(field, value) for value in self.extent(field))
        if field.ge is not None:
            least = self.rank(field, field.ge)
        elif field.gt is not None:
            least = self.rank(field, field.gt) + 1
        if field.le is not None:
            most = self.rank(field, field.le)
        elif field.lt is not None:
            most = self.rank(field, field.lt) - 1
        return range(least, most + 1)

    def count(self, field: Field) -> int:
        """Return how many values `field` accepts."""
        # Not len(), which is limited to sys.maxsize.
        values = self.span(field)
        return values.stop - values.start

    def canonical(self, field: Field, text: str) -> str:
        """Return the canonical text of a default within the limits."""
        value = self.read(field, text)
        if self.rank(field, value) not in self.span(field):
            raise ValueError("it is outside of the field's own limits")
        return write(value)

    def value(self, field: Field, text: str) -> Bound:
        """Return the canonical `text` as a Python value."""
        return self.read(field, text)

    def read_modifiers(self, field: Field, given: Mapping[str, str], mistakes: Mistakes) -> Field:
        """Return `field` with its limits."""
        found: dict[str, Bound] = {}
        for word, name in _BOUNDS.items():
            if word not in given:
                continue
            if name in found:
                mistakes.add(
                    "min and ge set the same limit, as do max and le; give one of them",
                    self.bound_example,
                )
                continue
            try:
                found[name] = self.read(field, given[word])
            except ValueError as error:
                mistakes.add(
                    f"{word}={printable(given[word])} is not a valid {self.name}: {error}",
                    self.bound_example,
                )
        for strict, loose in (("gt", "ge"), ("lt", "le")):
            if {strict, loose} <= found.keys():
                mistakes.add(
                    f"{strict} and {loose} contradict each other; give one of them",
                    self.bound_example,
                )
                return field
        gt, ge, lt, le = (found.get(name) for name in ("gt", "ge", "lt", "le"))
        return self._checked(replace(field, gt=gt, ge=ge, lt=lt, le=le), mistakes)

    def _checked(self, field: Field, mistakes: Mistakes) -> Field:
        if not self.span(field):
            limits = {"gt": field.gt, "ge": field.ge, "lt": field.lt, "le": field.le}
            told = " and ".join(
                f"{name}={write_without_colons(value)}"
                for name, value in limits.items()
                if value is not None
            )
            mistakes.add(f"no value of {self.name} is within {told}", self.bound_example)
        return field

    def constraints(self, field: Field) -> Mapping[str, str | None]:
        """Return the limits; the type's own are stated where the field has none."""
        limits = {"gt": field.gt, "ge": field.ge, "lt": field.lt, "le": field.le}
        found = {
            name: None if limit is None else self.bound(field, limit)
            for name, limit in limits.items()
        }
        if self.json_range:
            first, end = self.json_range
            if field.gt is None and field.ge is None:
                found["ge"] = first
            if field.lt is None and field.le is None:
                found["lt"] = end
        return found

    def bound(self, field: Field, value: Any) -> str:
        """Return a limit as an expression."""
        return self.literal(field, value)


def limited(field: Field) -> bool:
    """Whether `field` has any limit."""
    return any(limit is not None for limit in (field.gt, field.ge, field.lt, field.le))
