from dataclasses import replace

import pytest
from fastapi import APIRouter, FastAPI
from httpx2 import ASGITransport, AsyncClient, MockTransport, Request, Response

from app.config import Features, Settings
from app.dependencies import HttpClient, rate_limit, require_feature
from app.main import create_app
from app.resources import open_resources
from conftest import USERS, registration, serve

router = APIRouter()


@router.get("/limited", dependencies=[rate_limit("2/minute")])
async def limited() -> None: ...


@router.get("/outgoing")
async def call_out(http: HttpClient) -> str:
    return (await http.get("http://elsewhere.test/")).text


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


async def test_feature_flags(running_app: FastAPI, settings: Settings) -> None:
    closed = settings.model_copy(update={"features": Features(registration=False)})
    async with serve(running_app, closed) as client:
        response = await client.post(USERS, json=registration())
        assert response.status_code == 403
        assert response.json()["error_code"] == "FEATURE_DISABLED"

    with pytest.raises(ValueError, match="regstration"):
        require_feature("regstration")


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


async def test_http_client(
    probed_app: FastAPI, probe: AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def answer(request: Request) -> Response:
        return Response(200, text=str(request.url))

    async with AsyncClient(transport=MockTransport(answer)) as http:
        resources = replace(probed_app.state.resources, http=lambda: http)
        monkeypatch.setattr(probed_app.state, "resources", resources)
        assert (await probe.get("/outgoing")).json() == "http://elsewhere.test/"


async def test_http_client_is_opened_when_first_used(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    # No client can be created with this proxy.
    monkeypatch.setenv("ALL_PROXY", "unknown://proxy.test")
    async with open_resources(settings) as resources:
        monkeypatch.delenv("ALL_PROXY")
        http = resources.http()
        assert resources.http() is http
    assert http.is_closed
