"""WebSockets: who is connected, a transaction for each message, and no connection held."""

import json
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol

from generated import variants
from generated.probes import add_router
from generated.projects import Project, Workshop
from generated.refusals import must_refuse
from generated.server import LOOPBACK, Answer, Server, migrated
from generated.service import GUNICORN, Account, make_admin, production
from generated.services import NewDatabase
from generated.shop import API, Person, fastgen
from generated.sql import connected
from generated.windows import wait_for_window

pytestmark = [pytest.mark.slow, pytest.mark.by_day("sqlite")]

FASTAPI = ("fastapi", "run", "--host", LOOPBACK, "--port", "{port}")
SOCKETS = 10
PROBES = """
from fastapi import APIRouter, WebSocket
from sqlalchemy import select

from app.api.deps import AdminUser, CurrentCaller, DbSession
from app.dependencies import AppResources, rate_limit
from app.models import Place

router = APIRouter(prefix="/probes")


@router.websocket("/places")
async def add_places(
    socket: WebSocket, caller: CurrentCaller, resources: AppResources
) -> None:
    await socket.accept(subprotocol="bearer")
    async for name in socket.iter_text():
        async with resources.database.transaction() as session:
            session.add(Place(name=name))
        await socket.send_json({"caller": caller.id, "request_id": socket.state.request_id})


@router.websocket("/admin")
async def admin(socket: WebSocket, _: AdminUser) -> None:
    await socket.accept(subprotocol="bearer")
    await socket.close()


@router.websocket("/session")
async def session(socket: WebSocket, session: DbSession, add: bool = False) -> None:
    if add:
        session.add(Place(name="x"))
    else:
        await session.execute(select(Place))
    await socket.accept()


@router.websocket("/limited", dependencies=[rate_limit("2/minute")])
async def limited(socket: WebSocket) -> None:
    await socket.accept()
"""


@pytest.fixture(scope="module")
def probed(database: str, workshop: Workshop) -> Project:
    project = workshop.project(f"sockets-{database}", variants.default() | {"database": database})
    with workshop.only_one_process(f"sockets-{database}-added"):
        if not (project.path / "src/app/models/place.py").exists():
            fastgen(project, "add", "resource", "place", "name:str:100", "--access", "shared")
        add_router(project, "probes", PROBES)
    return project


@pytest.fixture(scope="module", params=[GUNICORN, FASTAPI], ids=["gunicorn", "fastapi"])
def server(
    request: pytest.FixtureRequest,
    probed: Project,
    new_database: NewDatabase,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Server]:
    """One worker with one connection, in which no socket may sit."""
    with new_database() as url:
        env = production(url) | {
            "WEB_CONCURRENCY": "1",
            "DATABASE_POOL_SIZE": "1",
            "DATABASE_MAX_OVERFLOW": "0",
        }
        with migrated(probed, tmp_path_factory.mktemp("logs"), *request.param, env=env) as server:
            yield server


@pytest.fixture(scope="module")
def person(server: Server) -> Person:
    return Person(server)


def opened(server: Server, path: str, token: str | None = None, **options: Any) -> ClientConnection:
    """Open a socket as browsers do: they can send a token as a subprotocol only."""
    if token:
        options["subprotocols"] = [Subprotocol("bearer"), Subprotocol(token)]
    socket: ClientConnection = connect(
        f"ws://{LOOPBACK}:{server.port}{API}/probes{path}", proxy=None, **options
    )
    return socket


def refused(server: Server, path: str, token: str | None = None, **options: Any) -> Answer:
    """Return the answer to a handshake that is refused."""
    with pytest.raises(InvalidStatus) as error:
        opened(server, path, token, **options)
    response = error.value.response
    headers = {name.lower(): value for name, value in response.headers.raw_items()}
    return Answer(response.status_code, headers, bytes(response.body or b""))


def test_messages_are_committed_before_they_are_answered(
    probed: Project, server: Server, person: Person
) -> None:
    with (
        connected(probed, server.environment["DATABASE_URL"]) as sql,
        opened(server, "/places", person.token) as socket,
    ):
        assert socket.subprotocol == "bearer"
        for number in range(5):
            socket.send(f"place {number}")
            assert json.loads(socket.recv())["caller"] == person.id
            assert sql.value(f"SELECT count(*) FROM places WHERE name = 'place {number}'") == 1  # noqa: S608


def test_other_clients_may_send_the_header(server: Server, person: Person) -> None:
    headers = {"Authorization": f"Bearer {person.token}"}
    bearer = [Subprotocol("bearer")]
    with opened(server, "/places", additional_headers=headers, subprotocols=bearer) as socket:
        socket.send("by header")
        assert json.loads(socket.recv())["caller"] == person.id


@pytest.mark.parametrize(
    "form",
    [
        "{0}: bearer,{1}",
        "{0}: bearer , {1}",
        "{0}: bearer\r\n{0}: {1}",
        "{0}: bearer,{1},chat,graphql-transport-ws",
    ],
)
def test_a_list_of_subprotocols_is_a_list_in_each_form(
    form: str, server: Server, person: Person
) -> None:
    lines = form.format("Sec-WebSocket-Protocol", person.token)
    handshake = (
        f"GET {API}/probes/places HTTP/1.1\r\nHost: {LOOPBACK}\r\nUpgrade: websocket\r\n"
        "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        f"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n{lines}\r\n\r\n"
    )
    with socket.create_connection((LOOPBACK, server.port), timeout=30) as connection:
        connection.sendall(handshake.encode())
        assert connection.recv(4096).startswith(b"HTTP/1.1 101 ")


def test_open_sockets_hold_no_connection(server: Server, person: Person) -> None:
    with ExitStack() as stack:
        sockets = [
            stack.enter_context(opened(server, "/places", person.token)) for _ in range(SOCKETS)
        ]
        assert person.send("GET", "/places").status == 200
        for socket in sockets:
            socket.send("one of many")
            assert json.loads(socket.recv())["caller"] == person.id


@pytest.mark.parametrize("subprotocols", [None, ["bearer"], ["token"], ["bearer", "nonsense"]])
def test_nobody_is_let_in_without_a_token(
    subprotocols: list[Subprotocol] | None, server: Server, person: Person
) -> None:
    for query in ("", f"?token={person.token}", f"?access_token={person.token}"):
        must_refuse(refused(server, f"/places{query}", subprotocols=subprotocols), 401)


def test_a_session_that_has_ended_opens_no_socket(server: Server) -> None:
    account = Account(server)
    account.register()
    token = account.token()
    assert server.send("POST", f"{API}/auth/logout", token=token).status == 204
    must_refuse(refused(server, "/places", token), 401)


def test_sockets_of_administrators_are_for_them(
    probed: Project, server: Server, person: Person
) -> None:
    must_refuse(refused(server, "/admin", person.token), 403)
    with opened(server, "/admin", make_admin(probed, server).token()) as socket:
        assert socket.subprotocol == "bearer"


def test_a_socket_gets_no_session_of_a_request(server: Server, person: Person) -> None:
    for query in ("", "?add=true"):
        must_refuse(refused(server, f"/session{query}", person.token), 500)
    server.wait_for("a WebSocket has no DbSession: use `resources.database.transaction()`")


def test_handshakes_are_counted(server: Server) -> None:
    wait_for_window()
    for _ in range(2):
        with opened(server, "/limited") as socket:
            assert socket.subprotocol is None
    must_refuse(refused(server, "/limited"), 429)


def test_a_path_without_a_socket_is_not_found(server: Server, person: Person) -> None:
    must_refuse(refused(server, "/nowhere", person.token), 404)


def test_sockets_are_logged_without_their_tokens(server: Server, person: Person) -> None:
    headers = {"X-Request-ID": "socket-of-a-test"}
    with opened(server, "/places", person.token, additional_headers=headers) as socket:
        socket.send("logged")
        assert json.loads(socket.recv())["request_id"] == "socket-of-a-test"
    must_refuse(refused(server, "/places?token=in-the-query"), 401)

    server.wait_for('"request_id": "socket-of-a-test"')
    assert person.token not in server.output
    assert "in-the-query" not in server.output
