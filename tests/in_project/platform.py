"""What the platform of a project promises; run inside of a generated project."""

import asyncio

from app.api.v1.endpoints import users
from app.config import Settings
from app.main import create_app
from fastapi import FastAPI

from conftest import (
    LOGOUT,
    ME,
    PASSWORD,
    REFRESH,
    USERS,
    bearer,
    client_of,
    log_in,
    make_account,
    registration,
    serve,
)


async def test_a_location_quotes_its_path(app: FastAPI, settings: Settings) -> None:
    tenants = create_app(settings)
    tenants.include_router(users.router, prefix="/{tenant}")
    tenants.state.resources = app.state.resources
    path = f"/%C3%9F%E2%82%AC%0D{users.router.prefix}"
    async with client_of(tenants) as client:
        response = await client.post(path, json=registration())

    assert response.headers["Location"] == f"{path}/{response.json()['id']}"


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


async def test_administrators_cannot_demote_each_other_concurrently(
    running_app: FastAPI, committed_settings: Settings
) -> None:
    async with serve(running_app, committed_settings) as client:
        alice = await make_account(running_app, "alice", is_admin=True)
        bob = await make_account(running_app, "bob", is_admin=True)
        answers = await asyncio.gather(
            *(
                client.patch(f"{USERS}/{other.id}", json={"is_admin": False}, headers=admin.headers)
                for admin, other in [(alice, bob), (bob, alice)]
            )
        )

    assert sorted(answer.status_code for answer in answers) in ([200, 403], [200, 409])
