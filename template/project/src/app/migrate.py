from functools import lru_cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.script.revision import ResolutionError
from alembic.util import CommandError
from sqlalchemy.ext.asyncio import AsyncSession

from app.config import Settings
from app.engine import UNREACHABLE_HINT

SCRIPTS = str(Path(__file__).parent / "migrations")


def unreachable(error: Exception) -> CommandError:
    """Return an error that says what to do, which Alembic prints without a traceback."""
    first_line = str(error).partition("\n")[0]
    return CommandError(f"The database cannot be reached ({first_line}). {UNREACHABLE_HINT}")


def alembic_config(settings: Settings) -> Config:
    config = Config(attributes={"settings": settings})
    config.set_main_option("path_separator", "os")
    config.set_main_option("script_location", SCRIPTS.replace("%", "%%"))
    return config


def upgrade(settings: Settings) -> None:
    """Bring the database to the newest revision; raises CommandError."""
    try:
        command.upgrade(alembic_config(settings), "head")
    except CommandError as error:
        if isinstance(error.__cause__, ResolutionError):
            raise CommandError(
                f"The database is at revision {error.__cause__.argument}, which this code does not"
                " have. Go back to code that has it and run `alembic downgrade -1` there, once"
                " for each migration that is not here; or name another database in DATABASE_URL."
            ) from None
        raise


async def is_schema_behind(session: AsyncSession) -> bool:
    """Return True if there are migrations that have not run yet."""
    heads, known = _own_revisions()
    # Without the bind, a read-only session refuses: it cannot check what a connection executes.
    connection = await session.connection({"bind": session.sync_session.bind})
    current = await connection.run_sync(lambda c: MigrationContext.configure(c).get_current_heads())
    # An unknown revision is newer: after a rollback, old code runs on a new schema.
    return set(current) != heads and known.issuperset(current)


@lru_cache
def _own_revisions() -> tuple[set[str], set[str]]:
    scripts = ScriptDirectory(SCRIPTS)
    return set(scripts.get_heads()), {script.revision for script in scripts.walk_revisions()}
