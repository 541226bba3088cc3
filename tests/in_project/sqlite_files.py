"""Files of SQLite that somebody replaces; run inside of a generated project."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from app.config import Settings
from fastapi import FastAPI
from httpx2 import AsyncClient
from sqlalchemy import make_url

from conftest import USERS, registration, serve


async def register(client: AsyncClient, name: str) -> int:
    return (await client.post(USERS, json=registration(f"{name}@example.com"))).status_code


async def test_a_replaced_file_is_opened_again(
    running_app: FastAPI, committed_settings: Settings
) -> None:
    file = Path(make_url(committed_settings.database_url).database or "")
    backup = file.with_suffix(".backup")
    shutil.copyfile(file, backup)
    async with serve(running_app, committed_settings) as client:
        assert await register(client, "alice") == 201
        for each in (file, *file.parent.glob(f"{file.name}-*")):
            each.unlink()
        backup.rename(file)
        assert await register(client, "alice") == 201

    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("SELECT email FROM users").fetchall() == [("alice@example.com",)]
