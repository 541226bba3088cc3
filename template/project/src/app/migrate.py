from collections.abc import AsyncGenerator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from functools import lru_cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.script.revision import ResolutionError
from alembic.util import CommandError
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from app.config import Settings
from app.engine import UNREACHABLE_HINT, create_migration_engine, migration_lock

SCRIPTS = Path(__file__).parent / "migrations"


class MigrationError(Exception):
    """The message says why the database cannot be migrated, and what to do."""


def unreachable(error: Exception) -> MigrationError:
    first_line = str(error).partition("\n")[0]
    return MigrationError(f"The database cannot be reached ({first_line}). {UNREACHABLE_HINT}")


def alembic_config(settings: Settings, connection: Connection | None = None) -> Config:
    config = Config(attributes={"settings": settings, "connection": connection})
    config.set_main_option("path_separator", "os")
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    return config


@asynccontextmanager
async def connected(settings: Settings) -> AsyncGenerator[AsyncConnection]:
    """Connect as the only process that migrates; raises MigrationError."""
    async with AsyncExitStack() as stack:
        try:
            await stack.enter_async_context(migration_lock(settings))
            connection = await stack.enter_async_context(create_migration_engine(settings).connect())
        except (OSError, DBAPIError) as error:
            raise unreachable(error) from None
        yield connection


async def run_alembic(settings: Settings, run: Callable[..., object], *arguments: str) -> None:
    """Run a function of `alembic.command`, in one transaction unless a migration leaves it."""
    async with connected(settings) as connection:
        await connection.run_sync(
            lambda connection: run(alembic_config(settings, connection), *arguments)
        )


async def upgrade(settings: Settings) -> None:
    """Bring the database to the newest revision; raises MigrationError."""
    try:
        await run_alembic(settings, command.upgrade, "head")
    except CommandError as error:
        reason = str(error)
        if isinstance(error.__cause__, ResolutionError):
            reason = (
                f"The database is at revision {error.__cause__.argument}, which this code does not"
                " have. Go back to the code that has it, and there run `alembic downgrade -1` once"
                " for each migration that is not here; or name another database in DATABASE_URL."
            )
        raise MigrationError(reason) from None


async def is_schema_behind(session: AsyncSession) -> bool:
    """Return True if migrations have still to run."""
    heads, known = _own_revisions()
    connection = await session.connection()
    current = set(
        await connection.run_sync(
            lambda connection: MigrationContext.configure(connection).get_current_heads()
        )
    )
    # An unknown revision is newer: after a rollback, old code runs on a new schema.
    return current != heads and current <= known


@lru_cache
def _own_revisions() -> tuple[set[str], set[str]]:
    scripts = ScriptDirectory(str(SCRIPTS))
    return set(scripts.get_heads()), {script.revision for script in scripts.walk_revisions()}
