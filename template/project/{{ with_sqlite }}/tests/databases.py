"""Databases for the tests: files in a folder that pytest removes."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

PREFIX = "sqlite+aiosqlite:///"
UNREACHABLE_URL = f"{PREFIX}/no/such/folder/test.db"


class Databases:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @contextmanager
    def empty(self) -> Iterator[str]:
        """Yield the URL of a database that nothing else uses."""
        file = self._folder / f"{uuid4().hex}.db"
        file.touch()
        yield f"{PREFIX}{file}"

    @contextmanager
    def copy_of(self, url: str) -> Iterator[str]:
        """Yield the URL of a copy; no connection to the original may be open."""
        with self.empty() as copy:
            shutil.copyfile(url.removeprefix(PREFIX), copy.removeprefix(PREFIX))
            yield copy


@contextmanager
def running_databases(folder: Path) -> Iterator[Databases]:
    yield Databases(folder)
