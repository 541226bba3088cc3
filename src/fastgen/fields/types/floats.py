"""Numbers with a floating point."""

import math
import re
import struct
import sys
from collections.abc import Iterator
from typing import Any

from fastgen.fields.model import Bound, Field
from fastgen.fields.samples.model import COUNT, Invalid, Samples
from fastgen.fields.types.ranged import Ranged

MOST = sys.float_info.max
# In JSON, where PostgreSQL writes 1e308 with 309 digits.
MOST_LISTED = 10**18
SMALLEST = 1e-18
_FLOAT = re.compile(
    r"[+-]?(?:[0-9]{1,400}(?:\.[0-9]{0,400})?|\.[0-9]{1,400})(?:[eE][+-]?[0-9]{1,4})?"
)


class Float(Ranged):
    """A number with a floating point."""

    name = "float"
    told = "number with a floating point"
    other_words = ("double", "real")
    example = "float"
    default_example = "float:default=0.5"
    bound_example = "float:ge=0:lt=1.5"
    annotated = "float"
    in_model = "sa.Double"
    in_migration = "sa.Double()"
    body = "FiniteFloat"
    imports = frozenset({"FiniteFloat", "ListedFloat"})
    schema_modules = {"listed_floats": "listed_float_type"}

    def read(self, field: Field, text: str) -> float:
        if not _FLOAT.fullmatch(text) or not math.isfinite(float(text)):
            raise ValueError("use a finite number like 1.5 or 1e-3")
        # Not -0.0, which is equal to 0.0 but looks different.
        return float(text) + 0.0

    def extent(self, field: Field) -> tuple[float, float]:
        return -MOST, MOST

    def rank(self, field: Field, value: Any) -> int:
        # The bits of positive floats sort like the floats, those of negative floats in reverse.
        bits: int = struct.unpack("<q", struct.pack("<d", value))[0]
        return bits if bits >= 0 else -(bits + 2**63)

    def canonical_item(self, item: Field, text: str) -> str:
        told = self.canonical(item, text)
        check_listed(float(told), -MOST_LISTED, MOST_LISTED)
        return told

    def samples(self, field: Field) -> Samples:
        valid = self.item_samples(field, COUNT)
        # The float next to an excluded limit is not readable.
        edges = [_float(bound) for bound in (field.ge, field.le) if bound is not None]
        wrong = (
            Invalid(value=True, rule="bool", of_type=True),
            Invalid(str(valid[0]), "text", of_type=True),
            *_beyond(field),
        )
        return Samples(valid, wrong, tuple(dict.fromkeys(edges)))

    def item_samples(self, item: Field, count: int) -> tuple[float, ...]:
        low, high = _ends(item)
        for choice in _choices(low, high, count):
            numbers = [number for number in sorted(set(choice)) if low <= number <= high]
            if len(numbers) == count:
                return tuple(numbers)
        return tuple(_neighbours(low, high, count))

    def base(self, field: Field, cls: str) -> list[str]:
        return [self.body, "Strict()"]

    def item_body(self) -> str:
        return "ListedFloat"


def check_listed(number: float, least: int, most: int) -> None:
    """Raise `ValueError` if `number` is none that every database keeps in JSON."""
    if not least <= number <= most or 0 < abs(number) < SMALLEST:
        raise ValueError(
            f"numbers in it must be from {least} to {most}, and not nearer to 0 than {SMALLEST}"
        )


def _ends(field: Field) -> tuple[float, float]:
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
    return float(bound)  # type: ignore[arg-type]  # `read` gives a float's limits as numbers
