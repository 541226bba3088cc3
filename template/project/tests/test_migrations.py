import asyncio
from collections.abc import Callable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import CheckConstraint, Column, Connection, Enum, Table, inspect

from app.config import Settings
from app.database import Base
from app.main import create_app
from app.migrate import DatabaseUnreachableError, alembic_config, run_alembic, upgrade
from app.resources import open_resources
from conftest import make_settings
from databases import UNREACHABLE_URL

T = TypeVar("T")


async def read_database(settings: Settings, read: Callable[[Connection], T]) -> T:
    async with (
        open_resources(settings) as resources,
        resources.database.engine.begin() as connection,
    ):
        return await connection.run_sync(read)


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


def test_history_has_one_head(settings: Settings) -> None:
    scripts = ScriptDirectory.from_config(alembic_config(settings))

    assert len(scripts.get_heads()) == 1


def test_models_and_migrations_agree(committed_settings: Settings) -> None:
    command.check(alembic_config(committed_settings))


def test_constraints_are_those_of_the_models(committed_settings: Settings) -> None:
    # Alembic compares checks by their names: one that changes must get another name.
    migrated = asyncio.run(read_database(committed_settings, constraints))
    command.downgrade(alembic_config(committed_settings), "base")
    asyncio.run(read_database(committed_settings, Base.metadata.create_all))
    assert asyncio.run(read_database(committed_settings, constraints)) == migrated


async def test_every_step_goes_down_and_up_again(committed_settings: Settings) -> None:
    before = await read_database(committed_settings, constraints)
    await run_alembic(committed_settings, command.downgrade, "base")
    assert await read_database(committed_settings, table_names) == {"alembic_version"}

    await upgrade(committed_settings)
    assert await read_database(committed_settings, constraints) == before


async def test_the_app_migrates_when_told_to(committed_settings: Settings) -> None:
    await run_alembic(committed_settings, command.downgrade, "base")
    settings = committed_settings.model_copy(update={"migrate_on_start": True})
    app = create_app(settings)
    async with app.router.lifespan_context(app):
        assert "users" in await read_database(settings, table_names)


class Kind(StrEnum):
    PLAIN = "plain"


@pytest.fixture
def new_table() -> Iterator[None]:
    """A table that no migration has made yet."""
    table = Table(
        "new_kinds",
        Base.metadata,
        Column("kind", Enum(Kind, name="kind", native_enum=False, create_constraint=True)),
        CheckConstraint("kind <> 'odd'", name="not_odd"),
    )
    yield
    Base.metadata.remove(table)


@pytest.mark.usefixtures("new_table")
def test_a_new_migration_needs_no_code_of_ours(
    committed_settings: Settings, tmp_path: Path
) -> None:
    config = alembic_config(committed_settings)
    command.downgrade(config, "base")
    config.set_main_option("version_locations", str(tmp_path))
    command.revision(config, "all at once", autogenerate=True)

    [script] = tmp_path.glob("*_all_at_once.py")
    text = script.read_text()
    assert "sa.DateTime(timezone=True)" in text
    assert "sa.CheckConstraint(\"kind IN ('PLAIN')\"" in text
    assert "name=op.f('ck_new_kinds_not_odd')" in text
    assert "app.columns" not in text


async def test_says_how_to_get_a_database_when_none_answers() -> None:
    with pytest.raises(DatabaseUnreachableError, match="DATABASE_URL"):
        await upgrade(make_settings(UNREACHABLE_URL))


def test_sql_can_be_written_for_others_to_run(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    # Not all: SQLite must look at a table to change it.
    command.upgrade(alembic_config(settings), "+1", sql=True)

    assert "CREATE TABLE users" in capsys.readouterr().out
