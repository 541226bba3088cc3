from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, mapped_column


def utc_now() -> datetime:
    return datetime.now(UTC)


def time_of_creation(context: DefaultExecutionContext) -> datetime:
    created_at: datetime = context.get_current_parameters()["created_at"]  # type: ignore[no-untyped-call]
    return created_at


class IdMixin:
    # SQLite numbers rows by itself only in a column of the very type INTEGER.
    id: Mapped[int] = mapped_column(
        sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, sort_order=-1
    )


class TimestampMixin:
    created_at: Mapped[datetime] = mapped_column(default=utc_now, sort_order=1)
    updated_at: Mapped[datetime] = mapped_column(
        default=time_of_creation, onupdate=utc_now, sort_order=1
    )
