import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient
from jwt.api_jws import PyJWS
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.config import PasswordHashing, Settings
from app.core.exceptions import InvalidCredentialsError, UnauthorizedError
from app.core.security import Caller, PasswordHasher
from app.models import Session, User
from app.services.auth import AuthService, VerifiedUser
from conftest import PASSWORD, Account, log_in, serve

TOKEN = "/api/v1/auth/token"
REFRESH = "/api/v1/auth/refresh"
LOGOUT = "/api/v1/auth/logout"
ME = "/api/v1/users/me"


class TestLogin:
    async def test_gives_a_pair_of_tokens(self, client: AsyncClient, alice: Account) -> None:
        form = {"username": " Alice@Example.com", "password": PASSWORD}
        response = await client.post(TOKEN, data=form)

        assert response.status_code == 200
        assert response.headers["Cache-Control"] == "no-store"
        tokens = response.json()
        assert tokens["token_type"] == "bearer"
        assert tokens["expires_in"] == 30 * 60
        headers = {"Authorization": f"Bearer {tokens['access_token']}"}
        assert (await client.get(ME, headers=headers)).json()["id"] == alice.id

    async def test_does_not_tell_accounts_apart(
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

    @pytest.mark.parametrize(
        ("charset", "text", "status"),
        [
            ("UTF-8", "wrong", 401),
            ("unicode_escape", r"\ud800", 400),
            ("utf-7", "+2AA-", 400),
            ("punycode", "wrong", 400),
            ("undefined", "wrong", 400),
            ("no-charset", "wrong", 400),
        ],
    )
    async def test_reads_forms_as_utf8_only(
        self, client: AsyncClient, charset: str, text: str, status: int
    ) -> None:
        parts = (
            f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n'
            for name in ("username", "password")
        )
        headers = {"Content-Type": f"multipart/form-data; boundary=b; charset={charset}"}
        content = "".join(parts) + "--b--\r\n"
        response = await client.post(TOKEN, content=content, headers=headers)

        assert response.status_code == status
        assert set(response.json()) == {"detail", "error_code", "request_id", "errors"}

    async def test_is_throttled_for_the_address_and_client_that_fail(
        self, app: FastAPI, client: AsyncClient, alice: Account, bob: Account
    ) -> None:
        wrong = {"username": alice.email, "password": "a wrong one"}
        forged = [{"X-Forwarded-For": f"203.0.113.{number}"} for number in range(6)]
        answers = [await client.post(TOKEN, data=wrong, headers=headers) for headers in forged]

        assert [answer.status_code for answer in answers] == [401] * 5 + [429]
        assert answers[-1].json()["error_code"] == "TOO_MANY_REQUESTS"
        assert 0 < int(answers[-1].headers["Retry-After"]) <= 300
        right = {"username": alice.email, "password": PASSWORD}
        assert (await client.post(TOKEN, data=right)).status_code == 429

        await log_in(client, bob.email)
        elsewhere = ASGITransport(app, client=("198.51.100.7", 50000))
        async with AsyncClient(transport=elsewhere, base_url="http://test") as other:
            await log_in(other, alice.email)

    @pytest.mark.parametrize(
        "spelling",
        [
            " alice@example.com  ",
            "ALICE@example.COM",
            "\uff41lice@example.com",  # fullwidth
            "alice@example\u3002com",  # an ideographic full stop
        ],
    )
    async def test_is_throttled_however_the_address_is_spelled(
        self, client: AsyncClient, alice: Account, spelling: str
    ) -> None:
        wrong = {"username": alice.email, "password": "a wrong one"}
        for _ in range(5):
            await client.post(TOKEN, data=wrong)
        response = await client.post(TOKEN, data={"username": spelling, "password": PASSWORD})

        assert response.status_code == 429

    async def test_knows_an_account_by_all_spellings_of_its_address(
        self, client: AsyncClient
    ) -> None:
        spellings = ["kim@fa\u00df.de", "\N{KELVIN SIGN}IM@FA\u00df.DE", "kim@xn--fa-hia.de"]
        created = [
            await client.post("/api/v1/users", json={"email": email, "password": PASSWORD})
            for email in [*spellings, "kim@fass.de"]
        ]

        # In IDNA 2008 the last one is another domain, which may be another person's.
        assert [answer.status_code for answer in created] == [201, 409, 409, 201]
        for spelling in spellings:
            tokens = await log_in(client, spelling)
            headers = {"Authorization": f"Bearer {tokens['access_token']}"}
            assert (await client.get(ME, headers=headers)).json()["email"] == spellings[0]

    async def test_forgets_failures_after_a_success(
        self, client: AsyncClient, alice: Account
    ) -> None:
        wrong = {"username": alice.email, "password": "a wrong one"}
        for _ in range(3):
            for _ in range(4):
                assert (await client.post(TOKEN, data=wrong)).status_code == 401
            await log_in(client, alice.email)

    async def test_renews_hashes_of_other_parameters(
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

    async def test_fails_when_the_account_changes_while_the_password_is_checked(
        self, app: FastAPI, session: AsyncSession, alice: Account
    ) -> None:
        stale = VerifiedUser(alice.id, checked_hash="an older one", renewed_hash="")
        auth = AuthService(session, app.state.resources.tokens)
        with pytest.raises(InvalidCredentialsError):
            await auth.begin_session(stale)

    async def test_an_account_may_be_deleted_meanwhile(
        self, app: FastAPI, session: AsyncSession
    ) -> None:
        auth = AuthService(session, app.state.resources.tokens)
        with pytest.raises(UnauthorizedError):
            await auth.account(Caller(id=404, is_admin=False))

    async def test_clears_away_expired_sessions(
        self, client: AsyncClient, alice: Account, session: AsyncSession
    ) -> None:
        past = datetime.now(UTC) - timedelta(seconds=1)
        await session.execute(update(Session).values(expires_at=past))
        await session.commit()
        await log_in(client, alice.email)

        sessions = await session.scalars(select(Session).where(Session.user_id == alice.id))
        assert len(sessions.all()) == 1


class TestRefresh:
    async def test_rotates(self, client: AsyncClient, alice: Account) -> None:
        response = await client.post(REFRESH, json={"refresh_token": alice.refresh_token})

        assert response.status_code == 200
        new = response.json()
        assert new["refresh_token"] != alice.refresh_token
        headers = {"Authorization": f"Bearer {new['access_token']}"}
        assert (await client.get(ME, headers=headers)).status_code == 200
        again = await client.post(REFRESH, json={"refresh_token": new["refresh_token"]})
        assert again.status_code == 200

    async def test_ends_the_session_when_a_token_is_used_again(
        self, client: AsyncClient, alice: Account
    ) -> None:
        other = await log_in(client, alice.email)
        stolen = {"refresh_token": alice.refresh_token}
        new = (await client.post(REFRESH, json=stolen)).json()
        refused = await client.post(REFRESH, json=stolen)

        assert refused.status_code == 401
        assert refused.headers["WWW-Authenticate"] == "Bearer"
        latest = {"refresh_token": new["refresh_token"]}
        assert (await client.post(REFRESH, json=latest)).status_code == 401
        for token, status in [(new["access_token"], 401), (other["access_token"], 200)]:
            headers = {"Authorization": f"Bearer {token}"}
            assert (await client.get(ME, headers=headers)).status_code == status

    async def test_ends_the_session_for_good_although_the_request_is_refused(
        self, running_app: FastAPI, committed_settings: Settings
    ) -> None:
        async with serve(running_app, committed_settings) as client:
            body = {"email": "alice@example.com", "password": PASSWORD}
            await client.post("/api/v1/users", json=body)
            tokens = await log_in(client, "alice@example.com")
            stolen = {"refresh_token": tokens["refresh_token"]}
            await client.post(REFRESH, json=stolen)
            assert (await client.post(REFRESH, json=stolen)).status_code == 401

        async with serve(running_app, committed_settings) as client:
            headers = {"Authorization": f"Bearer {tokens['access_token']}"}
            assert (await client.get(ME, headers=headers)).status_code == 401

    async def test_refuses_an_expired_session(
        self, client: AsyncClient, alice: Account, session: AsyncSession
    ) -> None:
        past = datetime.now(UTC) - timedelta(seconds=1)
        await session.execute(update(Session).values(expires_at=past))
        await session.commit()
        response = await client.post(REFRESH, json={"refresh_token": alice.refresh_token})

        assert response.status_code == 401

    async def test_refuses_an_access_token(self, client: AsyncClient, alice: Account) -> None:
        response = await client.post(REFRESH, json={"refresh_token": alice.access_token})

        assert response.status_code == 401


class TestLogout:
    async def test_ends_this_session_only(self, client: AsyncClient, alice: Account) -> None:
        other = await log_in(client, alice.email)
        response = await client.post(LOGOUT, headers=alice.headers)

        assert response.status_code == 204
        assert (await client.get(ME, headers=alice.headers)).status_code == 401
        refreshed = await client.post(REFRESH, json={"refresh_token": alice.refresh_token})
        assert refreshed.status_code == 401
        headers = {"Authorization": f"Bearer {other['access_token']}"}
        assert (await client.get(ME, headers=headers)).status_code == 200


def claims_of(account: Account, settings: Settings) -> dict[str, Any]:
    claims: dict[str, Any] = jwt.decode(
        account.access_token, settings.secret_key.get_secret_value(), algorithms=["HS256"]
    )
    return claims


@pytest.mark.parametrize(
    "change",
    [
        {"exp": None},
        {"iat": None},
        {"sub": None},
        {"type": None},
        {"sid": None},
        {"jti": None},
        {"exp": 1},
        {"sub": "not a number"},
        {"sub": "0"},
        {"sub": str(2**63)},
        {"sub": 1},
        {"sub": "\x00"},
        {"sid": "not an id"},
        {"sid": "00000000-0000-4000-8000-000000000000"},
        {"type": "refresh"},
        {"type": "password-reset"},
    ],
    ids=str,
)
async def test_refuses_tokens_with_other_claims(
    client: AsyncClient, alice: Account, settings: Settings, change: dict[str, Any]
) -> None:
    claims = claims_of(alice, settings) | change
    claims = {name: value for name, value in claims.items() if value is not None}
    # Signed as plain bytes: PyJWT would not encode a subject that is no text.
    token = PyJWS().encode(json.dumps(claims).encode(), settings.secret_key.get_secret_value())
    response = await client.get(ME, headers={"Authorization": f"Bearer {token}"})

    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == "Bearer"
    assert response.json()["error_code"] == "UNAUTHORIZED"


@pytest.mark.parametrize(("seconds", "status"), [(5, 200), (60, 401)])
async def test_allows_for_the_clock_of_another_replica(
    client: AsyncClient, alice: Account, settings: Settings, seconds: int, status: int
) -> None:
    claims = claims_of(alice, settings)
    claims["iat"] += seconds
    token = jwt.encode(claims, settings.secret_key.get_secret_value())
    response = await client.get(ME, headers={"Authorization": f"Bearer {token}"})

    assert response.status_code == status


async def test_refuses_tokens_signed_otherwise(
    client: AsyncClient, alice: Account, settings: Settings
) -> None:
    claims = claims_of(alice, settings)
    key = settings.secret_key.get_secret_value()
    for token in [
        jwt.encode(claims, None, algorithm="none"),
        jwt.encode(claims, key * 2, algorithm="HS512"),
        jwt.encode(claims, "another key that is long enough too", algorithm="HS256"),
        "not.a.token",
        "x" * 10_000,
    ]:
        response = await client.get(ME, headers={"Authorization": f"Bearer {token}"})
        assert response.status_code == 401


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Basic YTpi"}, {"Authorization": ""}])
async def test_needs_a_token(client: AsyncClient, headers: dict[str, str]) -> None:
    response = await client.get(ME, headers=headers)

    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == "Bearer"


async def test_only_what_says_so_needs_no_token(app: FastAPI, client: AsyncClient) -> None:
    operations = {
        (method, path): bool(operation["security"])
        for path, methods in app.openapi()["paths"].items()
        for method, operation in methods.items()
    }
    public = {operation for operation, is_protected in operations.items() if not is_protected}

    # Some may let anybody read.
    assert {(method, path) for method, path in public if method != "get"} == {
        ("post", "/api/v1/auth/token"),
        ("post", "/api/v1/auth/refresh"),
        ("post", "/api/v1/users"),
    }
    for method, path in operations.keys() - public:
        response = await client.request(method, re.sub(r"{\w+}", "1", path), json={})
        assert response.status_code == 401, (method, path)
