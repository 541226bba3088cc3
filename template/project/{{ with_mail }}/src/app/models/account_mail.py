from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base
from app.models.mixins import utc_now


class AccountMail(Base):
    """A mail to be sent, or the last one of its kind that was sent to an address."""

    __tablename__ = "account_mails"
    __table_args__ = (sa.Index("ix_account_mails_due_at", "due_at", "asked_at"),)

    kind: Mapped[str] = mapped_column(sa.String(20), primary_key=True)
    email: Mapped[str] = mapped_column(sa.String(254), primary_key=True)
    asked_at: Mapped[datetime] = mapped_column(default=utc_now)
    due_at: Mapped[datetime | None] = mapped_column(default=utc_now)
    not_before: Mapped[datetime] = mapped_column(default=utc_now)
    token_hash: Mapped[str | None] = mapped_column(sa.String(64), unique=True)
    expires_at: Mapped[datetime | None]
