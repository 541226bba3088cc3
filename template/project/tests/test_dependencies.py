import pytest
from fastapi import APIRouter, FastAPI
from httpx2 import ASGITransport, AsyncClient

from app.config import Settings
from app.dependencies import AppSettings, rate_limit
from app.main import create_app

router = APIRouter()


@router.get("/limited", dependencies=[rate_limit("2/minute")])
async def limited() -> None: ...


@router.get("/settings")
async def read_name(settings: AppSettings) -> str:
    return settings.app_name


@pytest.fixture(scope="module")
def probed_app(running_app: FastAPI, settings: Settings) -> FastAPI:
    probed = create_app(settings)
    probed.include_router(router)
    probed.state.resources = running_app.state.resources
    return probed


def client_at(address: str, app: FastAPI) -> AsyncClient:
    transport = ASGITransport(app, client=(address, 1234))
    return AsyncClient(transport=transport, base_url="http://test")


@pytest.fixture
def probe(probed_app: FastAPI) -> AsyncClient:
    return client_at("203.0.113.9", probed_app)


async def test_settings(probe: AsyncClient, settings: Settings) -> None:
    assert (await probe.get("/settings")).json() == settings.app_name


async def test_rate_limit(probed_app: FastAPI, probe: AsyncClient) -> None:
    answers = [await probe.get("/limited") for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert [answer.headers["RateLimit-Remaining"] for answer in answers] == ["1", "0", "0"]
    assert {answer.headers["RateLimit-Policy"] for answer in answers} == {"2;w=60"}
    assert {answer.headers["RateLimit-Limit"] for answer in answers} == {"2"}
    assert 0 < int(answers[2].headers["Retry-After"]) <= 60
    assert "Retry-After" not in answers[0].headers
    async with client_at("203.0.113.10", probed_app) as other:
        assert (await other.get("/limited")).status_code == 200
