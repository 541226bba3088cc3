from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient
from limits import parse
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.api import logins
from app.api.v1.endpoints import users
from app.config import Settings
from app.core.exceptions import WrongPasswordError
from app.main import create_app
from app.models import Session, User
from app.schemas.user import UserInDB
from app.services.user import UserService
from conftest import PASSWORD, Account, log_in, make_account

USERS = "/api/v1/users"
ME = "/api/v1/users/me"


class TestRegister:
    async def test_makes_an_account(self, client: AsyncClient) -> None:
        body = {"email": "New@Example.com", "password": PASSWORD, "full_name": "  Ada Lovelace "}
        response = await client.post(USERS, json=body)

        assert response.status_code == 201
        user = response.json()
        assert response.headers["Location"] == f"{USERS}/{user['id']}"
        assert user["email"] == "new@example.com"
        assert user["full_name"] == "Ada Lovelace"
        assert user["is_active"]
        assert not user["is_admin"]
        assert user["created_at"].endswith("Z")
        assert "password" not in response.text

    async def test_names_no_foreign_place(self, client: AsyncClient) -> None:
        body = {"email": "new@example.com", "password": PASSWORD}
        response = await client.post(USERS, json=body, headers={"Host": "evil.example/x?"})

        assert response.headers["Location"] == f"{USERS}/{response.json()['id']}"

    async def test_names_the_place_whatever_the_path(
        self, app: FastAPI, settings: Settings
    ) -> None:
        tenants = create_app(settings)
        tenants.include_router(users.router, prefix="/{tenant}")
        tenants.state.resources = app.state.resources
        body = {"email": "new@example.com", "password": PASSWORD}
        transport = ASGITransport(tenants)
        async with AsyncClient(transport=transport, base_url="http://test") as client:
            response = await client.post("/%C3%9F%E2%82%AC%0D/users", json=body)

        assert response.headers["Location"] == f"/%C3%9F%E2%82%AC%0D/users/{response.json()['id']}"

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"email": "no-address"}, "email"),
            ({"email": None}, "email"),
            ({"password": "short"}, "password"),
            ({"password": "x" * 129}, "password"),
            ({"email": "\N{SQUARE MEETORU}" * 64 + "@example.com"}, "email"),
            ({"full_name": "   "}, "full_name"),
            ({"full_name": "x" * 101}, "full_name"),
            ({"full_name": "a\x00b"}, "full_name"),
            ({"is_admin": True}, "is_admin"),
            ({"id": 7}, "id"),
        ],
    )
    async def test_refuses_what_is_not_valid(
        self, client: AsyncClient, change: dict[str, Any], field: str
    ) -> None:
        body = {"email": "new@example.com", "password": PASSWORD} | change
        response = await client.post(USERS, json=body)

        assert response.status_code == 422
        assert response.json()["error_code"] == "VALIDATION_ERROR"
        assert [error["loc"] for error in response.json()["errors"]] == [["body", field]]

    async def test_refuses_passwords_that_are_no_text(self, client: AsyncClient) -> None:
        body = '{"email": "new@example.com", "password": "half a pair: \\ud800"}'
        headers = {"Content-Type": "application/json"}
        response = await client.post(USERS, content=body, headers=headers)

        assert response.status_code == 422
        assert response.json()["errors"][0]["loc"] == ["body", "password"]

    @pytest.mark.parametrize(
        ("change", "limit"),
        [
            ({"password": "short"}, "at least 8 characters"),
            ({"password": "x" * 129}, "at most 128 characters"),
            ({"full_name": " "}, "at least 1 character"),
            ({"full_name": "x" * 101}, "at most 100 characters"),
        ],
    )
    async def test_counts_the_characters_of_a_text(
        self, client: AsyncClient, change: dict[str, str], limit: str
    ) -> None:
        body = {"email": "new@example.com", "password": PASSWORD} | change
        response = await client.post(USERS, json=body)

        assert limit in response.json()["errors"][0]["msg"]
        assert "item" not in response.text

    @pytest.mark.parametrize(
        ("stored", "typed"),
        [
            ("un tr\u00e8s long secret", "un tre\u0300s long secret"),
            ("un tre\u0300s long secret", "un tr\u00e8s long secret"),
        ],
    )
    async def test_a_password_is_the_same_from_every_keyboard(
        self, client: AsyncClient, stored: str, typed: str
    ) -> None:
        body = {"email": "new@example.com", "password": stored}
        assert (await client.post(USERS, json=body)).status_code == 201

        await log_in(client, body["email"], typed)

    @pytest.mark.parametrize("password", ["password123", "SUNSHINE", "new@example.com"])
    async def test_refuses_passwords_that_are_guessed_first(
        self, client: AsyncClient, password: str
    ) -> None:
        response = await client.post(USERS, json={"email": "new@example.com", "password": password})

        assert response.status_code == 422
        assert response.json()["errors"][0]["loc"] == ["body", "password"]

    @pytest.mark.parametrize(
        "same",
        [
            "alice@example.com",
            "ALICE@EXAMPLE.COM",
            "\N{FULLWIDTH LATIN SMALL LETTER A}lice@example.com",
        ],
    )
    async def test_takes_an_address_once(
        self, client: AsyncClient, alice: Account, same: str
    ) -> None:
        response = await client.post(USERS, json={"email": same, "password": PASSWORD})

        assert response.status_code == 409
        assert response.json()["error_code"] == "CONFLICT"
        assert response.json()["errors"][0]["loc"] == ["body", "email"]

        # The refused insert was rolled back alone.
        assert (await client.get(ME, headers=alice.headers)).status_code == 200


class TestMe:
    async def test_reads_the_caller(
        self, authenticated_client: AsyncClient, alice: Account
    ) -> None:
        response = await authenticated_client.get(ME)

        assert response.status_code == 200
        assert response.json()["id"] == alice.id

    async def test_changes_what_is_sent(self, authenticated_client: AsyncClient) -> None:
        before = (await authenticated_client.get(ME)).json()
        response = await authenticated_client.patch(ME, json={"full_name": "Alice"})

        assert response.status_code == 200
        after = response.json()
        assert after["full_name"] == "Alice"
        assert after["email"] == before["email"]
        assert after["updated_at"] > before["updated_at"]

        response = await authenticated_client.patch(ME, json={"full_name": None})
        assert response.json()["full_name"] is None

    @pytest.mark.parametrize(
        "change", [{"email": None}, {"password": PASSWORD}, {"is_admin": True}, {"id": 1}]
    )
    async def test_refuses_what_is_not_the_callers_to_change(
        self, authenticated_client: AsyncClient, change: dict[str, Any]
    ) -> None:
        response = await authenticated_client.patch(ME, json=change)

        assert response.status_code == 422
        assert response.json()["errors"][0]["loc"] == ["body", *change]

    async def test_keeps_addresses_unique(
        self, client: AsyncClient, alice: Account, bob: Account
    ) -> None:
        body = {"email": bob.email, "current_password": PASSWORD}
        response = await client.patch(ME, json=body, headers=alice.headers)

        assert response.status_code == 409

    async def test_changes_the_address_with_the_password(
        self, authenticated_client: AsyncClient
    ) -> None:
        body = {"email": "Alice@Example.org", "current_password": PASSWORD}
        response = await authenticated_client.patch(ME, json=body)

        assert response.status_code == 200
        assert response.json()["email"] == "alice@example.org"

    @pytest.mark.parametrize(
        ("sent", "status", "error_code"),
        [
            ({}, 422, "VALIDATION_ERROR"),
            ({"current_password": None}, 422, "VALIDATION_ERROR"),
            ({"current_password": "a guess"}, 403, "WRONG_PASSWORD"),
        ],
    )
    async def test_keeps_the_address_without_the_password(
        self,
        authenticated_client: AsyncClient,
        alice: Account,
        sent: dict[str, str | None],
        status: int,
        error_code: str,
    ) -> None:
        response = await authenticated_client.patch(ME, json={"email": "new@example.com"} | sent)

        assert response.status_code == status
        assert response.json()["error_code"] == error_code
        assert (await authenticated_client.get(ME)).json()["email"] == alice.email

    async def test_asks_for_no_password_while_the_address_stays(
        self, authenticated_client: AsyncClient, alice: Account
    ) -> None:
        body = {"email": alice.email.upper(), "full_name": "Alice"}
        response = await authenticated_client.patch(ME, json=body)

        assert response.status_code == 200
        assert response.json()["full_name"] == "Alice"

    async def test_limits_how_many_addresses_are_tried(
        self, authenticated_client: AsyncClient, bob: Account, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(logins.LIMIT_BY_ADDRESS, "_limit", parse("2/minute"))
        body = {"email": bob.email, "current_password": PASSWORD}
        statuses = [
            (await authenticated_client.patch(ME, json=body)).status_code for _ in range(3)
        ]
        other = await authenticated_client.patch(ME, json={"full_name": "Alice"})

        assert statuses == [409, 409, 429]
        assert other.status_code == 200

    async def test_deletes_the_account(
        self, app: FastAPI, client: AsyncClient, session: AsyncSession
    ) -> None:
        carol = await make_account(app, "carol")
        response = await client.delete(ME, headers=carol.headers)

        assert response.status_code == 204
        assert (await client.get(ME, headers=carol.headers)).status_code == 401
        assert await session.scalar(select(Session).where(Session.user_id == carol.id)) is None

    async def test_deletes_the_account_soon_after_a_log_in_only(
        self, client: AsyncClient, alice: Account, session: AsyncSession
    ) -> None:
        await session.execute(
            update(Session)
            .where(Session.user_id == alice.id)
            .values(created_at=datetime.now(UTC) - timedelta(minutes=11))
        )
        await session.commit()
        body = {"refresh_token": alice.refresh_token}
        refreshed = (await client.post("/api/v1/auth/refresh", json=body)).json()
        headers = {"Authorization": f"Bearer {refreshed['access_token']}"}
        response = await client.delete(ME, headers=headers)

        assert response.status_code == 403
        assert response.json()["error_code"] == "REAUTHENTICATION_REQUIRED"
        assert (await client.get(ME, headers=headers)).status_code == 200

        tokens = await log_in(client, alice.email)
        headers = {"Authorization": f"Bearer {tokens['access_token']}"}
        assert (await client.delete(ME, headers=headers)).status_code == 204


class TestPassword:
    async def test_ends_other_sessions(self, client: AsyncClient, alice: Account) -> None:
        other = await log_in(client, alice.email)
        body = {"current_password": PASSWORD, "new_password": "a new and better one"}
        response = await client.put(f"{ME}/password", json=body, headers=alice.headers)

        assert response.status_code == 204
        assert (await client.get(ME, headers=alice.headers)).status_code == 200
        stale = {"Authorization": f"Bearer {other['access_token']}"}
        assert (await client.get(ME, headers=stale)).status_code == 401
        await log_in(client, alice.email, "a new and better one")

    async def test_needs_the_current_one(self, client: AsyncClient, alice: Account) -> None:
        body = {"current_password": "a guess", "new_password": "a new and better one"}
        response = await client.put(f"{ME}/password", json=body, headers=alice.headers)

        assert response.status_code == 403
        assert response.json()["error_code"] == "WRONG_PASSWORD"
        await log_in(client, alice.email)

    async def test_refuses_a_common_new_one(self, client: AsyncClient, alice: Account) -> None:
        body = {"current_password": PASSWORD, "new_password": "password123"}
        response = await client.put(f"{ME}/password", json=body, headers=alice.headers)

        assert response.status_code == 422
        assert response.json()["errors"][0]["loc"] == ["body", "new_password"]

    async def test_needs_a_different_new_one(self, client: AsyncClient, alice: Account) -> None:
        body = {"current_password": PASSWORD, "new_password": PASSWORD}
        response = await client.put(f"{ME}/password", json=body, headers=alice.headers)

        assert response.status_code == 422

    async def test_fails_when_the_password_changes_while_it_is_checked(
        self, session: AsyncSession, alice: Account
    ) -> None:
        stale = User(id=alice.id, hashed_password="an older one")
        with pytest.raises(WrongPasswordError):
            await UserService(session).set_password(stale, "a newer one", keep=uuid4())

    async def test_counts_guesses_for_the_account_wherever_they_come_from(
        self,
        app: FastAPI,
        client: AsyncClient,
        alice: Account,
        bob: Account,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        # In a day, so that a slow machine does not get into the next window.
        monkeypatch.setattr(logins, "PASSWORD_GUESSES", parse("5/day"))
        change = {"new_password": "a new and better one"}
        statuses = []
        for number in range(4):
            transport = ASGITransport(app, client=(f"198.51.100.{number}", 50000))
            async with AsyncClient(transport=transport, base_url="http://test") as other:
                for method, path, body in [
                    ("PUT", f"{ME}/password", change),
                    ("PATCH", ME, {"email": "new@example.com"}),
                ]:
                    guess = body | {"current_password": "a guess"}
                    answer = await other.request(method, path, json=guess, headers=alice.headers)
                    statuses.append(answer.status_code)

        assert statuses == [403] * 5 + [429] * 3
        assert int(answer.headers["Retry-After"]) > 0
        right = change | {"current_password": PASSWORD}
        locked = await client.put(f"{ME}/password", json=right, headers=alice.headers)
        assert locked.status_code == 429
        free = await client.put(f"{ME}/password", json=right, headers=bob.headers)
        assert free.status_code == 204

    async def test_forgets_guesses_after_a_right_one(
        self, client: AsyncClient, alice: Account
    ) -> None:
        body = {"email": "new@example.com", "current_password": "a guess"}
        for _ in range(2):
            for _ in range(4):
                answer = await client.patch(ME, json=body, headers=alice.headers)
                assert answer.status_code == 403
            right = {"current_password": PASSWORD}
            for email in ("other@example.com", alice.email):
                answer = await client.patch(
                    ME, json=right | {"email": email}, headers=alice.headers
                )
                assert answer.status_code == 200

    async def test_limits_changes_of_one_client(
        self, client: AsyncClient, alice: Account
    ) -> None:
        body = {"current_password": PASSWORD, "new_password": "password123"}
        statuses = [
            (await client.put(f"{ME}/password", json=body, headers=alice.headers)).status_code
            for _ in range(11)
        ]

        assert statuses == [422] * 10 + [429]


class TestAdministration:
    async def test_needs_an_admin(self, client: AsyncClient, alice: Account) -> None:
        for method, path in [
            ("GET", USERS),
            ("GET", f"{USERS}/stats"),
            ("GET", f"{USERS}/{alice.id}"),
            ("PATCH", f"{USERS}/{alice.id}"),
        ]:
            response = await client.request(method, path, json={}, headers=alice.headers)
            assert response.status_code == 403
            assert response.json()["error_code"] == "FORBIDDEN"

    async def test_pages_through_all(
        self, client: AsyncClient, admin: Account, alice: Account, bob: Account
    ) -> None:
        params: dict[str, Any] = {"limit": 2, "sort": "email", "total": "true"}
        first = await client.get(USERS, params=params, headers=admin.headers)
        page = first.json()
        assert [user["email"] for user in page["items"]] == [admin.email, alice.email]
        assert (page["total"], page["total_is_exact"]) == (3, True)

        second = await client.get(
            USERS, params=params | {"cursor": page["next"]}, headers=admin.headers
        )
        page = second.json()
        assert [user["email"] for user in page["items"]] == [bob.email]
        assert page["next"] is None
        response = await client.get(first.links["next"]["url"], headers=admin.headers)
        assert response.json() == page
        assert "next" not in second.links

    @pytest.mark.parametrize(
        ("sort", "expected"),
        [
            ("email", ["aaron", "admin", "alice", "bob"]),
            ("-email", ["bob", "alice", "admin", "aaron"]),
            ("created_at", ["admin", "alice", "bob", "aaron"]),
            ("-created_at", ["aaron", "bob", "alice", "admin"]),
        ],
    )
    async def test_sorts(
        self,
        app: FastAPI,
        client: AsyncClient,
        admin: Account,
        sort: str,
        expected: list[str],
    ) -> None:
        await make_account(app, "aaron")
        response = await client.get(USERS, params={"sort": sort}, headers=admin.headers)

        names = [user["email"].partition("@")[0] for user in response.json()["items"]]
        assert names == expected

    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ({"search": "ALICE"}, {"alice"}),
            ({"search": "%%%"}, set()),
            ({"is_admin": "true"}, {"admin"}),
            ({"is_admin": "false", "is_active": "true"}, {"alice", "bob"}),
            ({"is_active": "false"}, set()),
        ],
    )
    async def test_filters(
        self, client: AsyncClient, admin: Account, query: dict[str, str], expected: set[str]
    ) -> None:
        response = await client.get(USERS, params=query, headers=admin.headers)

        names = {user["email"].partition("@")[0] for user in response.json()["items"]}
        assert names == expected
        assert response.json().keys() == {"items", "next"}

    @pytest.mark.parametrize(
        "query",
        [
            {"limit": 0},
            {"limit": 101},
            {"limit": -1},
            {"offset": 2**63},
            {"sort": "hashed_password"},
            {"search": "\x00"},
        ],
    )
    async def test_refuses_pages_out_of_bounds(
        self, client: AsyncClient, admin: Account, query: dict[str, Any]
    ) -> None:
        response = await client.get(USERS, params=query, headers=admin.headers)

        assert response.status_code == 422
        assert response.json()["errors"][0]["loc"] == ["query", *query]

    async def test_reads_one(self, client: AsyncClient, admin: Account, alice: Account) -> None:
        response = await client.get(f"{USERS}/{alice.id}", headers=admin.headers)

        assert response.status_code == 200
        assert response.json()["email"] == alice.email

    async def test_answers_404_for_none(self, client: AsyncClient, admin: Account) -> None:
        for method in ("GET", "PATCH"):
            response = await client.request(
                method, f"{USERS}/{2**63 - 1}", json={}, headers=admin.headers
            )
            assert response.status_code == 404
            assert response.json()["error_code"] == "NOT_FOUND"

    @pytest.mark.parametrize(
        ("user_id", "status"),
        [("0", 422), (str(2**63), 422), ("9" * 5000, 404), ("1%0A", 404), ("-1", 404), ("x", 404), ("1.5", 404)],
    )
    async def test_refuses_ids_that_cannot_be(
        self, client: AsyncClient, admin: Account, user_id: str, status: int
    ) -> None:
        response = await client.get(f"{USERS}/{user_id}", headers=admin.headers)

        assert response.status_code == status

    @pytest.mark.parametrize("change", [{"is_admin": 0}, {"is_active": "no"}, {"is_active": None}])
    async def test_refuses_what_is_not_quite_a_boolean(
        self, client: AsyncClient, admin: Account, alice: Account, change: dict[str, Any]
    ) -> None:
        response = await client.patch(f"{USERS}/{alice.id}", json=change, headers=admin.headers)

        assert response.status_code == 422

    async def test_promotes(self, client: AsyncClient, admin: Account, alice: Account) -> None:
        response = await client.patch(
            f"{USERS}/{alice.id}", json={"is_admin": True}, headers=admin.headers
        )

        assert response.status_code == 200
        assert (await client.get(USERS, headers=alice.headers)).status_code == 200

    async def test_deactivates_and_ends_sessions(
        self, client: AsyncClient, admin: Account, alice: Account
    ) -> None:
        response = await client.patch(
            f"{USERS}/{alice.id}", json={"is_active": False}, headers=admin.headers
        )
        assert response.status_code == 200
        assert (await client.get(ME, headers=alice.headers)).status_code == 401
        body = {"refresh_token": alice.refresh_token}
        assert (await client.post("/api/v1/auth/refresh", json=body)).status_code == 401

        # The old tokens stay dead when the account comes back.
        await client.patch(f"{USERS}/{alice.id}", json={"is_active": True}, headers=admin.headers)
        assert (await client.get(ME, headers=alice.headers)).status_code == 401
        await log_in(client, alice.email)

    @pytest.mark.parametrize("change", [{"is_admin": False}, {"is_active": False}])
    async def test_keeps_the_last_admin(
        self, client: AsyncClient, admin: Account, alice: Account, change: dict[str, bool]
    ) -> None:
        path = f"{USERS}/{admin.id}"
        response = await client.patch(path, json=change, headers=admin.headers)
        assert response.status_code == 409
        assert response.json()["error_code"] == "LAST_ADMIN"
        tokens = await log_in(client, admin.email)
        headers = {"Authorization": f"Bearer {tokens['access_token']}"}
        assert (await client.delete(ME, headers=headers)).status_code == 409

        await client.patch(f"{USERS}/{alice.id}", json={"is_admin": True}, headers=admin.headers)
        assert (await client.patch(path, json=change, headers=admin.headers)).status_code == 200

    async def test_counts_with_a_cache(
        self, app: FastAPI, client: AsyncClient, admin: Account, alice: Account
    ) -> None:
        async def stats() -> dict[str, int]:
            response = await client.get(f"{USERS}/stats", headers=admin.headers)
            counts: dict[str, int] = response.json()
            return counts

        assert await stats() == {"total": 3, "active": 3, "admins": 1}
        await make_account(app, "late")
        assert (await stats())["total"] == 3

        await client.patch(f"{USERS}/{alice.id}", json={"is_active": False}, headers=admin.headers)
        assert await stats() == {"total": 4, "active": 3, "admins": 1}


async def test_stored_user_has_the_hash_and_no_response_has(
    client: AsyncClient, alice: Account, session: AsyncSession
) -> None:
    stored = UserInDB.model_validate(await session.get(User, alice.id))
    assert stored.hashed_password.startswith("$argon2id$")

    contract = (await client.get("/api/v1/openapi.json")).text
    assert "hashed_password" not in contract
    assert "UserInDB" not in contract
