"""Moments."""

import re
from datetime import UTC, datetime
from typing import Any

from fastgen.databases import Database
from fastgen.fields.model import Field
from fastgen.fields.samples.model import JSON, Invalid
from fastgen.fields.types.moments import (
    CLOCK,
    DATE,
    DAY,
    EPOCH,
    EPOCH_SECONDS,
    HOUR,
    MICROSECOND,
    MINUTE,
    SECOND,
    Moment,
)
from fastgen.fields.types.ranged import limited

_DATETIME = re.compile(rf"{DATE}[T ]{CLOCK}(?P<zone>Z|[+-][0-9]{{2}}:?[0-9]{{2}})?")


class Datetime(Moment):
    """A moment with a time zone."""

    name = "datetime"
    told = "date and time with a time zone, stored in UTC"
    other_words = ("timestamp",)
    example = "datetime"
    default_example = "datetime:default=2026-01-31T09:30:00Z"
    bound_example = "datetime:ge=20260101T000000Z"
    origin = (datetime(2026, 1, 2, 10, tzinfo=UTC) - EPOCH) // MICROSECOND
    gap = SECOND
    annotated = "dt.datetime"
    implied = True
    in_model = "UtcDateTime()"
    in_migration = "sa.DateTime(timezone=True)"
    body = "UtcDatetime"
    imports = frozenset({"ToUtc", "UtcDateTime", "UtcDatetime"})
    description = "with a time zone; stored in UTC"
    schema_modules = {"datetimes": "datetime_type", "utc_datetime": "utc_datetime_type"}
    now = "utc_now"
    computed_told = "now"

    def read(self, field: Field, text: str) -> datetime:
        found = _DATETIME.fullmatch(text)
        if found and not found["zone"]:
            raise ValueError("it needs a time zone: end it with Z for UTC, or with one like +0200")
        moment = _moment(text) if found else None
        if moment is None:
            raise ValueError("use an ISO date and time with its zone, like 20260131T093000Z")
        low, high = self.extent(field)
        if not low <= moment <= high:
            raise ValueError(
                "it is the first or the last possible moment, which PostgreSQL treats as infinite"
            )
        return moment

    def extent(self, field: Field) -> tuple[datetime, datetime]:
        # PostgreSQL's driver treats the values beyond them as infinite.
        first, last = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
        return first + MICROSECOND, last - MICROSECOND

    def rank(self, field: Field, value: Any) -> int:
        return int((value - EPOCH) // MICROSECOND)

    def stored(self, field: Field, value: Any, database: Database) -> str:
        return database.stored(value, 0)

    def wire(self, field: Field, rank: int) -> str:
        moment = (EPOCH + rank * MICROSECOND).replace(tzinfo=None)
        return f"{moment.isoformat()}Z"

    def friendly(self, field: Field) -> tuple[int, int]:
        return self.origin, DAY

    def steps(self, field: Field) -> tuple[int, ...]:
        return DAY, HOUR, MINUTE, SECOND, 1

    def wrong(self, good: JSON) -> list[Invalid]:
        return [
            Invalid("2026-02-30T10:00:00Z", "impossible-moment", of_type=True),
            EPOCH_SECONDS,
            Invalid(str(good).removesuffix("Z"), "no-time-zone", of_type=True),
        ]

    def base(self, field: Field, cls: str) -> list[str]:
        return ["dt.datetime"] if limited(field) else [self.body]

    def last(self, field: Field) -> list[str]:
        return ["ToUtc"] if limited(field) else []


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
