import os
import signal
from pathlib import Path
from typing import NoReturn

import pytest
from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import text
from structlog.testing import capture_logs

from app import main
from app.config import Settings
from app.main import create_app
from app.migrate import (
    MigrationError,
    UnknownRevisionError,
    alembic_config,
    run_alembic,
    upgrade,
)
from app.resources import open_resources
from conftest import make_settings
from databases import UNREACHABLE_URL

OUTSIDE_OF_A_TRANSACTION = """
from alembic import op

revision = "outside"
down_revision = None


def upgrade() -> None:
    op.execute("CREATE TABLE before (id INTEGER)")
    with op.get_context().autocommit_block():
        op.execute("VACUUM")
    op.execute("CREATE TABLE after (id INTEGER)")
"""


async def test_a_migration_may_leave_its_transaction(
    committed_settings: Settings, tmp_path: Path
) -> None:
    (tmp_path / "outside.py").write_text(OUTSIDE_OF_A_TRANSACTION)

    def upgrade_outside(config: Config) -> None:
        config.set_main_option("version_locations", str(tmp_path))
        command.upgrade(config, "head")

    await run_alembic(committed_settings, command.downgrade, "base")
    await run_alembic(committed_settings, upgrade_outside)

    async with (
        open_resources(committed_settings) as resources,
        resources.database.transaction() as session,
    ):
        await session.execute(text("SELECT before.id FROM before, after"))


async def test_a_revision_of_other_code_is_named(committed_settings: Settings) -> None:
    async with (
        open_resources(committed_settings) as resources,
        resources.database.transaction() as session,
    ):
        await session.execute(text("UPDATE alembic_version SET version_num = 'elsewhere'"))

    with pytest.raises(UnknownRevisionError, match="is at revision elsewhere"):
        await upgrade(committed_settings)


async def test_other_complaints_of_alembic_are_passed_on(
    committed_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_config: Config, _revision: str) -> NoReturn:
        raise CommandError("Multiple head revisions")

    monkeypatch.setattr(command, "upgrade", refuse)
    with pytest.raises(MigrationError, match="Multiple head revisions"):
        await upgrade(committed_settings)


def test_a_command_says_in_a_sentence_that_no_database_answers() -> None:
    with pytest.raises(SystemExit, match="cannot be reached"):
        command.current(alembic_config(make_settings(UNREACHABLE_URL)))


@pytest.mark.parametrize("reloader", [None, "a process"])
async def test_a_start_that_cannot_migrate_ends_with_its_reloader(
    monkeypatch: pytest.MonkeyPatch, reloader: str | None
) -> None:
    def end(code: int) -> NoReturn:
        raise SystemExit(code)

    signals = []
    monkeypatch.setattr(os, "_exit", end)
    monkeypatch.setattr(os, "kill", lambda _pid, number: signals.append(number))
    monkeypatch.setattr(main, "parent_process", lambda: reloader)
    app = create_app(make_settings(UNREACHABLE_URL, migrate_on_start=True))
    with capture_logs() as logs, pytest.raises(SystemExit, match="1"):
        await app.router.lifespan_context(app).__aenter__()

    assert signals == ([signal.SIGTERM] if reloader else [])
    assert "cannot be reached" in logs[-1]["event"]
