"""Patterns of dates and times between two limits, part by part."""

from dataclasses import dataclass
from datetime import date, time

from app.schemas.decimal_patterns import either, fraction, same_length

MICROSECOND_DIGITS = 6

Parts = list[str]


def dates(first: date, last: date) -> str:
    """Match the dates between two, both of them included; some months may get too many days."""
    return DATES.between(first.isoformat().split("-"), last.isoformat().split("-"))


def times(first: time, last: time) -> str:
    """Match the times between two, both of them included."""
    return TIMES.between(_clock(first), _clock(last))


def _clock(moment: time) -> Parts:
    return moment.isoformat(timespec="microseconds").replace(".", ":").split(":")


@dataclass(frozen=True)
class Scale:
    """The parts of a text, the largest first.

    As many of them as are optional may be left out at its end, which makes them the least; the
    last of these is a fraction.
    """

    separator: str
    least: Parts
    most: Parts
    optional: int = 0

    def between(self, low: Parts, high: Parts) -> str:
        first, last, rest = low[0], high[0], len(low) - 1
        if not rest:
            return same_length(first, last)
        if first == last:
            return first + self._rest(low[1:], high[1:])
        least, most = self.least[-rest:], self.most[-rest:]
        found = []
        if low[1:] != least:
            found.append(first + self._rest(low[1:], most))
            first = f"{int(first) + 1:0{len(first)}}"
        if high[1:] != most:
            found.append(last + self._rest(least, high[1:]))
            last = f"{int(last) - 1:0{len(last)}}"
        if first <= last:
            found.append(same_length(first, last) + self._rest(least, most))
        return either(found)

    def _rest(self, low: Parts, high: Parts) -> str:
        if len(low) < self.optional:
            return fraction(int(low[0]), int(high[0]), MICROSECOND_DIGITS)
        found = self.separator + self.between(low, high)
        may_be_left_out = len(low) == self.optional and low == self.least[-self.optional :]
        return f"({found})?" if may_be_left_out else found


DATES = Scale("-", ["0001", "01", "01"], ["9999", "12", "31"])
TIMES = Scale(":", ["00", "00", "00", "000000"], ["23", "59", "59", "999999"], optional=2)
