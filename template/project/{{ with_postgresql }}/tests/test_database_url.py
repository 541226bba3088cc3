from typing import Any, NoReturn

import pytest
from pydantic import ValidationError
from sqlalchemy import event, make_url

from app.config import Settings
from app.database_url import DRIVER, read_database_url
from app.engine import open_engine
from app.resources import open_resources
from conftest import make_settings


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("postgres://app:pa%40ss@db/app", "postgresql+asyncpg://app:pa%40ss@db/app"),
        ("postgresql://db/app?sslmode=require", "postgresql+asyncpg://db/app?sslmode=require"),
        ("postgresql+asyncpg://db/app?ssl=require", "postgresql+asyncpg://db/app?sslmode=require"),
        (
            "postgresql://app@/app?host=a:1&host=b:2",
            "postgresql+asyncpg://app@/app?host=a%3A1%2Cb%3A2",
        ),
    ],
)
def test_urls_of_platforms_are_understood(given: str, read: str) -> None:
    assert read_database_url(given) == read


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("sslmode=always", "sslmode"),
        ("sslmode=require&sslmode=disable", "sslmode"),
        ("connect_timeout=soon", "connect_timeout"),
        ("channel_binding=require", "channel_binding"),
        ("pgbouncer=true&sslmode=require", "pgbouncer"),
    ],
)
def test_parameters_that_would_have_no_effect_are_refused(query: str, name: str) -> None:
    with pytest.raises(ValidationError, match=f"database_url\n.*: {name} "):
        make_settings(f"postgresql://app:hunter2@db/app?{query}")


@pytest.mark.parametrize("query", ["sslmode=disable&connect_timeout=9", "application_name=test"])
async def test_a_database_is_reached_with_parameters(settings: Settings, query: str) -> None:
    url = settings.database_url
    given = f"{url}{'&' if make_url(url).query else '?'}{query}"
    async with (
        open_resources(make_settings(given)) as resources,
        resources.database.transaction() as session,
    ):
        await session.connection()


async def test_certificates_of_the_system_are_trusted() -> None:
    engine = open_engine(make_settings(f"{DRIVER}://db/app?sslrootcert=system"))
    asked: dict[str, object] = {}

    @event.listens_for(engine.sync_engine, "do_connect")
    def refuse(_dialect: object, _record: object, _arguments: object, options: Any) -> NoReturn:
        asked.update(options)
        raise ConnectionRefusedError

    with pytest.raises(ConnectionRefusedError):
        await engine.connect()
    assert asked["ssl"] is True
