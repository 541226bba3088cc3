"""Measures whether a page costs the same however long the list is, and however far into it.

    uv run python benchmarks/api/pages.py [--database sqlite] [--rounds N] [--project DIR]

One run, one table: three users have 1 000, 100 000 and 1 000 000 rows, a fourth a tenth as many.
Their lists are measured in turns. Each cell: milliseconds of processor time for a request, of the
app and of the database, the least of the rounds. On SQLite the database's share is that of the
threads it runs in; PostgreSQL must run on this machine. It needs Linux, and what `run.py` needs.
Exit code 1 when a limit is exceeded.

A filter with another order is limited in milliseconds of the database, for values of 1 % of the
rows: what rarer ones cost is bounded by the time limit of a statement.
"""

import argparse
import http.client
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import servers
from servers import HERE, KEY

FIELDS = (
    *("item", "name:str:100:search", "price:decimal:10,2:sort:filter"),
    *("status:enum:rare,most:sort:filter", "due:datetime:optional:sort"),
)
# The rows of each user whose lists are measured.
SIZES = (1_000, 100_000, 1_000_000)
# The page that is measured beside the first one; of shorter lists the last.
FAR = 1_000
REQUESTS, WARM_UP = 100, 20
ITEMS = "/api/v1/items"
EMAILS = [f"user{number}@example.com" for number in range(1, len(SIZES) + 2)]


@dataclass(frozen=True)
class Listing:
    """A list, and what a page of a million rows may cost."""

    query: str
    times: float = float("inf")  # what page 1 of a thousand rows costs
    database_ms: float = float("inf")


# Nearly all rows have one status.
SORTS = ("created_at", "-created_at", "price", "-price", "due", "-due", "status", "-status")
LISTINGS = (
    *(Listing(f"limit=50&sort={sort}", times=1.5) for sort in SORTS),
    Listing("limit=50&status=most&sort=status", times=1.5),
    # Of a thousand rows there are ten.
    Listing("limit=10&status=rare", times=1.5),
    Listing("limit=10&status=rare&sort=price", database_ms=20),
    Listing("limit=10&status=rare&sort=-due", database_ms=20),
    # Of the first one, half of the rows are left.
    *(
        Listing(f"limit=10&price_min=500&{rest}", database_ms=20)
        for rest in ("price_max=1000", "price_max=510", "price_max=510&sort=-due")
    ),
    Listing("limit=50&total=true", database_ms=20),
)
SEARCHES = tuple(
    # In each row, in 1 % of them, in a few.
    Listing(f"limit=10&search={text}", times=20)
    for text in ("lamp", "amber", "ab12")
)


@dataclass(frozen=True)
class Cost:
    """Milliseconds of processor time for a request."""

    app: float
    database: float

    @property
    def whole(self) -> float:
        """Both together."""
        return self.app + self.database

    def __str__(self) -> str:
        """Write it as a cell of the table."""
        return f"{self.app:.2f} + {self.database:.2f}"


@dataclass(frozen=True)
class Server:
    """A generated project that runs."""

    port: int
    # The folders in /proc of what the app runs in, and of what the database runs in.
    tasks: Callable[[], tuple[list[Path], list[Path]]]

    def used(self) -> tuple[float, float]:
        """Return the milliseconds of processor time that app and database have used so far."""
        return tuple(  # type: ignore[return-value]
            sum(int((task / "schedstat").read_text("utf-8").split()[0]) for task in tasks) / 1e6
            for tasks in self.tasks()
        )


class Reader:
    """A user who reads a list, on one connection."""

    def __init__(self, server: Server, email: str) -> None:
        """Log in."""
        self._server = server
        token = servers.log_in(server.port, "/api/v1/auth/token", email)
        self._headers = {"Authorization": f"Bearer {token}"}
        self._connection = http.client.HTTPConnection("127.0.0.1", server.port)

    def get(self, query: str) -> Any:
        """Read a page."""
        self._connection.request("GET", f"{ITEMS}?{query}", headers=self._headers)
        answer = self._connection.getresponse()
        if answer.status != http.HTTPStatus.OK:
            sys.exit(f"{query} was answered with {answer.status}: {answer.read()!r}")
        return json.load(answer)

    def cost(self, query: str) -> Cost:
        """Return what a request of a page takes."""
        for _ in range(WARM_UP):
            self.get(query)
        before = self._server.used()
        for _ in range(REQUESTS):
            self.get(query)
        after = self._server.used()
        # The server would, before it is this reader's turn again.
        self._connection.close()
        return Cost(*((b - a) / REQUESTS for a, b in zip(before, after, strict=True)))

    def far(self, query: str) -> str:
        """Walk to a page far into a list, and return its query."""
        page = query
        for _ in range(FAR - 1):
            following = self.get(page)["next"]
            if following is None:
                break
            page = f"{query}&cursor={following}"
        self._connection.close()
        return page


def threads(process: int) -> list[Path]:
    """Return the folders of the threads of a process, its main one first."""
    return sorted(Path(f"/proc/{process}/task").iterdir(), key=lambda task: int(task.name))


def backends(database: str) -> list[Path]:
    """Return the folders of PostgreSQL's processes that serve a database: their titles name it."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            title = (process / "cmdline").read_bytes()
        except OSError:
            continue
        if title.startswith(b"postgres:") and database.encode() in title:
            found.append(process)
    return found


@contextmanager
def served(project: Path, url: str) -> Iterator[Server]:
    """Serve the project on an empty database, which is filled."""
    python = project / ".venv" / "bin" / "python"
    environment = {
        "DATABASE_URL": url, "SECRET_KEY": KEY, "ENVIRONMENT": "development", "DEBUG": "false",
        "MIGRATE_ON_START": "false", "PYTHONPATH": str(project / "src"),
    }  # fmt: skip
    servers.migrate(python, project, environment)
    with servers.serving(python, "app.main:app", project, environment) as (process, port):
        for email in EMAILS:
            account = {"email": email, "password": servers.PASSWORD}
            servers.ask(port, "POST", "/api/v1/users", account)
        subprocess.run(
            [python, HERE / "rows.py", *map(str, (*SIZES, sum(SIZES) // 10))],
            cwd=project, env={**os.environ, **environment}, check=True,
        )  # fmt: skip

        def tasks() -> tuple[list[Path], list[Path]]:
            main, *others = threads(process)
            if url.startswith("sqlite"):
                return [main], others
            return [main, *others], backends(url.rpartition("/")[2])

        yield Server(port, tasks)


def measure(server: Server, listing: Listing, rounds: int) -> list[Cost]:
    """Return the costs of page 1 for each user, and of a page far into the longest list."""
    readers = [Reader(server, email) for email in EMAILS[: len(SIZES)]]
    pages = [(reader, listing.query) for reader in readers]
    pages.append((readers[-1], readers[-1].far(listing.query)))
    costs = [[reader.cost(query) for reader, query in pages] for _ in range(rounds)]
    return [min(found, key=lambda cost: cost.whole) for found in zip(*costs, strict=True)]


def exceeded(listing: Listing, costs: Sequence[Cost]) -> bool:
    """Tell whether pages of a million rows cost more than they may."""
    return any(
        cost.whole > listing.times * costs[0].whole or cost.database > listing.database_ms
        for cost in costs[-2:]
    )


def line(listing: Listing, costs: Sequence[Cost]) -> str:
    """Write what pages of a list cost, and the limit."""
    cells = "".join(f"{cost!s:>14}" for cost in costs)
    worst = max(cost.whole for cost in costs[-2:]) / costs[0].whole
    limit = f"{listing.times} x" if listing.times < float("inf") else f"{listing.database_ms} ms"
    mark = "OVER" if exceeded(listing, costs) else "ok"
    return f"{listing.query:<38}{cells}{worst:>7.2f} x  {mark}, at most {limit}"


def main() -> int:
    """Print a line for each list, and return the exit code."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--database", choices=("postgresql", "sqlite"), default="postgresql")
    parser.add_argument("--project", type=Path, help="one with the slice, installed")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    listings = LISTINGS if options.database == "sqlite" else LISTINGS + SEARCHES
    kept = True
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="fastgen-bench-")))
        project = options.project or servers.make_project(folder, options.database, FIELDS)
        if options.database == "sqlite":
            url = f"sqlite+aiosqlite:///{folder}/pages.db"
        else:
            url = stack.enter_context(servers.database(project / ".venv" / "bin" / "python"))
        server = stack.enter_context(served(project, url))
        heads = [*(f"{size:,}".replace(",", " ") for size in SIZES), f"page {FAR}"]
        print(f"{'app + database, ms':<38}" + "".join(f"{head:>14}" for head in heads))
        for listing in listings:
            costs = measure(server, listing, options.rounds)
            print(line(listing, costs), flush=True)
            kept &= not exceeded(listing, costs)
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
