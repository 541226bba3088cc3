"""Databases for the tests, on a real PostgreSQL."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from sqlalchemy import make_url

from postgres import create_database, drop_database, postgres_server

UNREACHABLE_URL = "postgresql+asyncpg://nobody@127.0.0.1:1/test"


class Databases:
    def __init__(self, server_url: str) -> None:
        self._server_url = server_url

    @contextmanager
    def empty(self) -> Iterator[str]:
        """Yield the URL of a database that nothing else uses."""
        with self._temporary() as url:
            yield url

    @contextmanager
    def copy_of(self, url: str) -> Iterator[str]:
        """Yield the URL of a copy; no connection to the original may be open."""
        with self._temporary(template=make_url(url).database) as copy:
            yield copy

    @contextmanager
    def _temporary(self, template: str | None = None) -> Iterator[str]:
        name = f"test_{uuid4().hex}"
        try:
            yield asyncio.run(create_database(self._server_url, name, template))
        finally:
            asyncio.run(drop_database(self._server_url, name))


@contextmanager
def running_databases(_folder: Path) -> Iterator[Databases]:
    with postgres_server() as server_url:
        yield Databases(server_url)
