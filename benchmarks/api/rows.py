"""Inserts the rows that `pages.py` reads; run by the Python of the generated project.

rows.py COUNT...: so many of each user, in the order of their ids.
"""

import asyncio
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import islice
from random import Random
from typing import Any

from app.config import get_settings
from app.database import Database
from app.models import Item
from sqlalchemy import insert, text

BEGINNING = datetime(2020, 1, 1, tzinfo=UTC)
BATCH = 10_000


def row(number: int, owner: int, chosen: Random) -> dict[str, Any]:
    """Return one row: 1 % are rare and amber, 10 % are not due."""
    moment = BEGINNING + timedelta(seconds=number)
    per_cent = chosen.randrange(100)
    return {
        "owner_id": owner,
        "name": f"Lamp {'amber' if per_cent == 1 else 'white'} {chosen.randbytes(4).hex()}",
        "price": Decimal(chosen.randrange(1, 100_000)) / 100,
        "status": "rare" if number % 100 == 0 else "most",
        "due": None if per_cent % 10 == 0 else moment + timedelta(days=per_cent),
        "created_at": moment,
        "updated_at": moment,
    }


def rows(counts: list[int]) -> Iterator[dict[str, Any]]:
    """Return the rows of all users, mixed as they would be made at the same time."""
    chosen = Random(0)  # noqa: S311 - the same in each run
    most = max(counts)
    for number in range(most):
        for owner, count in enumerate(counts, start=1):
            # As many of this user's rows as the part of the time that has passed.
            if number * count // most < (number + 1) * count // most:
                yield row(number * count // most, owner, chosen)


async def main(counts: list[int]) -> None:
    """Insert them; then PostgreSQL does at once what it does by itself, but in its own time."""
    database = Database(get_settings())
    left = rows(counts)
    while batch := list(islice(left, BATCH)):
        async with database.transaction() as session:
            await session.execute(insert(Item.__table__), batch)
    if database.engine.dialect.name == "postgresql":
        async with database.engine.connect() as connection:
            await connection.execution_options(isolation_level="AUTOCOMMIT")
            await connection.execute(text("VACUUM ANALYZE"))
    await database.engine.dispose()


if __name__ == "__main__":
    asyncio.run(main([int(count) for count in sys.argv[1:]]))
