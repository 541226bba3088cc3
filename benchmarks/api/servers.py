"""Servers to measure, each with an account that is logged in and owns the same number of rows."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
POSTGRES = os.environ.get("FASTGEN_BENCHMARK_POSTGRES", "postgresql://postgres@127.0.0.1:5432")
# What the other template calls an item, so that both answer with the same.
ITEM = ("item", "title:str:255:min=1", "description:str:255:optional")
BODY = {"title": "Lamp", "description": "light, home"}
PASSWORD = "correct horse battery"  # noqa: S105 - of an account that is made here
EMAIL = "bench@example.com"
KEY = "for-benchmarks-only-Zx19-vB72-qL04-mN58-tR63"
ROWS = 200
START_SECONDS = 60
# As many as the other template opens: a pool of 5 that overflows by 10.
CONNECTIONS = "15"
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Target:
    """A server to load: its process, its port, and requests that it answers."""

    name: str
    process: int
    port: int
    header: str
    items: str
    ids: Sequence[int | str]
    app: str = ""
    environment: dict[str, str] = field(default_factory=dict)
    # What has a list count its rows; the other template always does.
    counted: str = "&total=true"

    def operations(self) -> dict[str, list[str]]:
        """Return the arguments of `load.py` for each operation."""
        path = self.items.rstrip("/")
        return {
            "one row": [arg for row in self.ids for arg in ("--path", f"{path}/{row}")],
            "list of 50": ["--path", f"{self.items}?limit=50"],
            "with total": ["--path", f"{self.items}?limit=50{self.counted}"],
            "create": [
                *("--method", "POST", "--path", self.items),
                *("--body", json.dumps(BODY)),
            ],
        }

    def processor_seconds(self) -> float:
        """Return what the process has used so far (Linux)."""
        fields = Path(f"/proc/{self.process}/stat").read_text("utf-8").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS


def make_project(folder: Path, database: str = "postgresql", item: Sequence[str] = ITEM) -> Path:
    """Generate a project with the slice of `item`, installed."""
    fastgen = str(Path(sys.executable).parent / "fastgen")
    project = folder / "bench"
    # Without mail: its outbox is looked through every few seconds, whatever is asked meanwhile.
    _quietly(
        fastgen, "new", "bench", "--database", database, "--no-mail", "--yes", "--no-git",
        "--output", str(project),
    )  # fmt: skip
    _quietly(fastgen, "add", "resource", *item, cwd=project)
    return project


@contextmanager
def ours_and_limit(project: Path) -> Iterator[list[Target]]:
    """Serve a generated project, and the limit on the same database."""
    python = project / ".venv" / "bin" / "python"
    with database(python) as url:
        environment = {
            "DATABASE_URL": url, "SECRET_KEY": KEY, "ENVIRONMENT": "production",
            "MAIL_BACKEND": "off", "DEBUG": "false", "PYTHONPATH": f"{project / 'src'}:{HERE}",
            "DATABASE_POOL_SIZE": CONNECTIONS,
        }  # fmt: skip
        migrate(python, project, environment)
        with (
            serving(python, "app.main:app", project, environment) as (process, port),
            serving(python, "limit:app", HERE, environment) as (limit, limit_port),
        ):
            ask(port, "POST", "/api/v1/users", {"email": EMAIL, "password": PASSWORD})
            token = log_in(port, "/api/v1/auth/token")
            items = "/api/v1/items"
            ids = [make(port, items, BODY, token) for _ in range(ROWS)]
            header = f"Authorization: Bearer {token}"
            shared = (header, items, ids)
            yield [
                Target("limit", limit, limit_port, *shared, "limit:app", environment),
                Target("generated", process, port, *shared, "app.main:app", environment),
            ]


@contextmanager
def full_stack(backend: Path, python: Path) -> Iterator[Target]:
    """Serve `backend/` of fastapi/full-stack-fastapi-template with the packages of its lock."""
    with database(python) as url:
        environment = {
            "DATABASE_URL": url.replace("+asyncpg", ""), "SECRET_KEY": KEY, "PROJECT_NAME": "other",
            "FIRST_SUPERUSER": "admin@example.com", "FIRST_SUPERUSER_PASSWORD": PASSWORD,
            "PYTHONPATH": str(backend),
        }  # fmt: skip
        migrate(python, backend, environment)
        with serving(python, "app.main:app", backend, environment) as (process, port):
            account = {"email": EMAIL, "password": PASSWORD}
            ask(port, "POST", "/api/v1/users/signup", account)
            token = log_in(port, "/api/v1/login/access-token")
            items = "/api/v1/items/"
            ids = [make(port, items, BODY, token) for _ in range(ROWS)]
            header = f"Authorization: Bearer {token}"
            yield Target("full-stack", process, port, header, items, ids, counted="")


@contextmanager
def database(python: Path) -> Iterator[str]:
    """Make a database and drop it at the end; `python` has asyncpg or psycopg."""
    name = f"fastgen_bench_{os.urandom(4).hex()}"
    execute(python, f'CREATE DATABASE "{name}"')
    try:
        yield f"{POSTGRES.replace('postgresql://', 'postgresql+asyncpg://')}/{name}"
    finally:
        execute(python, f'DROP DATABASE "{name}" WITH (FORCE)')


def execute(python: Path, statement: str) -> None:
    """Execute a statement outside of transactions."""
    code = (
        "import asyncio, sys\n"
        "async def main(asyncpg):\n"
        "    connection = await asyncpg.connect(sys.argv[1])\n"
        "    await connection.execute(sys.argv[2])\n"
        "try:\n"
        "    import asyncpg\n"
        "except ImportError:\n"
        "    import psycopg\n"
        "    psycopg.connect(sys.argv[1], autocommit=True).execute(sys.argv[2])\n"
        "else:\n"
        "    asyncio.run(main(asyncpg))\n"
    )
    subprocess.run([python, "-c", code, f"{POSTGRES}/postgres", statement], check=True)


@contextmanager
def serving(
    python: Path, app: str, cwd: Path, environment: dict[str, str], core: int = 0
) -> Iterator[tuple[int, int]]:
    """Run one uvicorn worker on one core, and yield its process and port."""
    port = free_port()
    command = [
        "taskset", "--cpu-list", str(core), str(python), "-m", "uvicorn", app, "--port", str(port),
        "--no-access-log", "--log-level", "warning", "--no-server-header",
    ]  # fmt: skip
    inherited = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    process = subprocess.Popen(
        command, cwd=cwd, env={**inherited, **environment},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        wait_for(port, process)
        yield process.pid, port
    finally:
        process.terminate()
        process.wait(START_SECONDS)


def free_port() -> int:
    """Return a port of the loopback interface that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    """Wait until `port` takes connections."""
    give_up_at = time.monotonic() + START_SECONDS
    while time.monotonic() < give_up_at:
        if process.poll() is not None:
            sys.exit(f"{process.args!r} ended with {process.returncode}")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    sys.exit(f"nothing listens on {port}")


def ask(port: int, method: str, path: str, body: Any = None, **headers: str) -> Any:
    """Send one request and return its JSON."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode() if body else None
    kind = {"Content-Type": "application/json"} if not isinstance(body, bytes) else {}
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}{path}", data, {**kind, **headers}, method=method
    )
    with urllib.request.urlopen(request) as answer:  # noqa: S310
        return json.load(answer)


def log_in(port: int, path: str, email: str = EMAIL) -> str:
    """Return an access token of the account."""
    form = f"username={email}&password={PASSWORD}".encode()
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    token: str = ask(port, "POST", path, form, **kind)["access_token"]
    return token


def make(port: int, path: str, body: object, token: str) -> int | str:
    """Make a row and return its id."""
    row: int | str = ask(port, "POST", path, body, Authorization=f"Bearer {token}")["id"]
    return row


def migrate(python: Path, project: Path, environment: dict[str, str]) -> None:
    """Make the tables of a project."""
    command = (str(python), "-m", "alembic", "upgrade", "head")
    _quietly(*command, cwd=project, env={**os.environ, **environment})


def _quietly(*command: str, **options: Any) -> None:
    subprocess.run(command, check=True, capture_output=True, **options)
