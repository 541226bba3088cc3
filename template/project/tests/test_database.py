from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import delete, insert, literal, select, text
from sqlalchemy.exc import StatementError
from sqlalchemy.ext.asyncio import AsyncSession

from app.columns.utc_datetime import UtcDateTime
from app.core.exceptions import ConflictError
from app.models import User
from conftest import Account


async def test_datetimes_are_stored_in_utc(session: AsyncSession, alice: Account) -> None:
    user = await session.get_one(User, alice.id)
    user.created_at = datetime(2026, 1, 1, 1, 30, tzinfo=timezone(timedelta(hours=2)))
    await session.flush()
    await session.refresh(user)
    assert user.created_at == datetime(2025, 12, 31, 23, 30, tzinfo=UTC)
    assert user.created_at.tzinfo is UTC
    assert await session.scalar(select(literal(None, UtcDateTime()))) is None

    user.created_at = datetime(2026, 1, 1)  # noqa: DTZ001
    with pytest.raises(StatementError, match="time zone"):
        await session.flush()


async def test_changing_a_row_that_was_deleted_is_a_conflict(app: FastAPI, alice: Account) -> None:
    async def change() -> None:
        async with app.state.resources.database.transaction() as session:
            user = await session.get_one(User, alice.id)
            deletion = delete(User).where(User.id == alice.id)
            await session.execute(deletion, execution_options={"synchronize_session": False})
            user.full_name = "Alice"

    with pytest.raises(ConflictError):
        await change()


async def test_read_only_sessions_cannot_write(running_app: FastAPI) -> None:
    writes: list[Any] = [
        lambda session: session.add(User()),
        lambda session: session.execute(insert(User)),
        lambda session: session.execute(text("WITH n AS (SELECT 1) DELETE FROM users")),
        lambda session: session.bulk_insert_mappings(User, [{}]),
        lambda session: session.connection(),
    ]

    async def execute(write: Any) -> Any:
        async with running_app.state.resources.database.transaction(read_only=True) as session:
            return await session.run_sync(write)

    for write in writes:
        with pytest.raises(RuntimeError, match="read-only"):
            await execute(write)
    assert await execute(lambda session: session.scalar(text("select 1"))) == 1
