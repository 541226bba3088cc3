import asyncio
from collections.abc import AsyncGenerator, AsyncIterator

import pytest
from fastapi import APIRouter, Request
from fastapi.responses import StreamingResponse
from httpx2 import AsyncClient
from structlog.testing import capture_logs

from app.config import Settings
from app.main import create_app
from conftest import client_of

LIMIT = 0.01
FOREVER = 60

router = APIRouter()


@router.get("/slow")
async def never_answer(request: Request) -> None:
    # Checks without waiting whether the client has disconnected; this does not reset the limit.
    limit = request.state.time_limit
    end = limit.when()
    limit.reschedule(None)
    await request.is_disconnected()
    limit.reschedule(end)
    await asyncio.sleep(FOREVER)


@router.post("/bytes", max_body_size=10_000_000)
async def count_bytes(request: Request) -> int:
    return len(await request.body())


@router.get("/broken")
async def break_off() -> StreamingResponse:
    async def lines() -> AsyncIterator[str]:
        yield "first"
        raise ConnectionResetError

    return StreamingResponse(lines())


@router.get("/lasting")
async def answer_for_long(request: Request) -> StreamingResponse:
    async def lines() -> AsyncIterator[str]:
        yield "ends at "
        yield str(request.state.time_limit.when())

    return StreamingResponse(lines())


def client_with_limit(settings: Settings, seconds: float) -> AsyncClient:
    app = create_app(settings.model_copy(update={"request_timeout_seconds": seconds}))
    app.include_router(router)
    return client_of(app)


@pytest.fixture(scope="module")
def impatient(settings: Settings) -> AsyncClient:
    return client_with_limit(settings, LIMIT)


@pytest.fixture(scope="module")
def patient(settings: Settings) -> AsyncClient:
    return client_with_limit(settings, FOREVER)


async def test_a_request_that_takes_too_long_is_ended(impatient: AsyncClient) -> None:
    with capture_logs() as logs:
        response = await impatient.get("/slow")

    assert response.status_code == 503
    assert response.headers["Retry-After"] == "1"
    assert response.json()["error_code"] == "SERVICE_UNAVAILABLE"
    assert response.json()["request_id"] == response.headers["X-Request-ID"]
    assert [line["event"] for line in logs] == ["request_timed_out", "request"]


async def test_a_body_that_takes_too_long_is_the_fault_of_the_client(
    impatient: AsyncClient,
) -> None:
    async def body() -> AsyncGenerator[bytes]:
        yield b"["
        await asyncio.sleep(FOREVER)

    with capture_logs() as logs:
        response = await impatient.post("/bytes", content=body())

    assert response.status_code == 408
    assert response.headers["Connection"] == "close"
    assert response.json()["error_code"] == "REQUEST_TIMEOUT"
    assert response.json()["request_id"] == response.headers["X-Request-ID"]
    assert [line["event"] for line in logs] == ["request"]


async def test_a_long_body_that_keeps_coming_is_not_too_late(impatient: AsyncClient) -> None:
    async def body() -> AsyncGenerator[bytes]:
        for _ in range(3):
            yield b"x" * 1_000_000
            await asyncio.sleep(LIMIT)

    response = await impatient.post("/bytes", content=body())

    assert response.json() == 3_000_000


async def test_an_answer_that_has_begun_is_not_answered_again(patient: AsyncClient) -> None:
    with pytest.raises(RuntimeError, match="response already started"):
        await patient.get("/broken")


async def test_an_answer_that_has_begun_has_no_limit(patient: AsyncClient) -> None:
    assert (await patient.get("/lasting")).text == "ends at None"
