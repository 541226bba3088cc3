"""Ordered types whose values can be counted, unlike floats that a person would write."""

from abc import abstractmethod
from typing import ClassVar

from fastgen.fields.model import Field
from fastgen.fields.samples.model import COUNT, JSON, Invalid, Samples
from fastgen.fields.types.ranged import Ranged


class Counted(Ranged):
    """A type whose samples are found by the ranks of its values.

    They follow `friendly`, which reads naturally; if that does not fit, they go from `origin` or
    from a limit in the widest of `steps` that fits. A value `gap` away visibly breaks a limit.
    """

    origin: ClassVar[int] = 0
    gap: ClassVar[int] = 1
    # Names of the rules that a value below or above the type's extent breaks, where JSON has one.
    outside: ClassVar[tuple[str, str] | None] = None

    @abstractmethod
    def wire(self, field: Field, rank: int) -> int | str:
        """Return the value of a rank as it is in JSON."""

    @abstractmethod
    def friendly(self, field: Field) -> tuple[int, int]:
        """Return the rank of the first sample, and the distance to the next."""

    @abstractmethod
    def steps(self, field: Field) -> tuple[int, ...]:
        """Return the distances between samples, the widest first."""

    @abstractmethod
    def wrong(self, good: JSON) -> list[Invalid]:
        """Return values of a wrong type, some of them derived from a `good` one.

        Lax validation would accept those, as only their type is wrong.
        """

    def samples(self, field: Field) -> Samples:
        """Return values within and beyond the limits."""
        valid = self.item_samples(field, COUNT)
        edges = dict.fromkeys(self._edges(field))
        return Samples(
            valid,
            (*self.wrong(valid[0]), *self._beyond(field), *self._outside(field)),
            tuple(self.wire(field, edge) for edge in edges),
        )

    def item_samples(self, item: Field, count: int) -> tuple[JSON, ...]:
        """Return up to `count` ascending values."""
        return tuple(self.wire(item, rank) for rank in self._spread(item, count))

    def ends(self, field: Field) -> tuple[int, int]:
        """Return the ranks of the first and the last value that `field` accepts."""
        values = self.span(field)
        return values.start, values.stop - 1

    def _extent(self, field: Field) -> tuple[int, int]:
        first, last = self.extent(field)
        return self.rank(field, first), self.rank(field, last)

    def _spread(self, field: Field, count: int) -> range:
        low, high = self.ends(field)
        steps = self.steps(field)

        def fits(ranks: range) -> bool:
            return all(low <= rank <= high for rank in (*ranks[:1], *ranks[-1:]))

        def of(first: int, step: int) -> range:
            return range(first, first + count * step, step)

        choices = [of(*self.friendly(field)), *(of(self.origin + step, step) for step in steps)]
        # Without a limit, the end of the range is not a value that a person would write.
        if low > self._extent(field)[0]:
            choices += [of(low + -low % step, step) for step in steps]
        choices += [of(high - high % step - (count - 1) * step, step) for step in steps]
        return next(filter(fits, choices), range(low, high + 1)[:count])

    def _edges(self, field: Field) -> list[int]:
        low, high = self.ends(field)
        edges = []
        if field.ge is not None:
            edges.append(low)
        if field.gt is not None:
            edges.append(min(low - 1 + self.gap, high))
        if field.lt is not None:
            edges.append(max(high + 1 - self.gap, low))
        if field.le is not None:
            edges.append(high)
        return edges

    def _beyond(self, field: Field) -> list[Invalid]:
        """Return the nearest values beyond the limits of the field."""
        wrong = []
        if field.ge is not None:
            wrong.append((self.rank(field, field.ge) - self.gap, "below-minimum"))
        if field.gt is not None:
            wrong.append((self.rank(field, field.gt), "at-minimum"))
        if field.lt is not None:
            wrong.append((self.rank(field, field.lt), "at-maximum"))
        if field.le is not None:
            wrong.append((self.rank(field, field.le) + self.gap, "above-maximum"))
        first, last = self._extent(field)
        return [
            Invalid(self.wire(field, rank), rule) for rank, rule in wrong if first <= rank <= last
        ]

    def _outside(self, field: Field) -> list[Invalid]:
        """Return values that the column cannot hold, on the sides without a limit of the field."""
        if self.outside is None:
            return []
        low, high = self.ends(field)
        first, last = self._extent(field)
        below, above = self.outside
        wrong = [Invalid(self.wire(field, first - 1), below)] if low == first else []
        if high == last:
            wrong.append(Invalid(self.wire(field, last + 1), above))
        return wrong
