"""Samples of floats."""

import math
import sys
from collections.abc import Iterator

from fastgen.fields.model import Bound, Field
from fastgen.samples.model import COUNT, Invalid, Samples
from fastgen.samples.wrong_types import wrong_type

MOST = sys.float_info.max


def floats(field: Field) -> Samples:
    """Return the samples of a float."""
    valid = float_values(field, COUNT)
    # The float next to an excluded limit is not readable.
    edges = [_float(bound) for bound in (field.ge, field.le) if bound is not None]
    wrong = (*wrong_type("float", valid[0]), *_beyond(field))
    return Samples(valid, wrong, tuple(dict.fromkeys(edges)))


def float_values(field: Field, count: int) -> tuple[float, ...]:
    """Return up to `count` ascending floats that `field` accepts."""
    low, high = _limits(field)
    for choice in _choices(low, high, count):
        numbers = [number for number in sorted(set(choice)) if low <= number <= high]
        if len(numbers) == count:
            return tuple(numbers)
    return tuple(_neighbours(low, high, count))


def _limits(field: Field) -> tuple[float, float]:
    low, high = [-MOST], [MOST]
    if field.ge is not None:
        low.append(_float(field.ge))
    if field.gt is not None:
        low.append(_next(_float(field.gt), math.inf))
    if field.le is not None:
        high.append(_float(field.le))
    if field.lt is not None:
        high.append(_next(_float(field.lt), -math.inf))
    return max(low), min(high)


def _choices(low: float, high: float, count: int) -> Iterator[list[float]]:
    steps = range(1, count + 1)
    yield [step + 0.5 for step in steps]
    yield [step / 10 for step in steps]
    if low > -MOST:
        yield [low + step for step in steps]
    yield [high - step for step in steps]
    yield [low + (high - low) * (step / (count + 1)) for step in steps]


def _neighbours(low: float, high: float, count: int) -> Iterator[float]:
    while count and low <= high:
        yield low
        low, count = _next(low, math.inf), count - 1


def _beyond(field: Field) -> list[Invalid]:
    wrong = []
    if field.ge is not None:
        wrong.append((_beside(_float(field.ge), -1), "below-minimum"))
    if field.gt is not None:
        wrong.append((_float(field.gt), "at-minimum"))
    if field.lt is not None:
        wrong.append((_float(field.lt), "at-maximum"))
    if field.le is not None:
        wrong.append((_beside(_float(field.le), 1), "above-maximum"))
    return [Invalid(number, rule) for number, rule in wrong if math.isfinite(number)]


def _beside(number: float, step: int) -> float:
    # One more or less is readable, but beyond 2**53 it is the same float.
    return number + step if number + step != number else _next(number, step * math.inf)


def _next(number: float, towards: float) -> float:
    # The neighbour of the float just below zero is -0.0, which reads oddly.
    return math.nextafter(number, towards) + 0.0


def _float(bound: Bound) -> float:
    return float(bound)  # type: ignore[arg-type]  # the parser gives a float's limits as numbers
