"""A server behind proxies that can fail, and what is expected of it while they do."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from generated.projects import Project
from generated.proxy import Proxy, proxied
from generated.server import Answer, Server, running
from generated.service import GUNICORN, Account, production
from generated.shop import Person
from generated.sql import SQLITE

WORKERS = 2
DATABASE_SECONDS = 2
READY_SECONDS = 2
AFTERWARDS = 50
# Waiting for the database, for closing a connection that hangs, and for the machine.
LONGEST_SECONDS = DATABASE_SECONDS + 2 + 4
# Of what must be fast; readiness has a limit of its own and half a second for the machine.
SOON = 1
SPARE = 0.5


@dataclass(frozen=True)
class Site:
    """A server, what is between it and others, and somebody who uses it."""

    server: Server
    database_url: str
    _database: Proxy | None
    redis: Proxy
    person: Person
    account: Account

    @property
    def database(self) -> Proxy:
        """What is between the server and PostgreSQL."""
        assert self._database
        return self._database

    def ask(self) -> list[Answer]:
        """Read, write and log in at once; all of it needs the database."""
        with ThreadPoolExecutor() as pool:
            asked = [
                pool.submit(self.person.send, "GET", "/places"),
                pool.submit(self.person.send, "POST", "/places", {"name": "Oulu"}),
                pool.submit(self.account.log_in),
            ]
            return [each.result() for each in asked]


@contextmanager
def opened(project: Project, database_url: str, redis_url: str, folder: Path) -> Iterator[Site]:
    """Serve the project with proxies between it and its database and Redis."""
    env = production(database_url) | {
        "WEB_CONCURRENCY": str(WORKERS),
        "DATABASE_TIMEOUT_SECONDS": str(DATABASE_SECONDS),
    }
    project.python("-m", "alembic", "upgrade", "head", env=env).must_succeed()
    with ExitStack() as stack:
        redis = stack.enter_context(proxied(redis_url))
        env["REDIS_URL"] = redis.url
        database = None
        if not database_url.startswith(SQLITE):
            database = stack.enter_context(proxied(database_url))
            env["DATABASE_URL"] = database.url
        server = stack.enter_context(running(project, folder, *GUNICORN, env=env, forked=True))
        server.wait("/ready")
        account = Account(server)
        account.register()
        yield Site(server, database_url, database, redis, Person(server, account), account)


def timed(send: Callable[[], Answer], limit: float) -> Answer:
    """Return the answer, which must come within so many seconds."""
    began = time.monotonic()
    answer = send()
    assert time.monotonic() - began < limit, answer
    return answer


def assert_unavailable(answer: Answer) -> None:
    """The client is told, in the one shape of errors, and when to come back."""
    assert answer.status == 503, answer
    assert int(answer.headers["retry-after"]) > 0
    assert answer.json["error_code"] == "SERVICE_UNAVAILABLE"
    assert set(answer.json) == {"detail", "error_code", "request_id", "errors"}


def assert_alive_but_not_ready(site: Site) -> None:
    """Supervisors let the server live, and send it no requests."""
    for _ in range(WORKERS):
        assert timed(lambda: site.server.send("GET", "/health"), SOON).status == 200
        assert_unavailable(timed(lambda: site.server.send("GET", "/ready"), READY_SECONDS + SPARE))


def assert_all_is_well(site: Site) -> None:
    """Not one error in the next requests, each on a connection of its own."""
    for _ in range(AFTERWARDS):
        assert site.person.send("GET", "/places").status == 200
    for _ in range(AFTERWARDS // 10):
        answers = site.ask()
        assert [answer.status for answer in answers] == [200, 201, 200], answers
        assert site.server.send("GET", "/ready").status == 200
    # Nobody had to start anything again.
    assert len(site.server.workers()) == site.server.output.count("Booting worker") == WORKERS
