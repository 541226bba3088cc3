import hashlib
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager

from fastapi import FastAPI
from httpx2 import AsyncClient, ConnectError, MockTransport, Request, Response
from pydantic import HttpUrl
from structlog.testing import capture_logs

from app.api.breached_passwords import refuse_breached
from app.api.http_client import CLIENTS
from app.config import Settings
from conftest import USERS, registration, serve

BREACHED = "a long but stolen one"
DIGEST = hashlib.sha1(BREACHED.encode(), usedforsecurity=False).hexdigest().upper()


def pwned_passwords(request: Request) -> Response:
    """A Pwned Passwords service that knows one password."""
    assert str(request.url) == f"https://pwned.test/range/{request.url.path[-5:]}"
    return Response(200, text=f"{'0' * 35}:3\r\n{DIGEST[5:]}:12\r\n")


def unreachable(request: Request) -> Response:
    raise ConnectError("refused", request=request)


@asynccontextmanager
async def serve_with(
    service: Callable[[Request], Response], app: FastAPI, settings: Settings
) -> AsyncGenerator[AsyncClient]:
    """Serve the app with a check of passwords by this service."""
    url = HttpUrl("https://pwned.test/")
    async with serve(app, settings.model_copy(update={"pwned_passwords_url": url})) as client:
        CLIENTS[app.state.resources] = AsyncClient(transport=MockTransport(service))
        yield client


async def test_breached_passwords_are_refused(running_app: FastAPI, settings: Settings) -> None:
    async with serve_with(pwned_passwords, running_app, settings) as client:
        response = await client.post(USERS, json=registration(password=BREACHED))
        assert response.status_code == 422
        assert response.json()["detail"] == "The password is too common"
        assert response.json()["errors"][0]["loc"] == ["body", "password"]

        resources = running_app.state.resources
        await refuse_breached(resources, "a long and unknown one", field="password")


async def test_passwords_are_accepted_while_the_service_is_down(
    running_app: FastAPI, settings: Settings
) -> None:
    with capture_logs() as logs:
        async with serve_with(unreachable, running_app, settings):
            await refuse_breached(running_app.state.resources, BREACHED, field="password")

    assert [line["event"] for line in logs] == ["breached_password_check_failed"]
    assert BREACHED not in str(logs)
