import asyncio
from collections.abc import AsyncGenerator, AsyncIterator

import pytest
from fastapi import FastAPI, Request
from fastapi.responses import StreamingResponse
from structlog.testing import capture_logs

from app.config import Settings
from app.main import create_app
from conftest import client_of

FOREVER = 60


@pytest.fixture
def impatient(settings: Settings) -> FastAPI:
    """An app that gives a request a tenth of a second."""
    return create_app(settings.model_copy(update={"request_timeout_seconds": 0.1}))


async def test_a_request_that_takes_too_long_is_ended(impatient: FastAPI) -> None:
    @impatient.get("/slow")
    async def slow(request: Request) -> None:
        # Looks for the client's end without waiting for it.
        await request.is_disconnected()
        await asyncio.sleep(FOREVER)

    async with client_of(impatient) as client:
        with capture_logs() as logs:
            response = await client.get("/slow")

    assert response.status_code == 503
    assert response.headers["Retry-After"] == "1"
    assert response.json()["error_code"] == "SERVICE_UNAVAILABLE"
    assert response.json()["request_id"] == response.headers["X-Request-ID"]
    assert [line["event"] for line in logs] == ["request_timed_out", "request"]


async def test_a_body_that_takes_too_long_is_the_fault_of_the_client(impatient: FastAPI) -> None:
    @impatient.post("/numbers")
    async def add(numbers: list[int]) -> int:
        return sum(numbers)

    async def body() -> AsyncGenerator[bytes]:
        yield b"["
        await asyncio.sleep(FOREVER)

    async with client_of(impatient) as client:
        with capture_logs() as logs:
            response = await client.post("/numbers", content=body())

    assert response.status_code == 408
    assert response.headers["Connection"] == "close"
    assert response.json()["error_code"] == "REQUEST_TIMEOUT"
    assert response.json()["request_id"] == response.headers["X-Request-ID"]
    assert [line["event"] for line in logs] == ["request"]


async def test_a_long_body_that_keeps_coming_is_not_too_late(impatient: FastAPI) -> None:
    @impatient.post("/uploads", max_body_size=10_000_000)
    async def upload(request: Request) -> int:
        return len(await request.body())

    async def body() -> AsyncGenerator[bytes]:
        for _ in range(4):
            yield b"x" * 2_000_000
            await asyncio.sleep(0.05)

    async with client_of(impatient) as client:
        response = await client.post("/uploads", content=body())

    assert response.json() == 8_000_000


async def test_an_answer_that_has_begun_is_not_answered_again(settings: Settings) -> None:
    app = create_app(settings)

    async def lines() -> AsyncIterator[str]:
        yield "first"
        raise ConnectionResetError

    @app.get("/stream")
    async def stream() -> StreamingResponse:
        return StreamingResponse(lines())

    async with client_of(app) as client:
        with pytest.raises(RuntimeError, match="response already started"):
            await client.get("/stream")


async def test_an_answer_that_has_begun_may_take_longer(impatient: FastAPI) -> None:
    async def lines() -> AsyncIterator[str]:
        yield "early"
        await asyncio.sleep(0.2)
        yield " and late"

    @impatient.get("/stream")
    async def stream() -> StreamingResponse:
        return StreamingResponse(lines())

    async with client_of(impatient) as client:
        assert (await client.get("/stream")).text == "early and late"
