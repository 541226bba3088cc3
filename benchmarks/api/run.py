"""Measures the generated API against its limit, and against another one that runs already.

    uv run python benchmarks/api/run.py [--seconds N] [--rounds N] [--project DIR]
        [--other URL --other-token TOKEN --other-items PATH]

One run, one machine, one PostgreSQL: the limit (bare ASGI and asyncpg with the same checks and
queries) and a generated project with the slice of `fastgen add resource item …`, each one uvicorn
worker on one core, loaded by 20 clients from another core, in turns. It needs a PostgreSQL whose
superuser takes connections (FASTGEN_BENCHMARK_POSTGRES, else postgres on 127.0.0.1:5432), and
uv's index or cache. Exit code 1 when a limit is broken.
"""

import argparse
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

HERE = Path(__file__).resolve().parent
BIN = Path(sys.executable).parent
SERVER = os.environ.get("FASTGEN_BENCHMARK_POSTGRES", "postgresql://postgres@127.0.0.1:5432")
ITEM = (
    "item", "name:str:100:min=1:search", "price:decimal:10,2:gt=0",
    "quantity:int:ge=0:le=10000:default=0", "tags:list:str:max=10:unique",
)  # fmt: skip
BODY = {"name": "Lamp", "price": "9.99", "quantity": 3, "tags": ["light", "home"]}
PASSWORD = "correct horse battery"  # noqa: S105 - of an account that is made here
KEY = "a key for benchmarks only, long enough for HS256"
ROWS = 200
CLIENTS = 20
# Shares of the limit, and p99 / p50, that the project promises.
SHARES = {"one row": 0.30, "list of 50": 0.35}
TAIL = 3.0


@dataclass(frozen=True)
class Target:
    """A server to load: where, with which headers, and where its items are."""

    name: str
    port: int
    header: str
    items: str
    ids: Sequence[int]


def operations(target: Target) -> dict[str, list[str]]:
    """Return the arguments of `load.py` for each operation."""
    return {
        "one row": [arg for row in target.ids for arg in ("--path", f"{target.items}/{row}")],
        "list of 50": ["--path", f"{target.items}?limit=50"],
        "create": ["--method", "POST", "--path", target.items, "--body", json.dumps(BODY)],
    }


def load(python: Path, target: Target, arguments: Sequence[str], seconds: float) -> dict[str, Any]:
    """Load one operation of `target` and return what `load.py` says."""
    command = [
        "taskset", "--cpu-list", "1", str(python), str(HERE / "load.py"),
        "--port", str(target.port), "--header", target.header, "--clients", str(CLIENTS),
        "--seconds", str(seconds), *arguments,
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=seconds + 30)
    result: dict[str, Any] = json.loads(done.stdout)
    wrong = {code: n for code, n in result["statuses"].items() if not code.startswith("2")}
    if wrong:
        sys.exit(f"{target.name} answered {wrong} to {arguments[:4]}")
    return result


def make_project(folder: Path) -> Path:
    """Generate a project with the slice, installed."""
    fastgen = str(BIN / "fastgen")
    project = folder / "bench"
    subprocess.run(
        [fastgen, "new", "bench", "--database", "postgresql", "--yes", "--no-git",
         "--output", str(project)],
        check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    subprocess.run([fastgen, "add", "resource", *ITEM], cwd=project, check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
    return project


@contextmanager
def database(python: Path) -> Iterator[str]:
    """Make a database and drop it at the end."""
    name = f"fastgen_bench_{os.getpid()}"

    def execute(statement: str) -> None:
        code = (
            "import asyncio, asyncpg, sys\n"
            "async def main():\n"
            "    connection = await asyncpg.connect(sys.argv[1])\n"
            "    await connection.execute(sys.argv[2])\n"
            "asyncio.run(main())\n"
        )
        subprocess.run([python, "-c", code, f"{SERVER}/postgres", statement], check=True)

    execute(f'CREATE DATABASE "{name}"')
    try:
        yield f"{SERVER.replace('postgresql://', 'postgresql+asyncpg://')}/{name}"
    finally:
        execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@contextmanager
def serving(python: Path, app: str, cwd: Path, environment: dict[str, str]) -> Iterator[int]:
    """Run one uvicorn worker on the first core, and return its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        "taskset", "--cpu-list", "0", str(python), "-m", "uvicorn", app, "--port", str(port),
        "--no-access-log", "--log-level", "warning", "--no-server-header",
    ]  # fmt: skip
    process = subprocess.Popen(
        command, cwd=cwd, env={**os.environ, **environment},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        wait_for(port, process)
        yield port
    finally:
        process.terminate()
        process.wait(30)


def wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    """Wait until `port` takes connections."""
    for _ in range(300):
        if process.poll() is not None:
            sys.exit(f"{process.args!r} ended with {process.returncode}")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
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


def prepare(port: int) -> tuple[str, list[int]]:
    """Make an account and its rows; return its header and the ids."""
    ask(port, "POST", "/api/v1/users", {"email": "bench@example.com", "password": PASSWORD})
    form = f"username=bench@example.com&password={PASSWORD}".encode()
    token = ask(
        port, "POST", "/api/v1/auth/token", form,
        **{"Content-Type": "application/x-www-form-urlencoded"},
    )["access_token"]  # fmt: skip
    bearer = {"Authorization": f"Bearer {token}"}
    ids = [ask(port, "POST", "/api/v1/items", BODY, **bearer)["id"] for _ in range(ROWS)]
    return f"Authorization: Bearer {token}", ids


def measure(python: Path, targets: Sequence[Target], rounds: int, seconds: float) -> bool:
    """Load all operations of all targets in turns, print the table, tell whether limits hold."""
    kept = True
    print(f"{'':<12}" + "".join(f"{target.name:>34}" for target in targets))
    for name in ("one row", "list of 50", "create"):
        results: dict[str, list[dict[str, Any]]] = {target.name: [] for target in targets}
        for _ in range(rounds):
            for target in targets:
                result = load(python, target, operations(target)[name], seconds)
                results[target.name].append(result)
        rates = {of: median(r["per_second"] for r in found) for of, found in results.items()}
        tails = {
            of: median(r["p99_ms"] / r["p50_ms"] for r in found) for of, found in results.items()
        }
        floor = rates[targets[0].name]
        cells = [
            f"{rates[t.name]:>10.0f}/s {rates[t.name] / floor:>5.0%}  p99/p50 {tails[t.name]:>4.1f}"
            for t in targets
        ]
        print(f"{name:<12}" + "".join(cells))
        kept &= rates["generated"] >= SHARES.get(name, 0) * floor and tails["generated"] <= TAIL
    return kept


def main() -> int:
    """Run the comparison."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--project", type=Path, help="one with the slice, installed")
    parser.add_argument("--other", type=int, metavar="PORT", help="another server on loopback")
    parser.add_argument("--other-token", default="")
    parser.add_argument("--other-items", default="/api/v1/items")
    parser.add_argument("--other-id", action="append", default=[])
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="fastgen-bench-") as folder:
        project = options.project or make_project(Path(folder))
        python = project / ".venv" / "bin" / "python"
        with database(python) as url:
            environment = {
                "DATABASE_URL": url, "SECRET_KEY": KEY, "ENVIRONMENT": "development",
                "DEBUG": "false", "PYTHONPATH": f"{project / 'src'}:{HERE}",
            }  # fmt: skip
            with (
                serving(python, "app.main:app", project, environment) as ours,
                serving(python, "limit:app", HERE, environment) as limit,
            ):
                header, ids = prepare(ours)
                targets = [
                    Target("limit", limit, header, "/api/v1/items", ids),
                    Target("generated", ours, header, "/api/v1/items", ids),
                ]
                if options.other:
                    token = f"Authorization: Bearer {options.other_token}"
                    targets.append(
                        Target("other", options.other, token, options.other_items, options.other_id)
                    )
                return 0 if measure(python, targets, options.rounds, options.seconds) else 1


if __name__ == "__main__":
    sys.exit(main())
