"""What dates and times have in common."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

from fastgen.fields.model import Field
from fastgen.fields.samples.model import Invalid
from fastgen.fields.types.counted import Counted
from fastgen.fields.values import write

SECOND = 10**6
MINUTE, HOUR, DAY = 60 * SECOND, 3600 * SECOND, 86400 * SECOND
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
# As ISO 8601 writes them.
DATE = r"[0-9]{4}-?[0-9]{2}-?[0-9]{2}"
CLOCK = r"(?:[01][0-9]|2[0-3]):?[0-5][0-9](?::?[0-5][0-9](?:\.[0-9]{1,6})?)?"
# Midnight of 2026-01-02: lax validation turns it into a date or a datetime.
EPOCH_SECONDS = Invalid(1767312000, "number", of_type=True)


class Moment(Counted):
    """A type of dates or times."""

    def literal(self, field: Field, value: Any, cls: str = "") -> str:
        text = repr(value).replace("datetime.timezone.utc", "dt.UTC")
        return re.sub(r"\bdatetime\.", "dt.", text)

    def in_json(self, field: Field, value: Any) -> str:
        return write(value)

    def described(self, field: Field) -> list[str]:
        # Few documentation tools show the limits of times.
        limits = {
            "not before": field.ge, "after": field.gt, "before": field.lt, "not after": field.le,
        }  # fmt: skip
        told = (f"{word} {write(limit)}" for word, limit in limits.items() if limit is not None)
        return [*super().described(field), ", ".join(told)]
