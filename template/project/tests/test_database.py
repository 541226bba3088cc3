import asyncio
from collections.abc import Awaitable, Callable
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
from conftest import PASSWORD, Account, log_in, make_account, serve

ME = "/api/v1/users/me"


async def test_moments_come_back_in_utc(session: AsyncSession, alice: Account) -> None:
    user = await session.get_one(User, alice.id)
    user.created_at = datetime(2026, 1, 1, 1, 30, tzinfo=timezone(timedelta(hours=2)))
    await session.flush()
    await session.refresh(user)

    assert user.created_at == datetime(2025, 12, 31, 23, 30, tzinfo=UTC)
    assert user.created_at.tzinfo is UTC


async def test_no_moment_stays_none(session: AsyncSession) -> None:
    assert await session.scalar(select(literal(None, UtcDateTime()))) is None


async def test_moments_without_a_time_zone_are_refused(
    session: AsyncSession, alice: Account
) -> None:
    user = await session.get_one(User, alice.id)
    user.created_at = datetime(2026, 1, 1)  # noqa: DTZ001
    with pytest.raises(StatementError, match="without a time zone"):
        await session.flush()


async def test_a_row_that_was_deleted_meanwhile_is_a_conflict(app: FastAPI, alice: Account) -> None:
    async def change() -> None:
        async with app.state.resources.database.transaction() as session:
            user = await session.get_one(User, alice.id)
            gone = delete(User).where(User.id == alice.id)
            await session.execute(gone, execution_options={"synchronize_session": False})
            user.full_name = "Alice"

    with pytest.raises(ConflictError, match="deleted meanwhile"):
        await change()


async def add(session: AsyncSession) -> None:
    session.add(User(email="new@example.com", hashed_password=""))


async def insert_statement(session: AsyncSession) -> None:
    await session.execute(insert(User).values(email="new@example.com", hashed_password=""))


@pytest.mark.parametrize("write", [add, insert_statement])
async def test_requests_that_read_cannot_write(
    running_app: FastAPI, write: Callable[[AsyncSession], Awaitable[None]]
) -> None:
    database = running_app.state.resources.database
    with pytest.raises(RuntimeError, match="read-only"):
        async with database.transaction(read_only=True) as session:
            await write(session)


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
    account = {"email": "alice@example.com", "password": PASSWORD}
    passwords = {"current_password": PASSWORD, "new_password": "a new and better one"}
    async with serve(running_app, settings) as client:
        answers = [await client.post("/api/v1/users", json=account)]
        tokens = await log_in(client, "alice@example.com")
        headers = {"Authorization": f"Bearer {tokens['access_token']}"}
        refresh = {"refresh_token": tokens["refresh_token"]}
        answers += [
            await client.get("/ready"),
            await client.get(ME, headers=headers),
            await client.patch(ME, json={"full_name": "Alice"}, headers=headers),
            await client.put(f"{ME}/password", json=passwords, headers=headers),
            await client.post("/api/v1/auth/refresh", json=refresh),
            await client.post("/api/v1/auth/logout", headers=headers),
        ]

    assert [answer.status_code for answer in answers] == [201, 200, 200, 200, 204, 200, 204]


async def test_one_of_many_at_once_wins(running_app: FastAPI, committed_settings: Settings) -> None:
    async with serve(running_app, committed_settings) as client:
        bodies = [
            {"email": email, "password": PASSWORD}
            for email in ["race@example.com", "RACE@example.com"] * 10
        ]
        answers = await asyncio.gather(
            *(client.post("/api/v1/users", json=body) for body in bodies)
        )

    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 19


async def test_admins_cannot_demote_each_other_at_once(
    running_app: FastAPI, committed_settings: Settings
) -> None:
    async with serve(running_app, committed_settings) as client:
        alice = await make_account(running_app, "alice", is_admin=True)
        bob = await make_account(running_app, "bob", is_admin=True)
        answers = await asyncio.gather(
            *(
                client.patch(
                    f"/api/v1/users/{other.id}", json={"is_admin": False}, headers=admin.headers
                )
                for admin, other in [(alice, bob), (bob, alice)]
            )
        )

    assert sorted(answer.status_code for answer in answers) in ([200, 403], [200, 409])
