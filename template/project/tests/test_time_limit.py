import asyncio
from collections.abc import AsyncGenerator
from contextlib import suppress

import pytest
from fastapi import Request
from httpx2 import ASGITransport, AsyncClient
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.types import Message, Receive, Scope, Send
from structlog.testing import capture_logs

from app import resources
from app.api.middleware import TimeLimitMiddleware
from app.config import Settings
from app.main import create_app
from app.resources import open_resources

FOREVER = 60
SCOPE: Scope = {"type": "http", "method": "GET", "path": "/", "headers": []}


async def test_a_request_that_takes_too_long_is_ended(settings: Settings) -> None:
    app = create_app(settings.model_copy(update={"request_timeout_seconds": 0.1}))

    @app.get("/slow")
    async def slow(request: Request) -> None:
        # Looks for the client's end without waiting for it.
        await request.is_disconnected()
        await asyncio.sleep(FOREVER)

    async with AsyncClient(transport=ASGITransport(app), base_url="http://test") as client:
        with capture_logs() as logs:
            response = await client.get("/slow")

    assert response.status_code == 503
    assert response.headers["Retry-After"] == "1"
    assert response.json()["error_code"] == "SERVICE_UNAVAILABLE"
    assert response.json()["request_id"] == response.headers["X-Request-ID"]
    assert [line["event"] for line in logs] == ["request_timed_out", "request"]


async def test_a_body_that_takes_too_long_is_the_fault_of_the_client(settings: Settings) -> None:
    async def body() -> AsyncGenerator[bytes]:
        yield b"{"
        await asyncio.sleep(FOREVER)

    app = create_app(settings.model_copy(update={"request_timeout_seconds": 0.1}))
    async with (
        app.router.lifespan_context(app),
        AsyncClient(transport=ASGITransport(app), base_url="http://test") as client,
    ):
        with capture_logs() as logs:
            response = await client.post("/api/v1/users", content=body())

    assert response.status_code == 408
    assert response.headers["Connection"] == "close"
    assert response.json()["error_code"] == "REQUEST_TIMEOUT"
    assert response.json()["request_id"] == response.headers["X-Request-ID"]
    assert [line["event"] for line in logs] == ["request"]


async def receive() -> Message:
    return {"type": "http.request"}


async def test_an_answer_that_has_begun_may_take_longer() -> None:
    sent: list[str] = []

    async def stream(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await asyncio.sleep(0.1)
        await send({"type": "http.response.body", "body": b"late"})

    async def send(message: Message) -> None:
        sent.append(message["type"])

    await TimeLimitMiddleware(stream, seconds=0.01)(SCOPE, receive, send)

    assert sent == ["http.response.start", "http.response.body"]


async def test_an_answer_that_begins_too_late_is_sent_all_the_same() -> None:
    sent: list[Message] = []

    async def answers_late(_scope: Scope, _receive: Receive, send: Send) -> None:
        with suppress(asyncio.CancelledError):
            await asyncio.sleep(FOREVER)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"late"})

    async def send(message: Message) -> None:
        sent.append(message)

    await TimeLimitMiddleware(answers_late, seconds=0.01)(SCOPE, receive, send)

    assert [message.get("status") for message in sent] == [200, None]


async def test_what_has_begun_too_late_is_not_answered_again() -> None:
    sent: list[Message] = []

    async def breaks_off_late(_scope: Scope, _receive: Receive, send: Send) -> None:
        try:
            await asyncio.sleep(FOREVER)
        finally:
            await send({"type": "http.response.start", "status": 200, "headers": []})

    async def send(message: Message) -> None:
        sent.append(message)

    with pytest.raises(TimeoutError):
        await TimeLimitMiddleware(breaks_off_late, seconds=0.01)(SCOPE, receive, send)

    assert [message["type"] for message in sent] == ["http.response.start"]


async def test_the_timeouts_of_others_are_not_its_own() -> None:
    async def breaks_off(_scope: Scope, _receive: Receive, _send: Send) -> None:
        raise TimeoutError

    async def send(_message: Message) -> None:
        raise AssertionError

    with pytest.raises(TimeoutError):
        await TimeLimitMiddleware(breaks_off, seconds=FOREVER)(SCOPE, receive, send)


async def test_a_database_that_does_not_answer_keeps_nobody_from_ending(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def hang(_engine: AsyncEngine) -> None:
        await asyncio.sleep(FOREVER)

    monkeypatch.setattr(AsyncEngine, "dispose", hang)
    monkeypatch.setattr(resources, "DISPOSE_TIMEOUT_SECONDS", 0.01)
    async with asyncio.timeout(FOREVER / 2), open_resources(settings):
        pass
