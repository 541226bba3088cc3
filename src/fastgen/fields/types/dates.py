"""Days of the calendar."""

import re
from datetime import date, datetime
from typing import Any

from fastgen.databases import Database
from fastgen.fields.model import Field
from fastgen.fields.samples.model import JSON, Invalid
from fastgen.fields.types.moments import DATE, EPOCH_SECONDS, Moment

_DATE = re.compile(DATE)


class Date(Moment):
    """A day of the calendar."""

    name = "date"
    told = "day, as 2026-01-31"
    example = "date"
    default_example = "date:default=2026-01-31"
    bound_example = "date:ge=2026-01-01"
    origin = date(2026, 1, 2).toordinal()
    annotated = "dt.date"
    implied = True
    in_model = in_migration = "sa.Date()"
    body = "dt.date"
    imports = frozenset({"IsoDate"})
    schema_modules = {"dates": "date_type"}
    computed_told = "today in UTC"
    now = "lambda: utc_now().date()"

    def at(self, moment: datetime) -> date:
        return moment.date()

    def read(self, field: Field, text: str) -> date:
        if _DATE.fullmatch(text):
            try:
                return date.fromisoformat(text)
            except ValueError:
                pass
        raise ValueError("use an ISO date of the calendar like 2026-01-31")

    def extent(self, field: Field) -> tuple[date, date]:
        return date.min, date.max

    def rank(self, field: Field, value: Any) -> int:
        return int(value.toordinal())

    def stored(self, field: Field, value: Any, database: Database) -> str:
        return database.stored(value, 0)

    def wire(self, field: Field, rank: int) -> str:
        return date.fromordinal(rank).isoformat()

    def friendly(self, field: Field) -> tuple[int, int]:
        return self.origin, 1

    def steps(self, field: Field) -> tuple[int, ...]:
        return (1,)

    def wrong(self, good: JSON) -> list[Invalid]:
        return [
            Invalid("2026-02-30", "impossible-date", of_type=True),
            EPOCH_SECONDS,
            Invalid(f"{good}T00:00:00", "moment", of_type=True),
        ]

    def last(self, field: Field) -> list[str]:
        # Limits are checked before it.
        return ["IsoDate"]

    def item_body(self) -> str:
        return "Annotated[dt.date, IsoDate]"

    def query(self, field: Field, cls: str) -> str:
        return self.item_body()
