"""Promise 12: a stop finishes what runs and ends in time; a killed worker loses only its own."""

import json
import os
import signal
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest

from generated.load import LOST, Request, load
from generated.projects import Project
from generated.server import Client, Server, running
from generated.service import GUNICORN, PASSWORD, USERS, production
from generated.shop import API, Person
from generated.sql import connected, locked

pytestmark = pytest.mark.slow

LONGEST_SECONDS = 30
AT_ONCE_SECONDS = 5
CROWD = 50
LARGEST_PAGE = 100
WORKERS = 3
FASTAPI = ("fastapi", "run", "--host", "127.0.0.1", "--port", "{port}")
# uvicorn ends by the signal that it was sent, which is what shells make of it.
STOPPED = {"gunicorn": 0, "fastapi": 128 + signal.SIGTERM}
# What a signal does before the database is asked is the same on each.
ON_SQLITE = pytest.mark.by_day("sqlite")
STOPS = [
    pytest.param(GUNICORN, signal.SIGTERM, id="gunicorn"),
    pytest.param(GUNICORN, signal.SIGINT, id="gunicorn-int", marks=ON_SQLITE),
    pytest.param(GUNICORN, signal.SIGQUIT, id="gunicorn-quit", marks=ON_SQLITE),
    pytest.param(FASTAPI, signal.SIGTERM, id="fastapi", marks=ON_SQLITE),
]


@pytest.fixture
def env(shop: Project, database_url: str) -> dict[str, str]:
    settings = production(database_url) | {"WEB_CONCURRENCY": "1"}
    shop.python("-m", "alembic", "upgrade", "head", env=settings).must_succeed()
    return settings


@contextmanager
def serving(
    project: Project, folder: Path, env: dict[str, str], command: tuple[str, ...] = GUNICORN
) -> Iterator[Server]:
    with running(project, folder, *command, env=env) as server:
        server.wait("/ready")
        yield server


def registration() -> tuple[bytes, bytes]:
    """Return the head of a request and its body."""
    body = json.dumps({"email": "ada@example.com", "password": PASSWORD}).encode()
    head = (
        f"POST {USERS} HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode(), body


def begin(server: Server, sent: bytes) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", server.port), LONGEST_SECONDS * 2)
    connection.sendall(sent)
    return connection


def stop(server: Server, command: str = "gunicorn", sent: signal.Signals = signal.SIGTERM) -> float:
    """Stop as supervisors do, and return how long it took."""
    began = time.monotonic()
    server.process.send_signal(sent)
    assert server.process.wait(LONGEST_SECONDS * 3) == STOPPED[command]
    return time.monotonic() - began


@pytest.mark.parametrize(("command", "sent"), STOPS)
def test_a_running_request_is_finished_and_idle_connections_are_not_waited_for(
    command: tuple[str, ...],
    sent: signal.Signals,
    shop: Project,
    env: dict[str, str],
    tmp_path: Path,
) -> None:
    head, body = registration()
    with serving(shop, tmp_path, env, command) as server, ExitStack() as stack:
        idle = Client(server.port)
        stack.callback(idle.close)
        assert idle.send("GET", "/health").status == 200
        stack.enter_context(begin(server, b"GET /health HTTP/1.1\r\nHost:"))
        asked = stack.enter_context(begin(server, head + body[:10]))
        time.sleep(0.5)  # the app waits for the rest of the body now
        with ThreadPoolExecutor(1) as pool:
            stopped = pool.submit(stop, server, command[0], sent)
            time.sleep(0.5)
            asked.sendall(body[10:])
            answer = b"".join(iter(lambda: asked.recv(4096), b""))
            assert answer.startswith(b"HTTP/1.1 201 "), answer
            assert stopped.result() < AT_ONCE_SECONDS
    assert "Traceback" not in server.output
    assert "SIGKILL" not in server.output


@pytest.mark.parametrize(
    "command",
    [
        pytest.param(GUNICORN, id="gunicorn", marks=pytest.mark.by_day("postgresql")),
        pytest.param(FASTAPI, id="fastapi", marks=ON_SQLITE),
    ],
)
def test_requests_that_are_stuck_are_answered_before_the_end(
    command: tuple[str, ...], shop: Project, env: dict[str, str], tmp_path: Path
) -> None:
    head, body = registration()
    with serving(shop, tmp_path, env, command) as server, ExitStack() as stack:
        write = Request("POST", f"{API}/places", Person(server).token, {"name": "Kotka"})
        sql = stack.enter_context(connected(shop, env["DATABASE_URL"]))
        stack.enter_context(locked(sql, "places"))
        slow = stack.enter_context(begin(server, head + body[:10]))
        pool = stack.enter_context(ThreadPoolExecutor(1))
        crowd = pool.submit(load, server.port, write, clients=CROWD)
        time.sleep(1)
        assert stop(server, command[0]) < LONGEST_SECONDS
        assert {reply.status for reply in crowd.result()} == {503}
        assert slow.recv(4096).startswith(b"HTTP/1.1 408 ")


@pytest.mark.by_day("postgresql")
def test_clients_that_take_nothing_of_their_answers_are_let_go(
    shop: Project, env: dict[str, str], tmp_path: Path
) -> None:
    with (
        serving(shop, tmp_path, env | {"REQUEST_TIMEOUT_SECONDS": "2"}) as server,
        ExitStack() as stack,
    ):
        person = Person(server)
        for _ in range(LARGEST_PAGE):
            assert person.send("POST", "/places", {"name": "Kuopio" * 10}).status == 201
        read = (
            f"GET {API}/places?limit={LARGEST_PAGE} HTTP/1.1\r\nHost: test\r\n"
            f"Authorization: Bearer {person.token}\r\n\r\n"
        ).encode()
        for _ in range(5):
            deaf = stack.enter_context(socket.socket())
            deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
            deaf.connect(("127.0.0.1", server.port))
            deaf.settimeout(0)
            with suppress(BlockingIOError):
                deaf.sendall(read * 500)
        time.sleep(1)
        assert stop(server) < AT_ONCE_SECONDS
    assert "Cancel" not in server.output


@pytest.mark.by_day("postgresql")
def test_a_stop_while_it_starts(shop: Project, database_url: str, tmp_path: Path) -> None:
    env = production(database_url)
    for moment in range(6):
        with running(shop, tmp_path / str(moment), *GUNICORN, env=env) as server:
            time.sleep(moment * 0.4)
            server.process.terminate()
            server.process.wait(LONGEST_SECONDS)
    assert shop.python("-m", "alembic", "upgrade", "head", env=env).code == 0


@pytest.mark.by_day("postgresql")
def test_a_killed_worker_loses_only_its_own_requests(
    shop: Project, env: dict[str, str], tmp_path: Path
) -> None:
    with serving(shop, tmp_path, env | {"WEB_CONCURRENCY": str(WORKERS)}) as server:
        read = Request("GET", f"{API}/places", Person(server).token)
        while server.output.count("Application startup complete") < WORKERS:
            time.sleep(0.1)
        victim, *others = server.workers()
        with ThreadPoolExecutor(2) as pool:
            with paused(victim):
                spared = pool.submit(load, server.port, read, clients=10, seconds=6)
                time.sleep(1)
            with paused(*others):
                struck = pool.submit(load, server.port, read, clients=10, seconds=5)
                time.sleep(1)
            os.kill(victim, signal.SIGKILL)
        assert {reply.status for reply in spared.result()} == {200}
        assert {reply.status for reply in struck.result()} == {200, LOST}
        lost = [reply.client for reply in struck.result() if reply.status == LOST]
        assert sorted(lost) == list(range(10))
        after = server.workers()
        assert len(after) == WORKERS
        assert set(others) < set(after)
        assert {reply.status for reply in load(server.port, read, clients=50)} == {200}
        assert stop(server) < AT_ONCE_SECONDS


@pytest.mark.by_day("sqlite")
def test_workers_end_when_their_master_was_killed(
    shop: Project, env: dict[str, str], tmp_path: Path
) -> None:
    head, body = registration()
    with (
        serving(shop, tmp_path, env | {"WEB_CONCURRENCY": "2"}) as server,
        begin(server, head + body[:10]) as asked,
    ):
        while server.output.count("Application startup complete") < 2:
            time.sleep(0.1)
        workers = server.workers()
        (master,) = {parent(pid) for pid in workers}
        os.kill(master, signal.SIGKILL)
        time.sleep(2)  # they look once a second
        asked.sendall(body[10:])
        answer = b"".join(iter(lambda: asked.recv(4096), b""))
        assert answer.startswith(b"HTTP/1.1 201 "), answer
        give_up_at = time.monotonic() + LONGEST_SECONDS
        while server.workers():
            assert time.monotonic() < give_up_at, server.output
            time.sleep(0.1)
        assert "Gunicorn has gone" in server.output
        # A new master can have the port.
        with socket.create_server(("127.0.0.1", server.port)):
            pass


def parent(pid: int) -> int:
    """Return the process that started another."""
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


@contextmanager
def paused(*workers: int) -> Iterator[None]:
    """Let these processes do nothing: whoever connects meanwhile is taken by the others."""
    for pid in workers:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in workers:
            os.kill(pid, signal.SIGCONT)
