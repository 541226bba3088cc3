from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, mapped_column


def utc_now() -> datetime:
    return datetime.now(UTC)


def time_of_statement(context: DefaultExecutionContext) -> datetime:
    """Return the same time for all rows and columns of a statement, which has one context."""
    time: datetime = vars(context).setdefault("time_of_statement", utc_now())
    return time


class IdMixin:
    # SQLite numbers rows by itself only in a column of the very type INTEGER.
    id: Mapped[int] = mapped_column(
        sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, sort_order=-1
    )


class TimestampMixin:
    created_at: Mapped[datetime] = mapped_column(default=time_of_statement, sort_order=1)
    updated_at: Mapped[datetime] = mapped_column(
        default=time_of_statement, onupdate=utc_now, sort_order=1
    )
