"""Measures how start, memory and requests of a generated project grow with its resources.

    uv run python benchmarks/api/growth.py [--resources 1 10 100] [--rounds N]

On SQLite, one uvicorn worker on one core: the time from its start to its first answer, its memory
after some requests, and the processor time of reading a row of the first and of the last resource.
It needs Linux, and uv's index or cache.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from statistics import median

import servers
from servers import KEY, Target

FIELDS = "name:str:100:min=1:search price:decimal:10,2:gt=0"
REQUESTS = 300
PAGE = os.sysconf("SC_PAGE_SIZE")


def make_project(folder: Path, resources: int) -> Path:
    """Generate a project with so many resources, installed and migrated."""
    fastgen = Path(sys.executable).with_name("fastgen")
    project = folder / f"with-{resources}"
    options = [
        word for n in range(1, resources + 1) for word in ("--resource", f"thing{n} {FIELDS}")
    ]
    subprocess.run(
        [fastgen, "new", f"with-{resources}", "--yes", "--no-git", "--output", project, *options],
        check=True, capture_output=True,
    )  # fmt: skip
    subprocess.run(
        [project / ".venv" / "bin" / "alembic", "upgrade", "head"],
        cwd=project, env={**os.environ, **environment(project)}, check=True, capture_output=True,
    )  # fmt: skip
    return project


def environment(project: Path) -> dict[str, str]:
    """Return the settings of a server that does not migrate."""
    return {
        "SECRET_KEY": KEY, "ENVIRONMENT": "development", "DEBUG": "false",
        "MIGRATE_ON_START": "false", "PYTHONPATH": str(project / "src"),
    }  # fmt: skip


def first_answer(project: Path) -> float:
    """Return the seconds from the start of a server to its first answer."""
    started = time.perf_counter()
    python = project / ".venv" / "bin" / "python"
    with servers.serving(python, "app.main:app", project, environment(project)) as (_, port):
        urllib.request.urlopen(f"http://127.0.0.1:{port}/health").close()
        return time.perf_counter() - started


def processor_us(target: Target, path: str) -> float:
    """Return the microseconds of processor time that one request takes."""
    header = dict([target.header.split(": ")])
    before = target.processor_seconds()
    for _ in range(REQUESTS):
        servers.ask(target.port, "GET", path, **header)
    return (target.processor_seconds() - before) / REQUESTS * 1e6


def measure(project: Path, resources: int, rounds: int) -> str:
    """Return the line of the table for a project."""
    starts = [first_answer(project) for _ in range(rounds)]
    python = project / ".venv" / "bin" / "python"
    with servers.serving(python, "app.main:app", project, environment(project)) as (pid, port):
        account = {"email": servers.EMAIL, "password": servers.PASSWORD}
        servers.ask(port, "POST", "/api/v1/users", account)
        token = servers.log_in(port, "/api/v1/auth/token")
        target = Target("", pid, port, f"Authorization: Bearer {token}", "", [])
        body = {"name": "Lamp", "price": "9.99"}
        paths = []
        for number in (1, resources):
            items = f"/api/v1/thing{number}s"
            paths.append(f"{items}/{servers.make(port, items, body, token)}")
        used = [median(processor_us(target, path) for _ in range(rounds)) for path in paths]
        resident = int(Path(f"/proc/{pid}/statm").read_text("utf-8").split()[1]) * PAGE
    return (
        f"{resources:>9} {min(starts):>12.2f} s {resident / 1e6:>8.0f} MB"
        f" {used[0]:>12.0f} us {used[1]:>10.0f} us"
    )


def main() -> None:
    """Print a line for each number of resources."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--resources", type=int, nargs="+", default=[1, 10, 100])
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    print(f"{'resources':>9} {'first answer':>14} {'memory':>11} {'first':>15} {'last':>13}")
    with tempfile.TemporaryDirectory(prefix="fastgen-growth-") as folder:
        for number in options.resources:
            project = make_project(Path(folder), number)
            print(measure(project, number, options.rounds), flush=True)


if __name__ == "__main__":
    main()
