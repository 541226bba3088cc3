import asyncio
import sys
from typing import Any, Literal

from alembic import context
from sqlalchemy import Connection

import app.models  # noqa: F401  (every table must be known before the comparison)
from app.columns import IN_MIGRATIONS
from app.config import Settings, get_settings
from app.database import Base
from app.migrate import MigrationError, connected


def render_item(kind: str, item: object, _context: object) -> str | Literal[False]:
    """Write our own types as what they are in the database; history must not need our code."""
    return IN_MIGRATIONS.get(type(item), False) if kind == "type" else False


def run(**where: Any) -> None:  # noqa: ANN401
    context.configure(
        target_metadata=Base.metadata,
        compare_server_default=True,
        render_as_batch=True,
        render_item=render_item,
        transactional_ddl=True,
        **where,
    )
    with context.begin_transaction():
        context.run_migrations()


def run_on(connection: Connection) -> None:
    run(connection=connection)


async def run_from_the_command_line(settings: Settings) -> None:
    async with connected(settings) as connection:
        await connection.run_sync(run_on)


settings = context.config.attributes.get("settings") or get_settings()
if context.is_offline_mode():
    run(url=settings.database_url, literal_binds=True)
elif connection := context.config.attributes.get("connection"):
    run_on(connection)
else:
    try:
        asyncio.run(run_from_the_command_line(settings))
    except MigrationError as error:
        sys.exit(str(error))
