"""Inserts the rows that `pages.py` reads; run by the Python of the generated project.

rows.py FIRST END: those of these numbers for the first user, and a tenth as many for the second.
"""

import asyncio
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from app.config import get_settings
from app.database import Database
from app.models import Item
from sqlalchemy import insert, text

BEGINNING = datetime(2020, 1, 1, tzinfo=UTC)
BATCH = 10_000


def row(number: int, owner: int) -> dict[str, Any]:
    """Return the row of a number: 1 % are rare and amber, 10 % are not due."""
    chosen = Random(number)  # noqa: S311 - the same in each run
    moment = BEGINNING + timedelta(seconds=number)
    per_cent = chosen.randrange(100)
    return {
        "owner_id": owner,
        "name": f"Lamp {'amber' if per_cent == 1 else 'white'} {chosen.randbytes(4).hex()}",
        "price": Decimal(chosen.randrange(1, 100_000)) / 100,
        "status": "rare" if number % 100 == 0 else "most",
        "due": None if chosen.randrange(10) == 0 else moment + timedelta(days=per_cent),
        "created_at": moment,
        "updated_at": moment,
    }


def rows(first: int, end: int) -> Iterator[dict[str, Any]]:
    """Return the rows of both users, in the order in which they were made."""
    for number in range(first, end):
        yield row(number, 1)
        if number % 10 == 0:
            yield row(number, 2)


async def main(first: int, end: int) -> None:
    """Insert them; then PostgreSQL does at once what it does by itself, but in its own time."""
    database = Database.from_settings(get_settings())
    for start in range(first, end, BATCH):
        async with database.transaction() as session:
            batch = list(rows(start, min(start + BATCH, end)))
            await session.execute(insert(Item.__table__), batch)
    if database.engine.dialect.name == "postgresql":
        async with database.engine.connect() as connection:
            await connection.execution_options(isolation_level="AUTOCOMMIT")
            await connection.execute(text("VACUUM ANALYZE"))
    await database.engine.dispose()


if __name__ == "__main__":
    asyncio.run(main(*map(int, sys.argv[1:])))
