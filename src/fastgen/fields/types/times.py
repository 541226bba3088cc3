"""Times of day."""

import re
from datetime import UTC, datetime, time
from typing import Any

from fastgen.databases import Database
from fastgen.fields.model import Field
from fastgen.fields.samples.model import JSON, Invalid
from fastgen.fields.types.moments import (
    CLOCK,
    EPOCH,
    HOUR,
    MICROSECOND,
    MINUTE,
    SECOND,
    Moment,
)

_TIME = re.compile(CLOCK)


class Time(Moment):
    """A time of day without a time zone."""

    name = "time"
    told = "time of day, as 09:30"
    example = "time"
    default_example = "time:default=09:30"
    bound_example = "time:ge=0930:lt=1800"
    origin = 9 * HOUR + 30 * MINUTE
    gap = SECOND
    annotated = "dt.time"
    implied = True
    in_model = in_migration = "sa.Time()"
    body = "dt.time"
    imports = frozenset({"LocalTime"})
    description = "without a time zone"
    schema_modules = {"times": "time_type"}

    def read(self, field: Field, text: str) -> time:
        if _TIME.fullmatch(text):
            try:
                return time.fromisoformat(text)
            except ValueError:
                pass
        raise ValueError("use an ISO time without a zone, like 09:30 or 0930")

    def extent(self, field: Field) -> tuple[time, time]:
        return time.min, time.max

    def rank(self, field: Field, value: Any) -> int:
        return (datetime.combine(EPOCH, value, UTC) - EPOCH) // MICROSECOND

    def stored(self, field: Field, value: Any, database: Database) -> str:
        return database.stored(value, 0)

    def wire(self, field: Field, rank: int) -> str:
        return (EPOCH + rank * MICROSECOND).time().isoformat()

    def friendly(self, field: Field) -> tuple[int, int]:
        return self.origin, HOUR

    def steps(self, field: Field) -> tuple[int, ...]:
        return HOUR, MINUTE, SECOND, 1

    def wrong(self, good: JSON) -> list[Invalid]:
        return [
            Invalid("25:00", "impossible-time", of_type=True),
            Invalid(36000, "number", of_type=True),
            Invalid(f"{good}Z", "time-zone", of_type=True),
        ]

    def last(self, field: Field) -> list[str]:
        # Limits are checked before it.
        return ["LocalTime"]

    def item_body(self) -> str:
        return "Annotated[dt.time, LocalTime]"

    def query(self, field: Field, cls: str) -> str:
        return self.item_body()

    def response(self, field: Field, cls: str) -> str:
        return self.item_body()
