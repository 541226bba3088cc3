import asyncio

import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient
from sqlalchemy.ext.asyncio import AsyncSession
from structlog.testing import capture_logs

from app.config import Settings
from app.migrate import upgrade
from conftest import TOKEN, UNREACHABLE_REDIS, make_settings, serve
from databases import UNREACHABLE_URL


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait long enough for a busy machine."""
    monkeypatch.setattr("app.services.health.CHECK_TIMEOUT_SECONDS", 60)


async def test_health_answers(client: AsyncClient) -> None:
    response = await client.get("/health")

    assert response.status_code == 200
    assert response.json() == {"status": "healthy"}


@pytest.mark.parametrize("path", ["/health", "/ready"])
async def test_monitors_may_ask_for_the_headers_only(client: AsyncClient, path: str) -> None:
    response = await client.head(path)

    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-store"


async def test_ready_asks_the_database(client: AsyncClient) -> None:
    response = await client.get("/ready")

    assert response.status_code == 200
    assert response.json() == {"status": "ready", "database": "connected", "redis": "not used"}


async def test_not_ready_while_the_schema_is_behind(
    running_app: FastAPI, empty_settings: Settings
) -> None:
    async with serve(running_app, empty_settings) as client:
        with capture_logs() as logs:
            response = await client.get("/ready")
        assert response.status_code == 503
        assert response.headers["Retry-After"] == "1"
        assert response.json()["error_code"] == "SERVICE_UNAVAILABLE"
        assert "schema" not in response.text
        assert any("alembic upgrade head" in str(line.get("database")) for line in logs)
        assert (await client.get("/health")).status_code == 200

        await asyncio.to_thread(upgrade, empty_settings)
        assert (await client.get("/ready")).status_code == 200


async def test_not_ready_when_the_database_does_not_answer(
    client: AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def hang(_session: AsyncSession) -> None:
        await asyncio.sleep(60)

    monkeypatch.setattr("app.services.health.is_schema_behind", hang)
    monkeypatch.setattr("app.services.health.CHECK_TIMEOUT_SECONDS", 0.01)
    with capture_logs() as logs:
        response = await client.get("/ready")

    assert response.status_code == 503
    assert any(line.get("database") == "no answer in time" for line in logs)


async def test_ready_asks_redis(running_app: FastAPI, settings: Settings, redis_url: str) -> None:
    settings = settings.model_copy(update={"redis_url": redis_url})
    async with serve(running_app, settings) as client:
        response = await client.get("/ready")

    assert response.status_code == 200
    assert response.json()["redis"] == "connected"


async def test_redis_outage(running_app: FastAPI, settings: Settings) -> None:
    settings = settings.model_copy(update={"redis_url": UNREACHABLE_REDIS})
    async with serve(running_app, settings) as client:
        assert (await client.get("/ready")).status_code == 503
        assert (await client.get("/health")).status_code == 200
        form = {"username": "alice@example.com", "password": "a password"}
        response = await client.post(TOKEN, data=form)

    assert response.status_code == 503
    assert response.json()["error_code"] == "SERVICE_UNAVAILABLE"


async def test_database_outage(running_app: FastAPI) -> None:
    async with serve(running_app, make_settings(UNREACHABLE_URL)) as client:
        assert (await client.get("/ready")).status_code == 503
        form = {"username": "alice@example.com", "password": "a password"}
        response = await client.post(TOKEN, data=form)
        assert response.status_code == 503
        assert response.headers["Retry-After"] == "1"
        assert response.json()["error_code"] == "SERVICE_UNAVAILABLE"
