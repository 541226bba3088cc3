import re
from datetime import date, datetime, time, timedelta
from itertools import combinations_with_replacement

import pytest

from app.schemas.patterns import DATE, TIME
from app.schemas.time_patterns import dates, times

DAYS = [
    date.min,
    date(1, 1, 2),
    date(999, 12, 31),
    date(1987, 6, 5),
    date(2025, 12, 31),
    date(2026, 1, 1),
    date(2026, 1, 31),
    date(2026, 10, 9),
    date(2026, 12, 31),
    date(9999, 12, 30),
    date.max,
]
CLOCKS = [
    time.min,
    time(0, 0, 0, 1),
    time(0, 0, 59, 999999),
    time(8, 59, 59, 999999),
    time(9),
    time(9, 0, 10),
    time(9, 30),
    time(9, 30, 0, 500000),
    time(9, 30, 15, 123456),
    time(9, 30, 15, 200000),
    time(19, 0),
    time(23, 59, 59),
    time.max,
]


def days_near(day: date) -> set[date]:
    numbers = (day.toordinal() + step for step in (-366, -31, -10, -1, 0, 1, 10, 31, 366))
    return {
        date.fromordinal(number)
        for number in numbers
        if date.min.toordinal() <= number <= date.max.toordinal()
    }


def times_near(clock: time) -> set[time]:
    moment = datetime.combine(date(2026, 1, 1), clock)
    steps = (timedelta(microseconds=10**power) for power in range(11))
    return {clock, *((moment + sign * step).time() for step in steps for sign in (-1, 1))}


def spellings(clock: time) -> set[str]:
    """Spell a time with all its parts, with more zeros, and with as few as it needs."""
    text = clock.isoformat(timespec="microseconds")
    whole, _, fraction = text.partition(".")
    shorter = f"{whole}.{fraction.rstrip('0')}".rstrip(".")
    shortest = whole[:5] if shorter.endswith(":00") else shorter
    return {text, f"{text}00", shorter, shortest}


@pytest.mark.parametrize(("first", "last"), list(combinations_with_replacement(DAYS, 2)))
def test_matches_the_dates_between(first: date, last: date) -> None:
    pattern = re.compile(dates(first, last))
    for day in set().union(*map(days_near, DAYS)):
        assert bool(pattern.fullmatch(day.isoformat())) is (first <= day <= last), day


@pytest.mark.parametrize(("first", "last"), list(combinations_with_replacement(CLOCKS, 2)))
def test_matches_the_times_between(first: time, last: time) -> None:
    pattern = re.compile(times(first, last))
    for clock in set().union(*map(times_near, CLOCKS)):
        for text in spellings(clock):
            assert re.fullmatch(TIME, text)
            assert bool(pattern.fullmatch(text)) is (first <= clock <= last), text


def test_matches_nothing_else() -> None:
    assert not re.fullmatch(dates(date.min, date.max), "0000-01-01")
    for text in ("2026-00-10", "2026-13-10", "2026-10-32", "2026-1-1", "20260101"):
        assert not re.fullmatch(DATE, text)
        assert not re.fullmatch(dates(date(2026, 1, 1), date(2027, 1, 1)), text)
    for text in ("24:00", "10:60", "10:10:60", "9:30", "10:30Z", "10:30:00.", "10:30:", "1030"):
        assert not re.fullmatch(times(time.min, time.max), text)


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        (dates(date(2026, 1, 1), date(2026, 12, 31)), "2026-(0[1-9]|1[0-2])-(0[1-9]|3[0-1]|[1-2][0-9])"),
        (dates(date(2026, 2, 3), date(2026, 2, 9)), "2026-02-0[3-9]"),
        (times(time(9), time(17, 59, 59, 999999)), r"(09|1[0-7]):[0-5][0-9](:[0-5][0-9](\.[0-9]{1,6}0*)?)?"),
        (times(time(9, 30), time(9, 30)), r"09:30(:00(\.0+)?)?"),
    ],
)  # fmt: skip
def test_is_as_short_as_can_be(pattern: str, expected: str) -> None:
    assert pattern == expected
