"""Promise 10: while many log in at once, other requests are answered, and memory is bounded."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from generated.projects import Project
from generated.server import Client, Server, migrated, resident_mib
from generated.service import GUNICORN, Account, production
from generated.services import NewDatabase

pytestmark = [pytest.mark.slow, pytest.mark.by_day("sqlite")]

PEOPLE = 20
WORKERS = 2
MEASUREMENTS = 5
IDLE_SECONDS = 2
LONGEST_SECONDS = 0.1
# Two hashes of 64 MiB at a time in each worker, and as much again for all else that grows.
GROWTH_MIB = 2 * 2 * 64


@pytest.fixture(scope="module")
def hashing(
    shop: Project, new_database: NewDatabase, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """A server in production, with the costs of hashing that are the defaults."""
    with new_database() as url:
        env = production(url, hashing={}) | {"WEB_CONCURRENCY": str(WORKERS)}
        with migrated(shop, tmp_path_factory.mktemp("logs"), *GUNICORN, env=env) as server:
            yield server


@pytest.fixture(scope="module")
def people(hashing: Server) -> list[Account]:
    accounts = [Account(hashing) for _ in range(PEOPLE)]
    assert {account.register().status for account in accounts} == {201}
    return accounts


class Watcher:
    """Asks for something trivial again and again, and looks at the workers' memory."""

    def __init__(self, server: Server) -> None:
        self._client = Client(server.port)
        self._workers = server.workers()
        self.before = [resident_mib(pid) for pid in self._workers]
        self.growth = 0.0
        self.longest = 0.0

    def look(self) -> None:
        began = time.monotonic()
        assert self._client.send("GET", "/health").status == 200
        self.longest = max(self.longest, time.monotonic() - began)
        now = [resident_mib(pid) for pid in self._workers]
        grown = [after - before for after, before in zip(now, self.before, strict=True)]
        self.growth = max(self.growth, *grown)

    def close(self) -> None:
        self._client.close()


def idle(server: Server) -> float:
    """Return the longest that a trivial request takes while nobody logs in."""
    end = time.monotonic() + IDLE_SECONDS
    with closing(Watcher(server)) as watcher:
        while time.monotonic() < end:
            watcher.look()
    return watcher.longest


def test_logins_at_once_stall_nobody_and_take_bounded_memory(
    hashing: Server, people: list[Account]
) -> None:
    seen, stalls = [], 0.0
    for _ in range(MEASUREMENTS):
        # What other work on this machine does to a request, when nobody logs in.
        stalls = max(stalls, idle(hashing))
        with closing(Watcher(hashing)) as watcher, ThreadPoolExecutor(PEOPLE) as pool:
            logins = [pool.submit(account.log_in) for account in people]
            while not all(login.done() for login in logins):
                watcher.look()
        assert {login.result().status for login in logins} == {200}
        assert watcher.growth < GROWTH_MIB
        seen.append(watcher.longest)
        if watcher.longest < LONGEST_SECONDS + 2 * stalls:
            return
    pytest.fail(f"the longest that a trivial request took while {PEOPLE} logged in: {seen}")
