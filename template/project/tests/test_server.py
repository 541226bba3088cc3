"""The app on a real socket: what a client that calls it directly cannot see."""

import asyncio
import json
import socket
from collections.abc import AsyncGenerator, Iterator
from typing import Annotated

import pytest
import uvicorn
from anyio import wait_all_tasks_blocked
from fastapi import APIRouter, Depends, FastAPI, WebSocket
from httpx2 import AsyncClient
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session
from structlog.testing import capture_logs
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.typing import Subprotocol

from app.api.deps import CurrentCaller, DbSession, get_db
from app.core.exceptions import UnauthorizedError
from app.main import create_app
from app.models import User
from conftest import ME, USERS, bearer, log_in, make_settings, registration
from databases import Databases

router = APIRouter()


async def refuse() -> None:
    raise UnauthorizedError


@router.get("/one-session")
async def one_session(session: DbSession, same: Annotated[AsyncSession, Depends(get_db)]) -> bool:
    return session is same


@router.websocket("/refused", dependencies=[Depends(refuse)])
async def refused(_: WebSocket) -> None: ...


@router.websocket("/session")
async def use_session(_: WebSocket, session: DbSession) -> None:
    await session.get(User, 1)


@router.websocket("/caller")
async def send_caller(websocket: WebSocket, caller: CurrentCaller) -> None:
    await websocket.accept(subprotocol="bearer")
    await websocket.send_json(caller.id)


@router.websocket("/echo")
async def echo(websocket: WebSocket, times: int = 1) -> None:
    await websocket.accept()
    while True:
        await websocket.send_text(times * await websocket.receive_text())


@router.websocket("/bug")
async def bug(_: WebSocket) -> None:
    raise RuntimeError


@router.websocket("/late")
async def late(websocket: WebSocket, *, bug: bool = False, close: bool = False) -> None:
    await websocket.accept()
    if close:
        await websocket.close()
    raise RuntimeError if bug else UnauthorizedError


@pytest.fixture(scope="module")
def served_app(databases: Databases, migrated_url: str) -> Iterator[FastAPI]:
    with databases.copy_of(migrated_url) as url:
        app = create_app(make_settings(url))
        app.include_router(router)
        yield app


@pytest.fixture(scope="module")
async def address(served_app: FastAPI) -> AsyncGenerator[str]:
    server = uvicorn.Server(uvicorn.Config(served_app, log_config=None))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        running = asyncio.create_task(server.serve(sockets=[listener]))
        host, port = listener.getsockname()
        yield f"{host}:{port}"
        server.should_exit = True
        await running


@pytest.fixture(scope="module")
async def live(address: str) -> AsyncGenerator[AsyncClient]:
    async with AsyncClient(base_url=f"http://{address}") as client:
        yield client


async def test_what_was_answered_is_committed(served_app: FastAPI, live: AsyncClient) -> None:
    for number in range(5):
        response = await live.post(USERS, json=registration(f"user{number}@example.com"))
        async with served_app.state.resources.database.readers() as session:
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


async def test_a_request_has_one_session(live: AsyncClient) -> None:
    assert (await live.get("/one-session")).json() is True


async def test_a_websocket_knows_its_caller(live: AsyncClient, address: str) -> None:
    user = (await live.post(USERS, json=registration("bob@example.com"))).json()
    tokens = await log_in(live, user["email"])
    offered = [Subprotocol("bearer"), Subprotocol(tokens["access_token"])]
    async with connect(f"ws://{address}/caller", subprotocols=offered) as client:
        assert client.subprotocol == "bearer"
        assert await client.recv() == str(user["id"])


async def test_a_websocket_is_logged_until_the_client_leaves(address: str) -> None:
    with capture_logs() as logs:
        async with connect(f"ws://{address}/echo?token=private") as client:
            await client.send("hello")
            assert await client.recv() == "hello"
            assert not logs
        await wait_all_tasks_blocked()

    assert [(line["event"], line["status"]) for line in logs] == [("request", 101)]
    assert "private" not in str(logs)


@pytest.mark.parametrize(
    ("path", "status", "error_code"),
    [
        ("/nowhere", 404, "NOT_FOUND"),
        ("/health", 404, "NOT_FOUND"),
        ("/echo%0a", 404, "NOT_FOUND"),
        ("/refused", 401, "UNAUTHORIZED"),
        ("/caller", 401, "UNAUTHORIZED"),
        ("/echo?times=many", 422, "VALIDATION_ERROR"),
        ("/session", 500, "INTERNAL_SERVER_ERROR"),
        ("/bug", 500, "INTERNAL_SERVER_ERROR"),
    ],
)
async def test_a_refused_handshake_has_the_shape_of_all_errors(
    address: str, path: str, status: int, error_code: str
) -> None:
    with pytest.raises(InvalidStatus) as refusal:
        await connect(f"ws://{address}{path}")

    response = refusal.value.response
    error = json.loads(response.body)
    assert (response.status_code, error["error_code"]) == (status, error_code)
    assert error["request_id"] == response.headers["X-Request-ID"]
    assert response.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("query", "code"), [("", 1008), ("?bug=true", 1011), ("?close=true", 1000)]
)
async def test_a_websocket_that_fails_is_closed(address: str, query: str, code: int) -> None:
    async with connect(f"ws://{address}/late{query}") as client:
        with pytest.raises(ConnectionClosed):
            await client.recv()

    assert client.close_code == code
