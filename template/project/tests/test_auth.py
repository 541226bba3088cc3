import re
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import jwt
import pytest
from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.api.deps import get_current_user
from app.config import PasswordHashing, Settings
from app.core.exceptions import InvalidCredentialsError, UnauthorizedError
from app.core.security import Caller, PasswordHasher
from app.models import Session, User
from app.services.auth import AuthService
from conftest import LOGOUT, ME, PASSWORD, REFRESH, TOKEN, USERS, Account, bearer, log_in


async def expire_sessions(session: AsyncSession) -> None:
    past = datetime.now(UTC) - timedelta(seconds=1)
    await session.execute(update(Session).values(expires_at=past))
    await session.commit()


class TestLogin:
    async def test_returns_a_pair_of_tokens(self, client: AsyncClient, alice: Account) -> None:
        form = {"username": " \uff21lice@Example.com", "password": PASSWORD}
        response = await client.post(TOKEN, data=form)

        assert response.status_code == 200
        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["RateLimit-Policy"] == "60;w=60"
        tokens = response.json()
        assert (tokens["token_type"], tokens["expires_in"]) == ("bearer", 30 * 60)
        me = await client.get(ME, headers=bearer(tokens["access_token"]))
        assert me.json()["id"] == alice.id

    async def test_answers_the_same_for_every_failure(
        self, client: AsyncClient, alice: Account, bob: Account, session: AsyncSession
    ) -> None:
        await session.execute(update(User).where(User.id == bob.id).values(is_active=False))
        await session.commit()
        answers = [
            await client.post(TOKEN, data={"username": username, "password": password})
            for username, password in [
                (alice.email, "a wrong one"),
                (alice.email, PASSWORD + "x" * 1000),
                (bob.email, PASSWORD),
                ("nobody@example.com", PASSWORD),
                ("not an address", PASSWORD),
                ("nul\x00@example.com", PASSWORD),
            ]
        ]

        assert {answer.status_code for answer in answers} == {401}
        assert {answer.headers["WWW-Authenticate"] for answer in answers} == {"Bearer"}
        bodies = [answer.json() | {"request_id": ""} for answer in answers]
        assert all(body == bodies[0] for body in bodies)
        assert bodies[0]["error_code"] == "INVALID_CREDENTIALS"

    async def test_failures_are_limited_for_each_account_and_client(
        self, app: FastAPI, client: AsyncClient, alice: Account, bob: Account
    ) -> None:
        wrong = {"username": alice.email, "password": "a wrong one"}
        assert (await client.post(TOKEN, data=wrong)).status_code == 401
        # A success resets the count.
        await log_in(client, alice.email)
        forged = [{"X-Forwarded-For": f"203.0.113.{number}"} for number in range(6)]
        answers = [await client.post(TOKEN, data=wrong, headers=headers) for headers in forged]

        assert [answer.status_code for answer in answers] == [401] * 5 + [429]
        assert answers[-1].json()["error_code"] == "TOO_MANY_REQUESTS"
        assert 0 < int(answers[-1].headers["Retry-After"]) <= 300
        right = {"username": alice.email.upper(), "password": PASSWORD}
        assert (await client.post(TOKEN, data=right)).status_code == 429

        await log_in(client, bob.email)
        elsewhere = ASGITransport(app, client=("198.51.100.7", 50000))
        async with AsyncClient(transport=elsewhere, base_url="http://test") as other:
            await log_in(other, alice.email)

    async def test_renews_hashes_with_other_parameters(
        self, client: AsyncClient, alice: Account, session: AsyncSession
    ) -> None:
        old = PasswordHasher(PasswordHashing(memory_kib=16, iterations=1))
        hashed = await old.hash(PASSWORD)
        await session.execute(
            update(User).where(User.id == alice.id).values(hashed_password=hashed)
        )
        await session.commit()
        await log_in(client, alice.email)

        stored = await session.scalar(select(User.hashed_password).where(User.id == alice.id))
        assert stored is not None
        assert "m=8,t=1" in stored

    async def test_fails_if_the_account_changes_during_the_check(
        self, app: FastAPI, session: AsyncSession, alice: Account
    ) -> None:
        auth, tokens = AuthService(session), app.state.resources.tokens
        checked = await auth.find_user(alice.email)
        assert checked is not None
        await session.execute(update(User).values(hashed_password="a newer one"))
        with pytest.raises(InvalidCredentialsError):
            await auth.begin_session(checked, "a renewed one", tokens)
        with pytest.raises(UnauthorizedError):
            await get_current_user(Caller(404, is_admin=False, session_id=uuid4()), session)

    async def test_deletes_expired_sessions(
        self, client: AsyncClient, alice: Account, session: AsyncSession
    ) -> None:
        await expire_sessions(session)
        await log_in(client, alice.email)

        sessions = await session.scalars(select(Session).where(Session.user_id == alice.id))
        assert len(sessions.all()) == 1


class TestRefresh:
    async def test_ends_the_session_when_a_token_is_used_again(
        self, client: AsyncClient, alice: Account
    ) -> None:
        other = await log_in(client, alice.email)
        stolen = {"refresh_token": alice.refresh_token}
        response = await client.post(REFRESH, json=stolen)
        assert response.status_code == 200
        new = response.json()
        assert (await client.get(ME, headers=bearer(new["access_token"]))).status_code == 200

        refused = await client.post(REFRESH, json=stolen)
        assert refused.status_code == 401
        assert refused.headers["WWW-Authenticate"] == "Bearer"
        latest = {"refresh_token": new["refresh_token"]}
        assert (await client.post(REFRESH, json=latest)).status_code == 401
        assert (await client.get(ME, headers=bearer(new["access_token"]))).status_code == 401
        assert (await client.get(ME, headers=bearer(other["access_token"]))).status_code == 200

    async def test_refuses_an_expired_session(
        self, client: AsyncClient, alice: Account, session: AsyncSession
    ) -> None:
        await expire_sessions(session)
        response = await client.post(REFRESH, json={"refresh_token": alice.refresh_token})

        assert response.status_code == 401

    async def test_refuses_an_access_token(self, client: AsyncClient, alice: Account) -> None:
        response = await client.post(REFRESH, json={"refresh_token": alice.access_token})

        assert response.status_code == 401


async def test_logout_ends_only_this_session(client: AsyncClient, alice: Account) -> None:
    other = await log_in(client, alice.email)
    response = await client.post(LOGOUT, headers=alice.headers)

    assert response.status_code == 204
    assert (await client.get(ME, headers=alice.headers)).status_code == 401
    refreshed = await client.post(REFRESH, json={"refresh_token": alice.refresh_token})
    assert refreshed.status_code == 401
    assert (await client.get(ME, headers=bearer(other["access_token"]))).status_code == 200


@pytest.mark.parametrize(
    "change",
    [
        {"exp": None},
        {"exp": 1},
        {"sub": None},
        {"sub": "not a number"},
        {"sub": str(2**63)},
        {"sid": "not an id"},
        {"sid": "00000000-0000-4000-8000-000000000000"},
        {"type": "refresh"},
    ],
    ids=str,
)
async def test_other_claims_are_refused(
    client: AsyncClient, alice: Account, settings: Settings, change: dict[str, Any]
) -> None:
    key = settings.secret_key.get_secret_value()
    claims = jwt.decode(alice.access_token, key, algorithms=["HS256"]) | change
    claims = {name: value for name, value in claims.items() if value is not None}
    token = jwt.encode(claims, key)
    response = await client.get(ME, headers=bearer(token))

    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == "Bearer"
    assert response.json()["error_code"] == "UNAUTHORIZED"


async def test_only_documented_public_operations_need_no_token(
    app: FastAPI, client: AsyncClient
) -> None:
    operations = {
        (method, path): bool(operation["security"])
        for path, methods in app.openapi()["paths"].items()
        for method, operation in methods.items()
    }
    public = {operation for operation, is_protected in operations.items() if not is_protected}

    # Resources may be readable without a log-in.
    assert {(method, path) for method, path in public if method != "get"} == {
        ("post", TOKEN),
        ("post", REFRESH),
        ("post", USERS),
    }
    for method, path in operations.keys() - public:
        response = await client.request(method, re.sub(r"{\w+}", "1", path), json={})
        assert response.status_code == 401, (method, path)
