"""Measures several gunicorns behind one proxy, as pods of one process each are.

    uv run python benchmarks/api/replicas.py [--processes 1,2,4] [--seconds N] [--rounds N]
        [--project DIR]

Each has one worker and a pool of 5 connections; 20 clients keep their connections to the proxy,
which hands them out in turn. Servers, proxy, clients and PostgreSQL share all cores of the machine:
the figures show what is gained until the cores are full, not what more machines would add. It needs
Linux, a PostgreSQL whose superuser takes connections (FASTGEN_BENCHMARK_POSTGRES, else postgres on
127.0.0.1:5432), and uv's index or cache.

All servers run at once and are loaded in turns. Each line: the number of processes; for each
operation requests per second, p50 and p99 in milliseconds and processor time of the servers for a
request (medians of the rounds); connections to the database; the memory of a gunicorn with its
worker, shared pages divided among them.
"""

import argparse
import asyncio
import itertools
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median
from typing import Any, cast

import servers
from servers import BODY, HERE, ROWS, Target

CLIENTS = 20
POOL = 5
# By which its connections are found.
NAME = f"%d of {os.getpid()}"
KEYS = ("per_second", "p50_ms", "p99_ms", "us")
OPERATIONS = ("one row", "create")
ITEMS = "/api/v1/items"
PSS = re.compile(r"^Pss: +(\d+)", re.MULTILINE)
COUNT = """
import asyncio, sys, asyncpg
async def main(url, name):
    connection = await asyncpg.connect(url)
    print(await connection.fetchval(
        "SELECT count(*) FROM pg_stat_activity WHERE application_name = $1", name))
asyncio.run(main(*sys.argv[1:]))
"""


class Pipe(asyncio.Protocol):
    """One end of a connection through the proxy; what it reads goes to the other end."""

    def __init__(self, ports: Iterator[int] | None = None, other: "Pipe | None" = None) -> None:
        """Take a client's end, which connects to the next of `ports`, or the end of a server."""
        self.ports, self.other = ports, other
        self.waiting = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Connect a client to a server."""
        # uvloop's transports are of no class of asyncio's.
        self.transport = cast("asyncio.Transport", transport)
        if self.ports:
            self.connecting = asyncio.ensure_future(self.connect(next(self.ports)))

    async def connect(self, port: int) -> None:
        """Open the other end, and send it what has arrived meanwhile."""
        loop = asyncio.get_running_loop()
        _, other = await loop.create_connection(lambda: Pipe(other=self), "127.0.0.1", port)
        other.transport.write(self.waiting)
        self.other = other

    def data_received(self, data: bytes) -> None:
        """Pass it on."""
        if self.other:
            self.other.transport.write(data)
        else:
            self.waiting += data

    def connection_lost(self, _error: Exception | None) -> None:
        """Close the other end as well."""
        if self.other:
            self.other.transport.close()


async def proxy(port: int, backends: Sequence[int]) -> None:
    """Hand out connections to `port` to the ports `backends` in turn, until it is killed."""
    turns = itertools.cycle(backends)
    server = await asyncio.get_running_loop().create_server(lambda: Pipe(turns), "127.0.0.1", port)
    await server.serve_forever()


@contextmanager
def started(command: Sequence[str], port: int, cwd: Path, env: dict[str, str]) -> Iterator[int]:
    """Run a server that listens on `port`, and yield its process."""
    process = subprocess.Popen(
        command, cwd=cwd, env={**os.environ, **env},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        servers.wait_for(port, process)
        yield process.pid
    finally:
        process.terminate()
        process.wait(servers.START_SECONDS)


@contextmanager
def replicas(project: Path, env: dict[str, str], processes: int) -> Iterator[tuple[int, list[int]]]:
    """Serve the project by this many gunicorns; yield the proxy's port and their processes."""
    python = project / ".venv" / "bin" / "python"
    with ExitStack() as stack:
        ports = [servers.free_port() for _ in range(processes + 1)]
        gunicorns = [
            stack.enter_context(
                started(
                    [str(python), "-m", "gunicorn"], port, project,
                    env | {"BIND": f"127.0.0.1:{port}"},
                )
            )
            for port in ports[1:]
        ]  # fmt: skip
        command = [str(python), str(Path(__file__)), "--proxy", ",".join(map(str, ports))]
        stack.enter_context(started(command, ports[0], HERE, {}))
        for port in ports[1:]:
            servers.ask(port, "GET", "/ready")
        yield ports[0], gunicorns


def load(port: int, arguments: Sequence[str], seconds: float) -> dict[str, Any]:
    """Load one operation through the proxy and return what `load.py` found."""
    done = subprocess.run(
        [
            sys.executable, str(HERE / "load.py"), "--port", str(port),
            "--clients", str(CLIENTS), "--seconds", str(seconds), *arguments,
        ],
        capture_output=True, text=True, check=True, timeout=seconds + 30,
    )  # fmt: skip
    found: dict[str, Any] = json.loads(done.stdout)
    if wrong := {code: n for code, n in found["statuses"].items() if code[0] != "2"}:
        sys.exit(f"answered {wrong}")
    return found


def family(process: int) -> list[int]:
    """Return a process and its children."""
    children = Path(f"/proc/{process}/task/{process}/children").read_text("ascii").split()
    return [process, *map(int, children)]


def memory_mib(process: int) -> float:
    """Return the memory of a process and its children, shared pages divided among them."""
    texts = [Path(f"/proc/{pid}/smaps_rollup").read_text("ascii") for pid in family(process)]
    return sum(int(PSS.findall(text)[0]) for text in texts) / 1024


def connections(python: Path, app_name: str) -> int:
    """Return how many connections an app of this name has to the database."""
    command = [str(python), "-c", COUNT, servers.POSTGRES, app_name]
    return int(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def figures(sets: Mapping[int, Sequence[Target]], rounds: int, seconds: float) -> dict[int, str]:
    """Load each operation of each set of gunicorns in turns, and return what is printed of it."""
    text = dict.fromkeys(sets, "")
    for operation in OPERATIONS:
        runs: dict[int, list[dict[str, float]]] = {count: [] for count in sets}
        for _ in range(rounds):
            for count, gunicorns in sets.items():
                arguments = ["--header", gunicorns[0].header, *gunicorns[0].operations()[operation]]
                before = sum(each.processor_seconds() for each in gunicorns)
                found = load(gunicorns[0].port, arguments, seconds)
                used = sum(each.processor_seconds() for each in gunicorns) - before
                found["us"] = used / sum(found.pop("statuses").values()) * 1e6
                runs[count].append(found)
        for count, found_of in runs.items():
            rate, p50, p99, us = (median(run[key] for run in found_of) for key in KEYS)
            text[count] += f"  {operation}: {rate:>5.0f}/s {p50:>6.1f} {p99:>6.1f} ms {us:>5.0f} us"
    return text


def measure(project: Path, counts: Sequence[int], rounds: int, seconds: float) -> None:
    """Print a line for each number of processes, all on one database with the same rows."""
    python = project / ".venv" / "bin" / "python"
    with ExitStack() as stack:
        url = stack.enter_context(servers.database(python))
        env = {
            "DATABASE_URL": url, "SECRET_KEY": servers.KEY, "ENVIRONMENT": "production",
            "DEBUG": "false", "WEB_CONCURRENCY": "1", "DATABASE_POOL_SIZE": str(POOL),
        }  # fmt: skip
        servers.migrate(python, project, env)
        started_sets = {
            count: stack.enter_context(replicas(project, env | {"APP_NAME": NAME % count}, count))
            for count in counts
        }
        port = started_sets[counts[0]][0]
        account = {"email": servers.EMAIL, "password": servers.PASSWORD}
        servers.ask(port, "POST", "/api/v1/users", account)
        token = servers.log_in(port, "/api/v1/auth/token")
        ids = [servers.make(port, ITEMS, BODY, token) for _ in range(ROWS)]
        header = f"Authorization: Bearer {token}"
        sets = {
            count: [
                Target("gunicorn", process, port, header, ITEMS, ids)
                for gunicorn in gunicorns
                for process in family(gunicorn)
            ]
            for count, (port, gunicorns) in started_sets.items()
        }
        for count, text in figures(sets, rounds, seconds).items():
            print(
                f"{count} processes{text}  connections: {connections(python, NAME % count)}"
                f"  memory: {memory_mib(started_sets[count][1][0]):.0f} MiB"
            )


def main() -> int:
    """Run the measurement, or the proxy that it starts."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--processes", default="1,2,4")
    parser.add_argument("--seconds", type=float, default=4)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--project", type=Path, help="one with the slice, installed")
    parser.add_argument("--proxy", metavar="PORTS", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.proxy:
        import uvloop  # noqa: PLC0415

        port, *backends = map(int, options.proxy.split(","))
        uvloop.run(proxy(port, backends))
    print(f"{os.cpu_count()} cores, {CLIENTS} clients, one worker and a pool of {POOL} each")
    with tempfile.TemporaryDirectory(prefix="fastgen-bench-") as folder:
        project = options.project or servers.make_project(Path(folder))
        counts = [int(count) for count in options.processes.split(",")]
        measure(project, counts, options.rounds, options.seconds)
    return 0


if __name__ == "__main__":
    sys.exit(main())
