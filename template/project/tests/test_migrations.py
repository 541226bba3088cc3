import asyncio
import os
import signal
from collections.abc import Callable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import NoReturn, TypeVar

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import CheckConstraint, Column, Connection, Enum, Table, inspect, text
from structlog.testing import capture_logs

from app import main
from app.config import Settings
from app.database import Base
from app.main import create_app
from app.migrate import alembic_config, upgrade
from app.resources import open_resources
from conftest import make_settings
from databases import UNREACHABLE_URL

T = TypeVar("T")


async def on_database(settings: Settings, function: Callable[[Connection], T]) -> T:
    async with (
        open_resources(settings) as resources,
        resources.database.engine.begin() as connection,
    ):
        return await connection.run_sync(function)


def table_names(connection: Connection) -> set[str]:
    return set(inspect(connection).get_table_names())


def constraints(connection: Connection) -> dict[str, list[str]]:
    """Read all constraints of the models' tables, with the conditions of checks."""
    inspector = inspect(connection)
    found = {}
    for table in Base.metadata.tables:
        checks = inspector.get_check_constraints(table)
        for check in checks:
            check["sqltext"] = check["sqltext"].replace('"', "")
        keys = inspector.get_foreign_keys(table)
        found[table] = sorted(map(str, [*checks, *keys, *inspector.get_unique_constraints(table)]))
    return found


async def start(settings: Settings) -> None:
    app = create_app(settings)
    async with app.router.lifespan_context(app):
        pass


def test_history_has_one_head(settings: Settings) -> None:
    assert len(ScriptDirectory.from_config(alembic_config(settings)).get_heads()) == 1


def test_models_and_migrations_agree(committed_settings: Settings) -> None:
    command.check(alembic_config(committed_settings))


def test_constraints_are_those_of_the_models(committed_settings: Settings) -> None:
    # Alembic compares checks by their names: one that changes must get another name.
    migrated = asyncio.run(on_database(committed_settings, constraints))
    command.downgrade(alembic_config(committed_settings), "base")
    asyncio.run(on_database(committed_settings, Base.metadata.create_all))
    assert asyncio.run(on_database(committed_settings, constraints)) == migrated


def test_migrations_go_down_and_up_again(committed_settings: Settings) -> None:
    before = asyncio.run(on_database(committed_settings, constraints))
    command.downgrade(alembic_config(committed_settings), "base")
    assert asyncio.run(on_database(committed_settings, table_names)) == {"alembic_version"}

    asyncio.run(start(committed_settings.model_copy(update={"migrate_on_start": True})))
    assert asyncio.run(on_database(committed_settings, constraints)) == before


class Kind(StrEnum):
    PLAIN = "plain"


@pytest.fixture
def new_table() -> Iterator[None]:
    """A table without a migration."""
    table = Table(
        "new_kinds",
        Base.metadata,
        Column("kind", Enum(Kind, name="kind", native_enum=False, create_constraint=True)),
        CheckConstraint("kind <> 'odd'", name="not_odd"),
    )
    yield
    Base.metadata.remove(table)


@pytest.mark.usefixtures("new_table")
def test_new_migrations_import_no_code_of_the_app(
    empty_settings: Settings, tmp_path: Path
) -> None:
    config = alembic_config(empty_settings)
    config.set_main_option("version_locations", str(tmp_path))
    command.revision(config, "all tables", autogenerate=True)

    [script] = tmp_path.glob("*_all_tables.py")
    source = script.read_text()
    assert "sa.DateTime(timezone=True)" in source
    assert "sa.CheckConstraint(\"kind IN ('PLAIN')\"" in source
    assert "name=op.f('ck_new_kinds_not_odd')" in source
    assert "app.columns" not in source


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


def test_a_migration_may_leave_its_transaction(
    empty_settings: Settings, tmp_path: Path
) -> None:
    (tmp_path / "outside.py").write_text(OUTSIDE_OF_A_TRANSACTION)
    config = alembic_config(empty_settings)
    config.set_main_option("version_locations", str(tmp_path))
    command.upgrade(config, "head")
    assert {"before", "after"} <= asyncio.run(on_database(empty_settings, table_names))



def test_sql_is_printed_offline(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    # Only the first revision, as later ones may have to read a table.
    command.upgrade(alembic_config(settings), "+1", sql=True)

    assert "CREATE TABLE users" in capsys.readouterr().out


def test_an_unknown_revision_is_named(committed_settings: Settings) -> None:
    def change(connection: Connection) -> None:
        connection.execute(text("UPDATE alembic_version SET version_num = 'elsewhere'"))

    asyncio.run(on_database(committed_settings, change))
    with pytest.raises(CommandError, match="elsewhere"):
        upgrade(committed_settings)


def test_other_errors_of_alembic_are_passed_on(
    committed_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_config: Config, _revision: str) -> NoReturn:
        raise CommandError("Multiple head revisions")

    monkeypatch.setattr(command, "upgrade", refuse)
    with pytest.raises(CommandError, match="Multiple head revisions"):
        upgrade(committed_settings)


def test_says_how_to_get_a_database_when_none_answers() -> None:
    with pytest.raises(CommandError, match="DATABASE_URL"):
        upgrade(make_settings(UNREACHABLE_URL))


@pytest.mark.parametrize("reloader", [None, "a process"])
async def test_a_failed_migration_stops_the_app_and_its_reloader(
    monkeypatch: pytest.MonkeyPatch, reloader: str | None
) -> None:
    def end(code: int) -> NoReturn:
        raise SystemExit(code)

    signals = []
    monkeypatch.setattr(os, "_exit", end)
    monkeypatch.setattr(os, "kill", lambda _pid, number: signals.append(number))
    monkeypatch.setattr(main, "parent_process", lambda: reloader)
    with capture_logs() as logs, pytest.raises(SystemExit, match="1"):
        await start(make_settings(UNREACHABLE_URL, migrate_on_start=True))

    assert signals == ([signal.SIGTERM] if reloader else [])
    assert "DATABASE_URL" in logs[-1]["event"]
