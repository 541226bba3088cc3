"""Values of the scalar types: reads, writes and orders them."""

import math
import re
import struct
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

from fastgen.fields.model import Bound, Field

BITS: Mapping[str, int] = {"int": 32, "bigint": 64}
_INTEGER = re.compile(r"[+-]?[0-9]{1,40}")
_DECIMAL = re.compile(r"[+-]?[0-9]{1,60}(?:\.[0-9]{1,60})?")
_FLOAT = re.compile(
    r"[+-]?(?:[0-9]{1,400}(?:\.[0-9]{0,400})?|\.[0-9]{1,400})(?:[eE][+-]?[0-9]{1,4})?"
)
_CLOCK = r"(?:[01][0-9]|2[0-3]):?[0-5][0-9](?::?[0-5][0-9](?:\.[0-9]{1,6})?)?"
_DATE = re.compile(r"[0-9]{4}-?[0-9]{2}-?[0-9]{2}")
_TIME = re.compile(_CLOCK)
_DATETIME = re.compile(rf"{_DATE.pattern}[T ]{_CLOCK}(?P<zone>Z|[+-][0-9]{{2}}:?[0-9]{{2}})?")
_UUID = re.compile(r"[0-9A-Fa-f]{8}(-?)[0-9A-Fa-f]{4}(?:\1[0-9A-Fa-f]{4}){2}\1[0-9A-Fa-f]{12}")
_MICROSECOND = timedelta(microseconds=1)
_EXTENTS: Mapping[str, tuple[Bound, Bound]] = {
    "float": (-sys.float_info.max, sys.float_info.max),
    "date": (date.min, date.max),
    # PostgreSQL's driver treats the values beyond them as infinite.
    "datetime": (
        datetime.min.replace(tzinfo=UTC) + _MICROSECOND,
        datetime.max.replace(tzinfo=UTC) - _MICROSECOND,
    ),
    "time": (time.min, time.max),
}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def read(field: Field, text: str) -> Bound:
    """Parse `text` as a value of `field`, whose type has an order.

    Raises `ValueError` that says what is allowed.
    """
    return _READERS[field.type](field, text)


def read_bool(text: str) -> str:
    """Return `true` or `false`; raises `ValueError` that says what is allowed."""
    if text.lower() not in {"true", "false"}:
        raise ValueError("use true or false")
    return text.lower()


def read_uuid(text: str) -> str:
    """Return the canonical text of a UUID; raises `ValueError` that says what is allowed."""
    if not _UUID.fullmatch(text):
        raise ValueError("use a UUID like 00000000-0000-4000-8000-000000000000")
    return str(UUID(text))


def write(value: Bound) -> str:
    """Return the canonical text of a value, in ISO form with colons for times."""
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, date | time):
        return value.isoformat()
    return f"{value:f}" if isinstance(value, Decimal) else repr(value)


def write_without_colons(value: Bound) -> str:
    """Return the canonical text of a value without colons, which would end it in a field."""
    text = write(value)
    if isinstance(value, datetime):
        return text.replace("-", "").replace(":", "")
    return text.replace(":", "")


def rank(field: Field, value: Bound) -> int:
    """Return the rank of a value among all values of its type; adjacent values differ by one."""
    if isinstance(value, datetime):
        return (value - _EPOCH) // _MICROSECOND
    if isinstance(value, date):
        return value.toordinal()
    if isinstance(value, time):
        minutes = value.hour * 60 + value.minute
        return (minutes * 60 + value.second) * 1_000_000 + value.microsecond
    if isinstance(value, float):
        # The bits of positive floats sort like the floats, those of negative floats in reverse.
        bits: int = struct.unpack("<q", struct.pack("<d", value))[0]
        return bits if bits >= 0 else -(bits + 2**63)
    return int(Fraction(value) * 10 ** (field.scale or 0))


def extent(field: Field) -> tuple[Bound, Bound]:
    """Return the smallest and the greatest value of the field's type."""
    if field.type in BITS:
        top = 2 ** (BITS[field.type] - 1)
        return -top, top - 1
    if field.type == "decimal":
        digits = "9" * (field.precision or 0)
        most = Decimal((0, tuple(int(digit) for digit in digits), -(field.scale or 0)))
        return most.copy_negate(), most
    return _EXTENTS[field.type]


def _integer(field: Field, text: str) -> Bound:
    low, high = extent(field)
    if not _INTEGER.fullmatch(text) or not rank(field, low) <= int(text) <= rank(field, high):
        raise ValueError(f"use a whole number from {low} to {high}")
    return int(text)


def _float(_field: Field, text: str) -> Bound:
    if not _FLOAT.fullmatch(text) or not math.isfinite(float(text)):
        raise ValueError("use a finite number like 1.5 or 1e-3")
    # Not -0.0, which is equal to 0.0 but looks different.
    return float(text) + 0.0


def _decimal(field: Field, text: str) -> Bound:
    precision, scale = field.precision or 0, field.scale or 0
    steps = Fraction(text) * 10**scale if _DECIMAL.fullmatch(text) else None
    if steps is None or steps.denominator != 1 or abs(steps) >= 10**precision:
        raise ValueError(
            f"use a number with at most {precision - scale} digits before the point "
            f"and {scale} after it"
        )
    digits = tuple(int(digit) for digit in str(abs(int(steps))))
    return Decimal((int(steps < 0), digits, -scale))


def _date(_field: Field, text: str) -> Bound:
    if _DATE.fullmatch(text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            pass
    raise ValueError("use an ISO date of the calendar like 2026-01-31")


def _time(_field: Field, text: str) -> Bound:
    if _TIME.fullmatch(text):
        try:
            return time.fromisoformat(text)
        except ValueError:
            pass
    raise ValueError("use an ISO time without a zone, like 09:30 or 0930")


def _datetime(field: Field, text: str) -> Bound:
    found = _DATETIME.fullmatch(text)
    if found and not found["zone"]:
        raise ValueError("it needs a time zone: end it with Z for UTC, or with one like +0200")
    moment = _moment(text) if found else None
    if moment is None:
        raise ValueError("use an ISO date and time with its zone, like 20260131T093000Z")
    low, high = extent(field)
    if not rank(field, low) <= rank(field, moment) <= rank(field, high):
        raise ValueError(
            "it is the first or the last possible moment, which PostgreSQL treats as infinite"
        )
    return moment


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


_READERS: Mapping[str, Callable[[Field, str], Bound]] = {
    "int": _integer,
    "bigint": _integer,
    "float": _float,
    "decimal": _decimal,
    "date": _date,
    "datetime": _datetime,
    "time": _time,
}
