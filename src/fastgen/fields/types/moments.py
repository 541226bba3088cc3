"""What dates and times have in common."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from fastgen.fields.model import Bound, Field
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


NOW = "now"


class Moment(Counted):
    """A type of dates or times."""

    # The function for `default=now`, if the type has one.
    now: ClassVar[str] = ""

    def at(self, moment: datetime) -> Bound:
        """Return the value of the type at a moment; only for one that has `now`."""
        return moment

    def canonical(self, field: Field, text: str) -> str:
        if text != NOW or not self.now:
            return super().canonical(field, text)
        if field.lt is not None or field.le is not None:
            raise ValueError("the current time will pass every upper limit")
        if self.rank(field, self.at(datetime.now(UTC))) not in self.span(field):
            raise ValueError("it is outside of the field's own limits")
        return NOW

    def canonical_item(self, item: Field, text: str) -> str:
        return super().canonical(item, text)

    def computed(self, field: Field) -> str | None:
        return self.now if field.default == NOW else None

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
