"""Maps values of discrete types (numbers, dates and times) to integers in order."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from typing import Any

from fastgen.fields.model import Field

SECOND = 10**6
MINUTE, HOUR, DAY = 60 * SECOND, 3600 * SECOND, 86400 * SECOND
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Scale:
    """How the values of a type map to integers.

    Samples follow `friendly`, which reads naturally; if that does not fit, they go from `origin`
    or from a limit in the widest of `steps` that fits. A value `gap` away visibly breaks a limit.
    """

    first: int
    last: int
    number: Callable[[Any], int]
    wire: Callable[[int], int | str]
    friendly: tuple[int, int]  # the first one, and the distance to the next
    origin: int
    steps: tuple[int, ...]
    gap: int = 1


def scale_of(field: Field) -> Scale:
    """Return the scale of `field`, whose type must be discrete."""
    match field.type:
        case "int":
            return _whole(31)
        case "bigint":
            return _whole(63)
        case "decimal":
            return _decimal(field.precision or 1, field.scale or 0)
        case "date":
            return _DATE
        case "datetime":
            return _DATETIME
        case "time":
            return _TIME
        case other:
            raise ValueError(f"values of {other} cannot be counted")


def _whole(bits: int) -> Scale:
    return Scale(-(2**bits), 2**bits - 1, int, int, (10, 10), 0, (10, 1))


def _decimal(precision: int, scale: int) -> Scale:
    one = 10**scale
    # Like a price: 9.99.
    start = 10 * one - 1 if scale else 10

    def wire(number: int) -> str:
        sign, digits = "-" if number < 0 else "", f"{abs(number):0{scale + 1}}"
        return f"{sign}{digits[:-scale]}.{digits[-scale:]}" if scale else f"{sign}{digits}"

    most = 10**precision - 1
    steps = tuple(10**places for places in range(scale + 1, -1, -1))
    return Scale(
        -most, most, lambda bound: int(Fraction(bound) * one), wire, (start, 10 * one), 0, steps
    )


def _date_wire(number: int) -> str:
    return date.fromordinal(number).isoformat()


def _moment(moment: datetime) -> int:
    return (moment - EPOCH) // MICROSECOND


def _moment_wire(number: int) -> str:
    moment = (EPOCH + number * MICROSECOND).replace(tzinfo=None)
    return f"{moment.isoformat()}Z"


def _time(value: time) -> int:
    seconds = value.hour * 3600 + value.minute * 60 + value.second
    return seconds * SECOND + value.microsecond


def _time_wire(number: int) -> str:
    return (EPOCH + number * MICROSECOND).time().isoformat()


_DAY = date(2026, 1, 2).toordinal()
_DATE = Scale(
    date.min.toordinal(), date.max.toordinal(), date.toordinal, _date_wire, (_DAY, 1), _DAY, (1,)
)
_MORNING = _moment(datetime(2026, 1, 2, 10, tzinfo=UTC))
_DATETIME = Scale(
    # The values beyond them are refused.
    _moment(datetime.min.replace(tzinfo=UTC)) + 1,
    _moment(datetime.max.replace(tzinfo=UTC)) - 1,
    _moment,
    _moment_wire,
    (_MORNING, DAY),
    _MORNING,
    (DAY, HOUR, MINUTE, SECOND, 1),
    SECOND,
)
_HALF_PAST_NINE = 9 * HOUR + 30 * MINUTE
_TIME = Scale(
    0,
    DAY - 1,
    _time,
    _time_wire,
    (_HALF_PAST_NINE, HOUR),
    _HALF_PAST_NINE,
    (HOUR, MINUTE, SECOND, 1),
    SECOND,
)
