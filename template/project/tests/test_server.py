"""The app on a real socket: what a client that calls it directly cannot see."""

import asyncio
import socket
from collections.abc import AsyncGenerator, Iterator

import pytest
import uvicorn
from fastapi import FastAPI
from httpx2 import AsyncClient
from sqlalchemy import event
from sqlalchemy.orm import Session

from app.config import Settings
from app.models import User
from conftest import ME, USERS, bearer, log_in, make_settings, registration, serve
from databases import Databases


@pytest.fixture(scope="module")
def live_settings(databases: Databases, migrated_url: str) -> Iterator[Settings]:
    with databases.copy_of(migrated_url) as url:
        yield make_settings(url)


@pytest.fixture(scope="module")
async def live(running_app: FastAPI, live_settings: Settings) -> AsyncGenerator[AsyncClient]:
    server = uvicorn.Server(uvicorn.Config(running_app, lifespan="off", log_config=None))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        async with serve(running_app, live_settings):
            running = asyncio.create_task(server.serve(sockets=[listener]))
            host, port = listener.getsockname()
            async with AsyncClient(base_url=f"http://{host}:{port}") as client:
                yield client
            server.should_exit = True
            await running


async def test_what_was_answered_is_committed(running_app: FastAPI, live: AsyncClient) -> None:
    for number in range(5):
        response = await live.post(USERS, json=registration(f"user{number}@example.com"))
        async with running_app.state.resources.database.readers() as session:
            assert await session.get(User, response.json()["id"])

    tokens = await log_in(live, "user0@example.com")
    me = await live.get(ME, headers=bearer(tokens["access_token"]))
    assert me.status_code == 200


async def test_a_commit_that_fails_is_no_success(live: AsyncClient) -> None:
    def fail(_session: Session) -> None:
        raise ConnectionResetError

    body = registration("alice@example.com")
    event.listen(Session, "before_commit", fail)
    try:
        response = await live.post(USERS, json=body)
    finally:
        event.remove(Session, "before_commit", fail)
    assert response.status_code == 503
    assert response.json()["error_code"] == "SERVICE_UNAVAILABLE"

    assert (await live.post(USERS, json=body)).status_code == 201
