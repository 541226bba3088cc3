import os
import secrets
import shutil
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from uv import find_uv_bin

from .buildah import Buildah
from .compose import Compose
from .container import Container, Image
from .tools import cache_folder, give_up, need_tools, run

TOOLS = ("buildah", "debootstrap", "mount", "nsenter", "setpriv", "unshare")
SOCKET_FOLDERS = (Path("/var/run/postgresql"), Path("/tmp"))
SOCKET = ".s.PGSQL.5432"
MOUNTED = "/mnt"
EXECUTE = """
import asyncio, sys, asyncpg
async def main(url, statement):
    connection = await asyncpg.connect(url)
    await connection.execute(statement)
    await connection.close()
asyncio.run(main(*sys.argv[1:]))
"""
SERVE = """
from postgres import postgres_server
with postgres_server() as url:
    print(url, flush=True)
    input()
"""


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "container: builds and runs the generated image")


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> str:
    value: str = request.param
    return value


@pytest.fixture(scope="session")
def project(database: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project as a user makes it, with its lock."""
    target = tmp_path_factory.mktemp("container") / database
    options = ("--database", database, "--deploy", "docker", "--output", target)
    run(
        *(sys.executable, "-m", "fastgen", "new", "shop-api", *options),
        *("--yes", "--no-git", "--no-install"),
    )
    run(find_uv_bin(), "lock", cwd=target)
    # As a checkout under umask 077 is: COPY keeps modes.
    run("chmod", "-R", "go=", target)
    return target


@pytest.fixture(scope="session")
def compose(project: Path) -> Compose:
    environment = {
        "SECRET_KEY": secrets.token_urlsafe(32),
        "POSTGRES_PASSWORD": "unused",
        "MAIL_BACKEND": "off",
    }
    return Compose.load(project, environment)


@pytest.fixture(scope="session")
def image(project: Path) -> Iterator[Image]:
    """The image that the project's Dockerfile makes, and its files."""
    need_tools(*TOOLS)
    with (
        Buildah.opened(cache_folder()) as buildah,
        buildah.container(project) as (name, container),
    ):
        yield Image(buildah.config(name), Path(buildah("mount", container).strip()))


@pytest.fixture(scope="session")
def postgres(image: Image, project: Path) -> Iterator[Path]:
    """The folder of a PostgreSQL server's socket: of the machine's, else of one started here."""
    for folder in SOCKET_FOLDERS:
        if (folder / SOCKET).is_socket() and _execute(image, folder, "SELECT 1") is None:
            yield folder
            return
    with _started_postgres(project) as folder:
        if refused := _execute(image, folder, "SELECT 1"):
            give_up(f"No PostgreSQL could be used: {refused}")
        yield folder


@pytest.fixture
def container(
    image: Image, compose: Compose, database: str, request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[Container]:
    """The app's service of `compose.yaml`, with an empty database."""
    service = compose.service("app")
    environment = {key: str(value) for key, value in service["environment"].items()}
    environment["WEB_CONCURRENCY"] = "2"
    if database == "sqlite":
        yield Container(image, environment, {_volume(image, tmp_path): "/data"})
        return
    folder = request.getfixturevalue("postgres")
    name = f"test_container_{uuid.uuid4().hex[:12]}"
    assert _execute(image, folder, f'CREATE DATABASE "{name}"') is None
    environment["DATABASE_URL"] = f"postgresql+asyncpg://postgres@/{name}?host={MOUNTED}"
    yield Container(image, environment, {folder: MOUNTED})
    assert _execute(image, folder, f'DROP DATABASE "{name}" WITH (FORCE)') is None


def _volume(image: Image, folder: Path) -> Path:
    """Return a named volume's folder, which begins as the image's own folder does."""
    owner = (image.root / "data").stat()
    volume = folder / "data"
    volume.mkdir()
    shutil.chown(volume, owner.st_uid, owner.st_gid)
    return volume


def _execute(image: Image, folder: Path, statement: str) -> str | None:
    """Execute a statement with the image's own driver; return the complaint, if any."""
    url = f"postgresql://postgres@/postgres?host={MOUNTED}"
    done = Container(image, {}, {folder: MOUNTED}).run("python", "-c", EXECUTE, url, statement)
    return done.stdout if done.returncode else None


@contextmanager
def _started_postgres(project: Path) -> Iterator[Path]:
    """Start the server that the project's own tests use, open to the container's user."""
    with subprocess.Popen(
        [find_uv_bin(), "run", "--project", project, "python", "-c", SERVE],
        env=os.environ | {"PYTHONPATH": str(project / "tests")},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as server:
        assert server.stdin
        assert server.stdout
        url = server.stdout.readline()
        try:
            folder = Path(url.partition("host=")[2].partition("&")[0])
            if not (folder / SOCKET).is_socket():
                give_up("No PostgreSQL: no socket of the machine's, and none could be started.")
            folder.chmod(0o711)
            yield folder
        finally:
            server.stdin.close()
