"""Promise 8: what was acknowledged is committed, and what is not committed is not acknowledged."""

import os
import signal
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from generated.projects import Project
from generated.server import Answer, Client, Server, migrated, running
from generated.service import GUNICORN, production
from generated.services import NewDatabase
from generated.shop import API, Person
from generated.sql import Sql, connected, failing_commits

pytestmark = pytest.mark.slow

PLACES = f"{API}/places"
CLIENTS = 4
WRITES = 1000
# Each round is a POST, a PATCH and a DELETE.
ROUNDS = -(-WRITES // CLIENTS // 3)
KILLS = int(os.environ.get("FASTGEN_KILLS", "3"))
# How long people work before the power switch, in requests.
LAST_REQUESTS = (1, 3, 20)


@pytest.fixture(scope="module")
def server(
    shop: Project, new_database: NewDatabase, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """A server of our own: it will complain a lot."""
    with new_database() as url:
        env = production(url)
        with migrated(shop, tmp_path_factory.mktemp("logs"), *GUNICORN, env=env) as server:
            yield server


@pytest.fixture(scope="module")
def writer(server: Server) -> Person:
    return Person(server)


def write_and_look(server: Server, writer: Person, sql: Sql) -> list[str]:
    """Write on one connection, and look at each reply on another; return what was missed."""
    client, misses = Client(server.port), []
    mine = uuid.uuid4().hex

    def write(method: str, path: str, name: str, expected: list[str]) -> Answer:
        answer = client.send(method, path, {"name": name} if name else None, token=writer.token)
        # SQLite gives the id of a row that was deleted to another: names tell which are mine.
        seen = sql(f"SELECT name FROM places WHERE name LIKE '{mine}%'")  # noqa: S608
        if answer.status not in {200, 201, 204} or seen != [[name] for name in expected]:
            misses.append(f"{method} {answer.status}: {seen}, not {expected}")
        return answer

    for number in range(ROUNDS):
        name = f"{mine} {number}"
        place = write("POST", PLACES, name, [name]).json["id"]
        path = f"{PLACES}/{place}"
        write("PATCH", path, f"{name} changed", [f"{name} changed"])
        write("DELETE", path, "", [])
    client.close()
    return misses


def test_others_see_what_was_acknowledged_at_once(
    shop: Project, server: Server, writer: Person
) -> None:
    url = server.environment["DATABASE_URL"]

    def work(_number: int) -> list[str]:
        with connected(shop, url) as sql:
            return write_and_look(server, writer, sql)

    with ThreadPoolExecutor(CLIENTS) as pool:
        assert [miss for misses in pool.map(work, range(CLIENTS)) for miss in misses] == []


# What PostgreSQL may say at a commit: out of luck, a broken constraint, anything else.
@pytest.mark.parametrize(
    ("sqlstate", "status"), [("40001", 503), ("23503", 409), ("23505", 409), ("P0001", 500)]
)
def test_a_commit_that_fails_is_not_acknowledged(
    sqlstate: str, status: int, shop: Project, server: Server, writer: Person
) -> None:
    name = f"before {sqlstate}"
    place = writer.make("/places", {"name": name})["id"]
    with connected(shop, server.environment["DATABASE_URL"]) as sql:
        if sql.on_sqlite:
            status = 409
        with failing_commits(sql, "places", sqlstate):
            answers = [
                writer.send("POST", "/places", {"name": f"never {sqlstate}"}),
                writer.send("PATCH", f"/places/{place}", {"name": f"never {sqlstate}"}),
                writer.send("DELETE", f"/places/{place}"),
            ]
            assert [answer.status for answer in answers] == [status] * 3
            assert all(set(answer.json) >= {"detail", "error_code"} for answer in answers)
        kept = sql(f"SELECT name FROM places WHERE name LIKE '%{sqlstate}'")  # noqa: S608
        assert kept == [[name]]
    # The connections that could not commit are good for the next ones.
    for _ in range(10):
        assert writer.send("PATCH", f"/places/{place}", {"name": "after"}).status == 200


def test_nothing_acknowledged_is_lost_when_all_processes_are_killed(
    shop: Project, database_url: str, tmp_path: Path
) -> None:
    env = production(database_url) | {"WEB_CONCURRENCY": "2"}
    shop.python("-m", "alembic", "upgrade", "head", env=env).must_succeed()
    acknowledged: list[str] = []
    for kill in range(KILLS):
        with running(shop, tmp_path / str(kill), *GUNICORN, env=env) as server:
            server.wait()
            somebody = Person(server)
            client = Client(server.port)
            for number in range(LAST_REQUESTS[kill % len(LAST_REQUESTS)]):
                name = f"{kill}: {number}"
                made = client.send("POST", PLACES, {"name": name}, token=somebody.token)
                assert made.status == 201
                acknowledged.append(name)
            os.killpg(server.process.pid, signal.SIGKILL)
            server.process.wait()
            client.close()
        with connected(shop, database_url) as sql:
            assert [name for (name,) in sql("SELECT name FROM places ORDER BY id")] == acknowledged
