import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient
from sqlalchemy import make_url, text

from app.config import Settings
from app.core.exceptions import ConflictError
from app.resources import open_resources
from conftest import USERS, registration, serve

DEFERRED = "REFERENCES absent (id) DEFERRABLE INITIALLY DEFERRED"


async def test_a_failed_commit_releases_the_write_lock(committed_settings: Settings) -> None:
    async with open_resources(committed_settings) as resources:
        database = resources.database
        async with database.transaction() as session:
            await session.execute(text("CREATE TABLE absent (id INTEGER PRIMARY KEY)"))
            await session.execute(text(f"CREATE TABLE broken (absent_id INTEGER {DEFERRED})"))

        async def violate() -> None:
            async with database.transaction() as session:
                await session.execute(text("INSERT INTO broken VALUES (1)"))

        with pytest.raises(ConflictError):
            await violate()
        with closing(sqlite3.connect(file_of(committed_settings), timeout=0)) as other:
            other.execute("BEGIN IMMEDIATE")


def file_of(settings: Settings) -> Path:
    file = make_url(settings.database_url).database
    assert file
    return Path(file)


async def register(client: AsyncClient, name: str) -> int:
    return (await client.post(USERS, json=registration(f"{name}@example.com"))).status_code


async def test_a_missing_file_is_an_outage_and_is_not_created(
    running_app: FastAPI, committed_settings: Settings
) -> None:
    file = file_of(committed_settings)
    away = file.with_suffix(".away")
    async with serve(running_app, committed_settings) as client:
        assert await register(client, "alice") == 201
        file.rename(away)
        assert await register(client, "bob") == 503
        assert (await client.get("/ready")).status_code == 503
        assert not file.exists()

        away.rename(file)
        assert await register(client, "bob") == 201
        assert (await client.get("/ready")).status_code == 200
