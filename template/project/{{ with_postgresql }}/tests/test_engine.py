import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from fastapi import FastAPI
from sqlalchemy import literal, make_url, select, text
from sqlalchemy.exc import DBAPIError

from app.config import Settings
from app.database import Database
from app.engine import diagnosis, is_outage, migration_connection
from app.migrate import upgrade
from app.resources import open_resources
from conftest import TOKEN, USERS, registration, serve


async def execute(settings: Settings, statement: str) -> None:
    async with (
        open_resources(settings) as resources,
        resources.database.transaction() as session,
    ):
        await session.execute(text(statement))


async def test_a_connection_that_was_closed_is_replaced(settings: Settings) -> None:
    database = Database(settings.model_copy(update={"database_pool_size": 1}))
    async with database.transaction() as session:
        connection = await (await session.connection()).get_raw_connection()
        driver = connection.driver_connection
    assert driver is not None
    await driver.close()

    async with database.transaction() as session:
        assert await session.scalar(select(literal(1))) == 1

    await database.engine.dispose()


async def test_statements_are_planned_for_their_values_whatever_the_url_sets(
    settings: Settings,
) -> None:
    url = make_url(settings.database_url).update_query_dict({"options": "-c work_mem=5MB"})
    changed = {"database_url": url.render_as_string(hide_password=False)}
    database = Database(settings.model_copy(update=changed))

    async with database.transaction(read_only=True) as session:
        shown = [await session.scalar(text(f"SHOW {name}")) for name in ("plan_cache_mode", "work_mem")]
    await database.engine.dispose()

    assert shown == ["force_custom_plan", "5MB"]


@pytest.mark.parametrize(
    ("sqlstate", "outage"),
    [("40P01", True), ("58030", True), ("55P03", True), ("42601", False), ("0A000", False)],
)
async def test_outages_are_told_from_bugs(settings: Settings, sqlstate: str, outage: bool) -> None:
    raised = f"DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '{sqlstate}'; END $$"
    with pytest.raises(DBAPIError) as error:
        await execute(settings, raised)

    assert is_outage(error.value) is outage


async def test_a_database_that_may_only_be_read_is_an_outage(
    running_app: FastAPI, committed_settings: Settings
) -> None:
    name = make_url(committed_settings.database_url).database
    read_only = f'ALTER DATABASE "{name}" SET default_transaction_read_only = on'
    await execute(committed_settings, read_only)
    async with serve(running_app, committed_settings) as client:
        response = await client.post(USERS, json=registration())
        assert response.status_code == 503
        assert response.headers["Retry-After"] == "1"


async def test_a_migration_under_a_running_release_is_an_outage_of_one_request(
    running_app: FastAPI, committed_settings: Settings
) -> None:
    settings = committed_settings.model_copy(update={"database_pool_size": 1})
    async with serve(running_app, settings) as client:
        form = {"username": "alice@example.com", "password": "wrong"}
        statuses = []
        for change in (None, "ALTER TABLE users ALTER COLUMN email TYPE varchar(300)"):
            if change:
                await execute(settings, change)
            for _ in range(2):
                response = await client.post(TOKEN, data=form)
                statuses.append(response.status_code)

    assert statuses == [401, 401, 503, 401]


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        (
            "INSERT INTO users (email) VALUES (NULL)",
            {"sqlstate": "23502", "table": "users", "column": "email"},
        ),
        (
            "DO $$ BEGIN RAISE 'secret' USING ERRCODE = '23514', CONSTRAINT = 'ck'; END $$",
            {"sqlstate": "23514", "constraint": "ck"},
        ),
        (
            "SELECT absent FROM users",
            {"sqlstate": "42703", "message": 'column "absent" does not exist'},
        ),
        (
            "VACUUM",
            {"sqlstate": "25001", "message": "VACUUM cannot run inside a transaction block"},
        ),
        ("SELECT CAST('secret' AS integer)", {"sqlstate": "22P02"}),
    ],
)
async def test_a_failure_is_told_without_values(
    settings: Settings, statement: str, told: dict[str, str]
) -> None:
    with pytest.raises(DBAPIError) as error:
        await execute(settings, statement)

    assert diagnosis(error.value) == told


def test_migrations_wait_for_each_other(
    committed_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    sleep, held, waits = asyncio.sleep, threading.Event(), threading.Event()

    async def wait(_seconds: float) -> None:
        waits.set()
        await sleep(0)

    async def hold() -> bool:
        async with migration_connection(committed_settings):
            held.set()
            return await asyncio.to_thread(waits.wait, 60)

    with ThreadPoolExecutor() as threads:
        other = threads.submit(asyncio.run, hold())
        assert held.wait(60)
        monkeypatch.setattr("app.engine.asyncio.sleep", wait)
        upgrade(committed_settings)
    assert other.result()


async def test_nothing_outlives_its_transaction_behind_a_pooler(
    running_app: FastAPI, committed_settings: Settings
) -> None:
    settings = committed_settings.model_copy(update={"database_transaction_pooling": True})
    async with serve(running_app, settings) as client:
        assert (await client.post(USERS, json=registration())).status_code == 201
        async with running_app.state.resources.database.transaction(read_only=True) as session:
            kept = text("SELECT count(*) FROM pg_prepared_statements")
            assert await session.scalar(kept) == 0
            in_transaction = text("SELECT statement_timestamp() > now()")
            assert await session.scalar(in_transaction)
