"""One server on a real socket: what a client calling the app directly cannot see."""

import asyncio
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import uvicorn
from fastapi import FastAPI
from httpx2 import AsyncClient
from sqlalchemy import event

from app.api.deps import DbSession
from app.config import Settings
from app.main import create_app
from app.models import User
from conftest import PASSWORD, log_in


@asynccontextmanager
async def serve(app: FastAPI) -> AsyncGenerator[AsyncClient]:
    server = uvicorn.Server(uvicorn.Config(app, log_config=None))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        running = asyncio.create_task(server.serve(sockets=[listener]))
        host, port = listener.getsockname()
        async with AsyncClient(base_url=f"http://{host}:{port}") as client:
            yield client
        server.should_exit = True
        await running


async def test_serves(committed_settings: Settings) -> None:
    async with serve(create_app(committed_settings)) as client:
        body = {"email": "alice@example.com", "password": PASSWORD}
        assert (await client.post("/api/v1/users", json=body)).status_code == 201
        tokens = await log_in(client, "alice@example.com")
        headers = {"Authorization": f"Bearer {tokens['access_token']}"}
        response = await client.get("/api/v1/users/me", headers=headers)

    assert response.json()["email"] == "alice@example.com"


async def test_what_was_answered_is_committed(committed_settings: Settings) -> None:
    app = create_app(committed_settings)
    async with serve(app) as client:
        for number in range(5):
            body = {"email": f"user{number}@example.com", "password": PASSWORD}
            response = await client.post("/api/v1/users", json=body)
            async with app.state.resources.database.readers() as session:
                assert await session.get(User, response.json()["id"])


async def test_a_commit_that_fails_is_no_success(committed_settings: Settings) -> None:
    app = create_app(committed_settings)

    @app.post("/fails-late")
    async def fails_late(db: DbSession) -> None:
        @event.listens_for(db.sync_session, "before_commit")
        def fail(_session: object) -> None:
            raise ConnectionResetError

    async with serve(app) as client:
        response = await client.post("/fails-late")

    assert response.status_code == 503
    assert response.json()["error_code"] == "SERVICE_UNAVAILABLE"
