"""Writes and reads rows by the models of a project, and reads the schema of its database.

Runs as a program: the URL is its argument, JSON comes in and goes out. Values are Python.
"""

import asyncio
import datetime as dt
import json
import sys
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

import app.models  # noqa: F401  (they fill the metadata)
from app.database import Base
from sqlalchemy import Connection, insert, inspect, select, text
from sqlalchemy.ext.asyncio import create_async_engine

NAMES = {"dt": dt, "Decimal": Decimal, "UUID": UUID, "Kind": str}
STAMPS = {name: dt.datetime(2024, 1, 1, tzinfo=dt.UTC) for name in ("created_at", "updated_at")}
POSTGRESQL = {
    "indexes": "SELECT indexdef FROM pg_indexes WHERE tablename = :table",
    "constraints": (
        "SELECT conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE conrelid = CAST(CAST(:table AS text) AS regclass)"
    ),
    "sequences": "SELECT pg_get_serial_sequence(:table, 'id')",
}
SQLITE = {
    "indexes": "SELECT sql FROM sqlite_master WHERE tbl_name = :table AND type <> 'table'",
}


def written(connection: Connection, rows: dict[str, list[dict[str, str]]]) -> None:
    """Insert rows, whose ids count from one."""
    for table, found in rows.items():
        for number, row in enumerate(found, 1):
            given = {name: eval(value, dict(NAMES)) for name, value in row.items()}  # noqa: S307
            statement = insert(Base.metadata.tables[table])
            connection.execute(statement.values({"id": number, **STAMPS, **given}))


def read(connection: Connection, tables: list[str]) -> dict[str, list[dict[str, str]]]:
    """Return all rows of tables."""
    found = {}
    for table in tables:
        query = select(Base.metadata.tables[table]).order_by(text("id"))
        rows = connection.execute(query).mappings()
        found[table] = [{name: told(value) for name, value in row.items()} for row in rows]
    return found


def told(value: Any) -> str:
    """Return a value as Python."""
    if isinstance(value, StrEnum):
        return f"Kind({value.value!r})"
    return repr(value).replace("datetime.timezone.utc", "dt.UTC").replace("datetime.", "dt.")


def schema(connection: Connection, tables: list[str]) -> dict[str, Any]:
    """Return all that the database knows of tables, but for the order of columns."""
    inspector = inspect(connection)
    statements = POSTGRESQL if connection.dialect.name == "postgresql" else SQLITE
    return {
        table: {
            "columns": sorted(
                f"{one['name']} {one['type']!r} {one['nullable']} {one['default']}"
                for one in inspector.get_columns(table)
            ),
            "constraints": sorted(
                map(
                    str,
                    [
                        inspector.get_pk_constraint(table),
                        *inspector.get_check_constraints(table),
                        *inspector.get_foreign_keys(table),
                        *inspector.get_unique_constraints(table),
                    ],
                )
            ),
            **{
                name: sorted(
                    str(one).replace('"', "")
                    for one in connection.execute(text(sql), {"table": table}).scalars()
                )
                for name, sql in statements.items()
            },
        }
        for table in tables
    }


async def main(url: str) -> None:
    """Do what stdin asks."""
    function, argument = json.load(sys.stdin)
    doing: Any = {"written": written, "read": read, "schema": schema}[function]
    engine = create_async_engine(url)
    async with engine.begin() as connection:
        print(json.dumps(await connection.run_sync(doing, argument)))  # noqa: T201
    await engine.dispose()


asyncio.run(main(sys.argv[1]))
