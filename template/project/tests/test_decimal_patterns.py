import re
from decimal import Decimal
from itertools import chain

import pytest

from app.schemas.decimal_patterns import decimals

LIMITS = [
    -999,
    -250,
    -101,
    -100,
    -99,
    -50,
    -1,
    0,
    1,
    9,
    10,
    49,
    50,
    99,
    100,
    101,
    119,
    205,
    998,
    999,
]


def texts(value: int, places: int) -> set[str]:
    """Spell a value with all its places, with more, and with as few as it needs."""
    number = Decimal(value).scaleb(-places)
    return {f"{number:f}", f"{number:.{places + 2}f}", f"{number.normalize():f}"}


@pytest.mark.parametrize("places", [0, 1, 2, 3])
@pytest.mark.parametrize("low", LIMITS)
def test_matches_what_is_between_the_limits(low: int, places: int) -> None:
    for high in (limit for limit in LIMITS if limit >= low):
        pattern = re.compile(decimals(low, high, 3, places))
        near = chain.from_iterable(range(limit - 2, limit + 3) for limit in (low, 0, high))
        for value in {*near, *range(-1100, 1101, 37)}:
            is_between = low <= value <= high and -1000 < value < 1000
            for text in texts(value, places):
                assert bool(pattern.fullmatch(text)) is is_between, (low, high, text)


@pytest.mark.parametrize(
    ("limits", "pattern"),
    [
        ((-(10**5), 10**5, 5, 2), r"-?(0|[1-9][0-9]{0,2})(\.[0-9]{1,2}0*)?"),
        ((0, 10**5, 5, 2), r"(0|[1-9][0-9]{0,2})(\.[0-9]{1,2}0*)?"),
        ((1, 10**5, 5, 2), r"([1-9][0-9]{0,2}(\.[0-9]{1,2}0*)?|0\.([1-9][0-9]?|0[1-9])0*)"),
        ((0, 50, 2, 1), r"([0-4](\.[0-9]0*)?|5(\.0+)?)"),
        ((0, 120, 3, 0), r"(0|[1-9][0-9]?|1(20|[0-1][0-9]))(\.0+)?"),
    ],
)
def test_is_as_short_as_can_be(limits: tuple[int, int, int, int], pattern: str) -> None:
    assert decimals(*limits) == pattern
