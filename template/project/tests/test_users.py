from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.exceptions import WrongPasswordError
from app.models import Session, User
from app.services.user import UserService
from conftest import (
    ME,
    PASSWORD,
    REFRESH,
    USERS,
    Account,
    bearer,
    log_in,
    make_account,
    registration,
)

NEW_PASSWORD = "a new and better one"
CHANGE = {"current_password": PASSWORD, "new_password": NEW_PASSWORD}


class TestRegister:
    async def test_creates_an_account(self, client: AsyncClient) -> None:
        body = registration("New@Example.com", full_name="  Ada Lovelace ")
        response = await client.post(USERS, json=body, headers={"Host": "evil.example/x?"})

        assert response.status_code == 201
        assert response.headers["RateLimit-Policy"] == "60;w=60"
        user = response.json()
        assert response.headers["Location"] == f"{USERS}/{user['id']}"
        assert (user["email"], user["full_name"]) == ("new@example.com", "Ada Lovelace")
        assert (user["is_active"], user["is_admin"]) == (True, False)
        assert user["created_at"] == user["updated_at"]
        assert user["created_at"].endswith("Z")
        assert "password" not in response.text

    @pytest.mark.parametrize(
        "change",
        [
            {"email": "no-address"},
            {"email": None},
            {"email": "\N{SQUARE MEETORU}" * 64 + "@example.com"},
            {"password": "short"},
            {"password": "x" * 129},
            {"password": "password123"},
            {"password": "new@example.com"},
            {"full_name": "   "},
            {"full_name": "x" * 101},
            {"full_name": "a\x00b"},
            {"is_admin": True},
            {"id": 7},
        ],
        ids=str,
    )
    async def test_refuses_invalid_fields(
        self, client: AsyncClient, change: dict[str, Any]
    ) -> None:
        response = await client.post(USERS, json=registration(**change))

        assert response.status_code == 422
        assert response.json()["error_code"] == "VALIDATION_ERROR"
        assert [error["loc"] for error in response.json()["errors"]] == [["body", *change]]

    async def test_accepts_a_password_in_any_unicode_form(self, client: AsyncClient) -> None:
        composed, decomposed = "un tr\u00e8s long secret", "un tre\u0300s long secret"
        body = registration(password=composed)
        assert (await client.post(USERS, json=body)).status_code == 201

        await log_in(client, body["email"], decomposed)

    @pytest.mark.parametrize("same", ["alice@example.com", "\uff21LICE@EXAMPLE.COM"])
    async def test_refuses_a_registered_address(
        self, authenticated_client: AsyncClient, same: str
    ) -> None:
        response = await authenticated_client.post(USERS, json=registration(same))

        assert response.status_code == 409
        assert response.json()["error_code"] == "CONFLICT"
        assert response.json()["errors"][0]["loc"] == ["body", "email"]
        # Only the insert was rolled back.
        assert (await authenticated_client.get(ME)).status_code == 200


class TestMe:
    async def test_reads_and_changes_the_account(
        self, authenticated_client: AsyncClient, alice: Account
    ) -> None:
        before = (await authenticated_client.get(ME)).json()
        response = await authenticated_client.patch(ME, json={"full_name": "Alice"})

        assert response.status_code == 200
        after = response.json()
        assert after["id"] == before["id"] == alice.id
        assert (after["full_name"], after["email"]) == ("Alice", alice.email)
        assert after["updated_at"] > before["updated_at"]
        response = await authenticated_client.patch(ME, json={"full_name": None})
        assert response.json()["full_name"] is None

    @pytest.mark.parametrize(
        "change", [{"email": None}, {"password": PASSWORD}, {"is_admin": True}, {"id": 1}]
    )
    async def test_refuses_other_fields(
        self, authenticated_client: AsyncClient, change: dict[str, Any]
    ) -> None:
        response = await authenticated_client.patch(ME, json=change)

        assert response.status_code == 422
        assert response.json()["errors"][0]["loc"] == ["body", *change]

    @pytest.mark.parametrize(
        ("change", "status"),
        [
            ({"email": "Alice@Example.org", "current_password": PASSWORD}, 200),
            ({"email": "bob@example.com", "current_password": PASSWORD}, 409),
            ({"email": "new@example.com"}, 422),
            ({"email": "new@example.com", "current_password": None}, 422),
            ({"email": "new@example.com", "current_password": "a guess"}, 403),
            ({"email": "ALICE@example.com"}, 200),
        ],
    )
    async def test_changes_the_address_only_with_the_password(
        self,
        authenticated_client: AsyncClient,
        alice: Account,
        change: dict[str, str | None],
        status: int,
    ) -> None:
        response = await authenticated_client.patch(ME, json=change)

        assert response.status_code == status
        email = (await authenticated_client.get(ME)).json()["email"]
        assert email == (str(change["email"]).lower() if status == 200 else alice.email)

    async def test_deletes_the_account(
        self, app: FastAPI, client: AsyncClient, session: AsyncSession
    ) -> None:
        carol = await make_account(app, "carol")

        assert (await client.delete(ME, headers=carol.headers)).status_code == 204
        assert (await client.get(ME, headers=carol.headers)).status_code == 401
        assert await session.scalar(select(Session).where(Session.user_id == carol.id)) is None

    async def test_deletes_the_account_only_soon_after_a_login(
        self, client: AsyncClient, alice: Account, session: AsyncSession
    ) -> None:
        long_ago = datetime.now(UTC) - timedelta(minutes=11)
        await session.execute(update(Session).values(created_at=long_ago))
        await session.commit()
        body = {"refresh_token": alice.refresh_token}
        refreshed = (await client.post(REFRESH, json=body)).json()
        response = await client.delete(ME, headers=bearer(refreshed["access_token"]))

        assert response.status_code == 403
        assert response.json()["error_code"] == "REAUTHENTICATION_REQUIRED"
        tokens = await log_in(client, alice.email)
        response = await client.delete(ME, headers=bearer(tokens["access_token"]))
        assert response.status_code == 204


class TestPassword:
    async def test_is_changed_and_ends_other_sessions(
        self, authenticated_client: AsyncClient, alice: Account
    ) -> None:
        other = await log_in(authenticated_client, alice.email)
        response = await authenticated_client.put(f"{ME}/password", json=CHANGE)

        assert response.status_code == 204
        assert response.headers["RateLimit-Policy"] == "10;w=60"
        assert (await authenticated_client.get(ME)).status_code == 200
        ended = await authenticated_client.get(ME, headers=bearer(other["access_token"]))
        assert ended.status_code == 401
        await log_in(authenticated_client, alice.email, NEW_PASSWORD)

    @pytest.mark.parametrize(
        ("change", "status", "error_code"),
        [
            ({"current_password": "a guess"}, 403, "WRONG_PASSWORD"),
            ({"new_password": "password123"}, 422, "VALIDATION_ERROR"),
            ({"new_password": PASSWORD}, 422, "VALIDATION_ERROR"),
        ],
    )
    async def test_stays_when_a_change_is_refused(
        self,
        authenticated_client: AsyncClient,
        alice: Account,
        change: dict[str, str],
        status: int,
        error_code: str,
    ) -> None:
        response = await authenticated_client.put(f"{ME}/password", json=CHANGE | change)

        assert response.status_code == status
        assert response.json()["error_code"] == error_code
        await log_in(authenticated_client, alice.email)

    async def test_is_not_overwritten_when_it_changes_during_the_check(
        self, session: AsyncSession, alice: Account
    ) -> None:
        stale = User(id=alice.id, hashed_password="an older one")
        with pytest.raises(WrongPasswordError):
            await UserService(session).set_password(stale, "a newer one", keep=uuid4())

    async def test_guesses_are_limited_for_each_account(
        self, client: AsyncClient, alice: Account, bob: Account
    ) -> None:
        guess = {"email": "new@example.com", "current_password": "a guess"}
        right = {"email": "new@example.com", "current_password": PASSWORD}

        async def attempt(body: dict[str, str], account: Account = alice) -> int:
            return (await client.patch(ME, json=body, headers=account.headers)).status_code

        # The right password resets the count.
        assert await attempt(guess) == 403
        assert await attempt(right | {"email": alice.email}) == 200
        assert await attempt(right | {"email": "alice@example.org"}) == 200
        assert [await attempt(guess) for _ in range(6)] == [403] * 5 + [429]
        assert await attempt(right) == 429
        assert await attempt(right, bob) == 200


class TestAdministration:
    @pytest.mark.parametrize(
        ("method", "path"),
        [("GET", USERS), ("GET", f"{USERS}/stats"), ("GET", f"{USERS}/1"), ("PATCH", f"{USERS}/1")],
    )
    async def test_is_for_administrators(
        self, authenticated_client: AsyncClient, method: str, path: str
    ) -> None:
        response = await authenticated_client.request(method, path, json={})

        assert response.status_code == 403
        assert response.json()["error_code"] == "FORBIDDEN"

    async def test_lists_accounts_in_pages(self, admin_client: AsyncClient) -> None:
        params: dict[str, Any] = {"limit": 2, "sort": "email", "total": "true"}
        first = await admin_client.get(USERS, params=params)
        page = first.json()
        emails = [user["email"] for user in page["items"]]
        assert emails == ["admin@example.com", "alice@example.com"]
        assert (page["total"], page["total_is_exact"]) == (3, True)

        second = await admin_client.get(USERS, params=params | {"cursor": page["next"]})
        page = second.json()
        assert [user["email"] for user in page["items"]] == ["bob@example.com"]
        assert page["next"] is None
        assert (await admin_client.get(first.links["next"]["url"])).json() == page
        assert "next" not in second.links

    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ({"sort": "-email"}, ["bob", "alice", "admin"]),
            ({"sort": "-created_at"}, ["bob", "alice", "admin"]),
            ({"search": "ALICE"}, ["alice"]),
            ({"search": "%%%"}, []),
            ({"is_admin": "true"}, ["admin"]),
            ({"is_admin": "false", "is_active": "true"}, ["alice", "bob"]),
            ({"is_active": "false"}, []),
        ],
    )
    async def test_sorts_and_filters(
        self, admin_client: AsyncClient, query: dict[str, str], expected: list[str]
    ) -> None:
        response = await admin_client.get(USERS, params=query)

        names = [user["email"].partition("@")[0] for user in response.json()["items"]]
        assert names == expected
        assert response.json().keys() == {"items", "next"}

    @pytest.mark.parametrize(
        "query", [{"limit": 0}, {"limit": 101}, {"offset": 2}, {"sort": "hashed_password"}]
    )
    async def test_refuses_invalid_queries(
        self, admin_client: AsyncClient, query: dict[str, Any]
    ) -> None:
        response = await admin_client.get(USERS, params=query)

        assert response.status_code == 422
        assert response.json()["errors"][0]["loc"] == ["query", *query]

    async def test_reads_an_account(self, admin_client: AsyncClient, alice: Account) -> None:
        response = await admin_client.get(f"{USERS}/{alice.id}")

        assert response.status_code == 200
        assert response.json()["email"] == alice.email

    @pytest.mark.parametrize(
        ("user_id", "status"),
        [("0", 422), (str(2**63), 422), (str(2**63 - 1), 404), ("9" * 5000, 404), ("x", 404)],
    )
    async def test_refuses_unknown_ids(
        self, admin_client: AsyncClient, user_id: str, status: int
    ) -> None:
        for method in ("GET", "PATCH"):
            response = await admin_client.request(method, f"{USERS}/{user_id}", json={})
            assert response.status_code == status

    async def test_deactivation_ends_sessions(
        self, admin_client: AsyncClient, alice: Account
    ) -> None:
        for is_active in (False, True):
            change = {"is_active": is_active}
            response = await admin_client.patch(f"{USERS}/{alice.id}", json=change)
            assert response.json()["is_active"] is is_active
            # The old tokens are also refused once the account is active again.
            assert (await admin_client.get(ME, headers=alice.headers)).status_code == 401
            body = {"refresh_token": alice.refresh_token}
            assert (await admin_client.post(REFRESH, json=body)).status_code == 401
        await log_in(admin_client, alice.email)

    @pytest.mark.parametrize("change", [{"is_admin": False}, {"is_active": False}])
    async def test_the_last_administrator_stays(
        self, admin_client: AsyncClient, admin: Account, alice: Account, change: dict[str, bool]
    ) -> None:
        response = await admin_client.patch(f"{USERS}/{admin.id}", json=change)
        assert response.status_code == 409
        assert response.json()["error_code"] == "LAST_ADMIN"
        assert (await admin_client.delete(ME)).status_code == 409

        promoted = await admin_client.patch(f"{USERS}/{alice.id}", json={"is_admin": True})
        assert promoted.json()["is_admin"]
        response = await admin_client.patch(f"{USERS}/{admin.id}", json=change)
        assert response.status_code == 200

    async def test_counts_accounts_with_a_cache(
        self, app: FastAPI, admin_client: AsyncClient, alice: Account
    ) -> None:
        counts = {"total": 3, "active": 3, "admins": 1}
        assert (await admin_client.get(f"{USERS}/stats")).json() == counts
        await make_account(app, "late")
        assert (await admin_client.get(f"{USERS}/stats")).json() == counts

        await admin_client.patch(f"{USERS}/{alice.id}", json={"is_active": False})
        assert (await admin_client.get(f"{USERS}/stats")).json() == counts | {"total": 4}
