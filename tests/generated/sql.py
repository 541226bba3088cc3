"""A connection to a generated project's database that the project does not know of."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from generated.projects import Project
from generated.services import DRIVER

SQLITE = "sqlite+aiosqlite:///"

# Runs the statements that are named after the URL in one transaction, and prints rows.
EXECUTE = """
import asyncio, sys
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine
async def main(url, *statements):
    engine = create_async_engine(url)
    async with engine.begin() as connection:
        for statement in statements:
            found = await connection.execute(text(statement))
            if found.returns_rows:
                print([tuple(row) for row in found])
asyncio.run(main(*sys.argv[1:]))
"""
# Several commands of Alembic in one process: to start one takes longer than what each does.
ALEMBIC = """
import sys
from alembic.config import main
for line in sys.argv[1:]:
    main(argv=line.split())
"""
# Each line that comes in is a statement; its rows go out as a line, or its complaint.
POSTGRES_PROGRAM = """
import asyncio, asyncpg, json, sys
async def main(url):
    connection = await asyncpg.connect(url, timeout=10)
    for line in sys.stdin:
        try:
            rows = [list(row) for row in await connection.fetch(json.loads(line))]
            print(json.dumps({"rows": rows}, default=str), flush=True)
        except asyncpg.PostgresError as error:
            print(json.dumps({"error": str(error)}), flush=True)
asyncio.run(main(sys.argv[1]))
"""
SQLITE_PROGRAM = """
import json, sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=30)
for line in sys.stdin:
    try:
        rows = connection.execute(json.loads(line)).fetchall()
        print(json.dumps({"rows": rows}, default=str), flush=True)
    except sqlite3.Error as error:
        print(json.dumps({"error": str(error)}), flush=True)
"""


@dataclass(frozen=True)
class Sql:
    """One connection of a process of its own, in whatever transaction was begun on it."""

    process: "subprocess.Popen[str]"
    on_sqlite: bool

    def __call__(self, statement: str) -> list[list[Any]]:
        """Execute a statement and return its rows."""
        assert self.process.stdin
        assert self.process.stdout
        print(json.dumps(statement), file=self.process.stdin, flush=True)
        answer = json.loads(self.process.stdout.readline())
        assert "error" not in answer, f"{answer['error']}: {statement}"
        rows: list[list[Any]] = answer["rows"]
        return rows

    def value(self, statement: str) -> Any:
        """Return the only column of the only row."""
        ((value,),) = self(statement)
        return value


@contextmanager
def connected(project: Project, database_url: str) -> Iterator[Sql]:
    """Yield a connection; what it has not committed is undone at the end."""
    on_sqlite = database_url.startswith(SQLITE)
    if on_sqlite:
        program, target = SQLITE_PROGRAM, database_url.removeprefix(SQLITE)
    else:
        program, target = POSTGRES_PROGRAM, database_url.replace(DRIVER, "postgresql", 1)
    with subprocess.Popen(
        [project.path / ".venv" / "bin" / "python", "-c", program, target],
        cwd=project.path,
        env=project.environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield Sql(process, on_sqlite)
        finally:
            assert process.stdin
            process.stdin.close()


@contextmanager
def locked(sql: Sql, table: str) -> Iterator[None]:
    """Keep others from writing to a table; on PostgreSQL also from reading it."""
    if sql.on_sqlite:
        sql("BEGIN IMMEDIATE")
    else:
        sql("BEGIN")
        sql(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
    try:
        yield
    finally:
        sql("ROLLBACK")


@contextmanager
def failing_commits(sql: Sql, table: str, sqlstate: str = "23503") -> Iterator[None]:
    """Let each commit fail that wrote to a table, on PostgreSQL with this SQLSTATE."""
    doing, undoing = _on_sqlite(table) if sql.on_sqlite else _on_postgresql(table, sqlstate)
    for statement in doing:
        sql(statement)
    try:
        yield
    finally:
        for statement in undoing:
            sql(statement)


def _on_postgresql(table: str, sqlstate: str) -> tuple[list[str], list[str]]:
    raising = f"RAISE EXCEPTION 'at the commit' USING ERRCODE = '{sqlstate}';"
    function = f"RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {raising} END $$"
    timing = f"AFTER INSERT OR UPDATE OR DELETE ON {table} DEFERRABLE INITIALLY DEFERRED"
    return (
        [
            f"CREATE FUNCTION fail() {function}",
            f"CREATE CONSTRAINT TRIGGER failing {timing} FOR EACH ROW EXECUTE FUNCTION fail()",
        ],
        ["DROP FUNCTION fail() CASCADE"],
    )


def _on_sqlite(table: str) -> tuple[list[str], list[str]]:
    refers = "REFERENCES absent (id) DEFERRABLE INITIALLY DEFERRED"
    doing = [
        "CREATE TABLE absent (id INTEGER PRIMARY KEY)",
        f"CREATE TABLE broken (absent_id INTEGER {refers})",
    ]
    events = ("INSERT", "UPDATE", "DELETE")
    failing = "BEGIN INSERT INTO broken VALUES (1); END"
    doing += [
        f"CREATE TRIGGER failing_{event} AFTER {event} ON {table} {failing}" for event in events
    ]
    undoing = [f"DROP TRIGGER failing_{event}" for event in events]
    return doing, [*undoing, "DROP TABLE broken", "DROP TABLE absent"]
