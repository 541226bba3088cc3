"""The app on a real socket: what a client that calls it directly cannot see."""

import asyncio
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import uvicorn
from fastapi import FastAPI
from httpx2 import AsyncClient
from sqlalchemy import event
from sqlalchemy.orm import Session

from app.config import Settings
from app.models import User
from conftest import PASSWORD, log_in, serve

USERS = "/api/v1/users"


@asynccontextmanager
async def serve_on_a_socket(app: FastAPI, settings: Settings) -> AsyncGenerator[AsyncClient]:
    server = uvicorn.Server(uvicorn.Config(app, lifespan="off", log_config=None))
    async with serve(app, settings):
        with socket.create_server(("127.0.0.1", 0)) as listener:
            running = asyncio.create_task(server.serve(sockets=[listener]))
            host, port = listener.getsockname()
            async with AsyncClient(base_url=f"http://{host}:{port}") as client:
                yield client
            server.should_exit = True
            await running


async def test_what_was_answered_is_committed(
    running_app: FastAPI, committed_settings: Settings
) -> None:
    async with serve_on_a_socket(running_app, committed_settings) as client:
        for number in range(5):
            body = {"email": f"user{number}@example.com", "password": PASSWORD}
            response = await client.post(USERS, json=body)
            async with running_app.state.resources.database.readers() as session:
                assert await session.get(User, response.json()["id"])

        tokens = await log_in(client, "user0@example.com")
        headers = {"Authorization": f"Bearer {tokens['access_token']}"}
        assert (await client.get(f"{USERS}/me", headers=headers)).status_code == 200


async def test_a_commit_that_fails_is_no_success(
    running_app: FastAPI, committed_settings: Settings
) -> None:
    def fail(_session: Session) -> None:
        raise ConnectionResetError

    body = {"email": "alice@example.com", "password": PASSWORD}
    async with serve_on_a_socket(running_app, committed_settings) as client:
        event.listen(Session, "before_commit", fail)
        response = await client.post(USERS, json=body)
        event.remove(Session, "before_commit", fail)
        assert response.status_code == 503
        assert response.json()["error_code"] == "SERVICE_UNAVAILABLE"

        assert (await client.post(USERS, json=body)).status_code == 201
