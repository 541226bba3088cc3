import asyncio
from datetime import UTC, datetime, timedelta, timezone

import pytest
from fastapi import FastAPI
from sqlalchemy import delete, insert, literal, select
from sqlalchemy.exc import StatementError
from sqlalchemy.ext.asyncio import AsyncSession

from app.columns.utc_datetime import UtcDateTime
from app.config import Settings
from app.core.exceptions import ConflictError
from app.models import User
from conftest import (
    LOGOUT,
    ME,
    PASSWORD,
    REFRESH,
    USERS,
    Account,
    bearer,
    log_in,
    make_account,
    registration,
    serve,
)

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
    database = running_app.state.resources.database
    values = {"email": "new@example.com", "hashed_password": ""}

    async def add() -> None:
        async with database.transaction(read_only=True) as session:
            session.add(User(**values))

    async def execute() -> None:
        async with database.transaction(read_only=True) as session:
            await session.execute(insert(User).values(values))

    for write in (add, execute):
        with pytest.raises(RuntimeError, match="read-only"):
            await write()


async def test_no_request_holds_two_connections(
    running_app: FastAPI, committed_settings: Settings
) -> None:
    settings = committed_settings.model_copy(
        update={
            "database_pool_size": 1,
            "database_max_overflow": 0,
            "database_timeout_seconds": 5,
        }
    )
    passwords = {"current_password": PASSWORD, "new_password": "a new and better one"}
    async with serve(running_app, settings) as client:
        answers = [await client.post(USERS, json=registration("alice@example.com"))]
        tokens = await log_in(client, "alice@example.com")
        headers = bearer(tokens["access_token"])
        answers += [
            await client.get("/ready"),
            await client.get(ME, headers=headers),
            await client.patch(ME, json={"full_name": "Alice"}, headers=headers),
            await client.put(f"{ME}/password", json=passwords, headers=headers),
            await client.post(REFRESH, json={"refresh_token": tokens["refresh_token"]}),
            await client.post(LOGOUT, headers=headers),
        ]

    assert [answer.status_code for answer in answers] == [201, 200, 200, 200, 204, 200, 204]


async def test_concurrent_registrations_of_an_address(
    running_app: FastAPI, committed_settings: Settings
) -> None:
    emails = ["race@example.com", "RACE@example.com"] * 3
    async with serve(running_app, committed_settings) as client:
        answers = await asyncio.gather(
            *(client.post(USERS, json=registration(email)) for email in emails)
        )

    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 5


async def test_administrators_cannot_demote_each_other_concurrently(
    running_app: FastAPI, committed_settings: Settings
) -> None:
    async with serve(running_app, committed_settings) as client:
        alice = await make_account(running_app, "alice", is_admin=True)
        bob = await make_account(running_app, "bob", is_admin=True)
        answers = await asyncio.gather(
            *(
                client.patch(
                    f"{USERS}/{other.id}", json={"is_admin": False}, headers=admin.headers
                )
                for admin, other in [(alice, bob), (bob, alice)]
            )
        )

    assert sorted(answer.status_code for answer in answers) in ([200, 403], [200, 409])
