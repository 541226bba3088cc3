import re
from collections.abc import AsyncGenerator, Iterator

import pytest
import structlog
from fastapi import Depends, Response, UploadFile, WebSocket, WebSocketDisconnect
from fastapi.testclient import TestClient
from httpx2 import ASGITransport, AsyncClient
from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.testclient import WebSocketDenialResponse
from structlog.testing import capture_logs

from app.core.exceptions import UnauthorizedError
from app.config import Settings
from app.main import create_app
from app.models import User
from conftest import API, ME, PASSWORD, TOKEN, USERS, Account

ORIGIN = "https://app.example.com"


@pytest.mark.parametrize("offered", ["abc-123", "a.b_c", "x" * 64])
async def test_keeps_a_sane_request_id(client: AsyncClient, offered: str) -> None:
    response = await client.get("/health", headers={"X-Request-ID": offered})

    assert response.headers["X-Request-ID"] == offered


@pytest.mark.parametrize("offered", ["", "x" * 65, "a b", "a\tb", "<script>"])
async def test_replaces_any_other(client: AsyncClient, offered: str) -> None:
    response = await client.get("/health", headers={"X-Request-ID": offered})

    assert response.headers["X-Request-ID"] != offered
    assert len(response.headers["X-Request-ID"]) == 32


async def test_sends_security_headers(client: AsyncClient) -> None:
    headers = (await client.get("/health")).headers

    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert headers["Cache-Control"] == "no-store"
    assert "Strict-Transport-Security" not in headers


async def test_endpoints_decide_on_caching_and_their_policy_only(settings: Settings) -> None:
    app = create_app(settings)

    @app.get("/picture")
    async def picture(response: Response) -> None:
        response.headers["Cache-Control"] = "max-age=60"
        response.headers["Content-Security-Policy"] = "default-src 'self'"
        response.headers["X-Frame-Options"] = "SAMEORIGIN"

    async with AsyncClient(transport=ASGITransport(app), base_url="http://test") as client:
        headers = (await client.get("/picture")).headers

    assert headers.get_list("Cache-Control") == ["max-age=60"]
    assert headers.get_list("Content-Security-Policy") == ["default-src 'self'"]
    assert headers.get_list("X-Frame-Options") == ["DENY"]


async def test_production_has_hsts(settings: Settings) -> None:
    app = create_app(settings.model_copy(update={"environment": "production"}))
    async with AsyncClient(transport=ASGITransport(app), base_url="http://test") as client:
        response = await client.get("/health")

    assert response.headers["Strict-Transport-Security"].startswith("max-age=")


@pytest.mark.parametrize(("origin", "allowed"), [(ORIGIN, ORIGIN), ("https://evil.example", None)])
async def test_cors_answers_listed_origins_only(
    client: AsyncClient, origin: str, allowed: str | None
) -> None:
    preflight = {"Origin": origin, "Access-Control-Request-Method": "PATCH"}
    for response in [
        await client.get("/health", headers={"Origin": origin}),
        await client.options(ME, headers=preflight),
    ]:
        assert response.headers.get("Access-Control-Allow-Origin") == allowed


async def test_cors_allows_the_headers_of_the_settings(settings: Settings) -> None:
    app = create_app(settings.model_copy(update={"cors_allow_headers": ["traceparent"]}))
    preflight = {"Origin": ORIGIN, "Access-Control-Request-Method": "PATCH"}
    async with AsyncClient(transport=ASGITransport(app), base_url="http://test") as client:
        for asked, status in {"authorization, traceparent": 200, "sentry-trace": 400}.items():
            headers = preflight | {"Access-Control-Request-Headers": asked}
            response = await client.options(ME, headers=headers)
            assert response.status_code == status


@pytest.mark.parametrize(
    "refused",
    [
        {"Origin": "https://evil.example"},
        {"Access-Control-Request-Method": "TRACE"},
        {"Access-Control-Request-Headers": "X-Forwarded-For"},
    ],
)
async def test_refused_preflights_have_the_shape_of_all_errors(
    client: AsyncClient, refused: dict[str, str]
) -> None:
    preflight = {"Origin": ORIGIN, "Access-Control-Request-Method": "PATCH"}
    response = await client.options(ME, headers=preflight | refused)

    assert response.status_code == 400
    assert response.json() == {
        "detail": response.json()["detail"],
        "error_code": "BAD_REQUEST",
        "request_id": response.headers["X-Request-ID"],
        "errors": [],
    }
    assert response.json()["detail"].startswith("Disallowed CORS ")
    assert "Origin" in response.headers["Vary"]


async def test_no_path_has_a_line_break(
    client: AsyncClient, alice: Account, session: AsyncSession
) -> None:
    contract = (await client.get(f"{API}/openapi.json")).json()
    operations = [(method, path) for path, of in contract["paths"].items() for method in of]
    headers = alice.headers | {"Origin": ORIGIN}
    body = {"email": "new@example.com", "password": PASSWORD}
    for method, path in operations:
        url = re.sub("{.*?}", "1", path) + "%0a"
        response = await client.request(method, url, headers=headers, json=body)

        assert response.status_code == 404, (method, path)
        assert response.json()["error_code"] == "NOT_FOUND"
        assert response.json()["request_id"] == response.headers["X-Request-ID"]
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert ("post", USERS) in operations
    assert not await session.scalar(select(exists().where(User.email == body["email"])))


async def test_refuses_large_bodies_by_their_announced_length(client: AsyncClient) -> None:
    read = 0

    async def body() -> AsyncGenerator[bytes]:
        nonlocal read
        for _ in range(200):
            read += 65536
            yield b"x" * 65536

    headers = {"Content-Type": "application/json", "Content-Length": str(200 * 65536)}
    response = await client.post(USERS, content=body(), headers=headers)

    assert response.status_code == 413
    assert response.json()["error_code"] == "CONTENT_TOO_LARGE"


async def test_refuses_large_bodies_while_they_come(client: AsyncClient) -> None:
    async def body() -> AsyncGenerator[bytes]:
        for _ in range(200):
            yield b"x" * 65536

    headers = {"Content-Type": "application/json"}
    response = await client.post(USERS, content=body(), headers=headers)

    assert response.status_code == 413
    assert set(response.json()) == {"detail", "error_code", "request_id", "errors"}


async def test_refused_bodies_change_nothing(client: AsyncClient, alice: Account) -> None:
    # The endpoint itself reads no body.
    request = client.build_request("DELETE", ME, content=b"x" * 2_000_000, headers=alice.headers)
    assert (await client.send(request)).status_code == 413

    assert (await client.get(ME, headers=alice.headers)).status_code == 200


async def test_logs_each_request_and_no_secrets(client: AsyncClient, alice: Account) -> None:
    with capture_logs() as logs:
        await client.get(f"{ME}?token=private", headers=alice.headers)
        form = {"username": alice.email, "password": PASSWORD}
        await client.post(TOKEN, data=form)

    lines = [line for line in logs if line["event"] == "request"]
    assert [(line["method"], line["path"], line["status"]) for line in lines] == [
        ("GET", ME, 200),
        ("POST", TOKEN, 200),
    ]
    assert all(line["duration_ms"] > 0 for line in lines)
    for secret in ("private", PASSWORD, alice.access_token):
        assert secret not in str(logs)


async def test_a_route_may_have_a_body_limit_of_its_own(settings: Settings) -> None:
    app = create_app(settings)

    @app.post("/photos", max_body_size=3_000_000)
    async def upload(photo: UploadFile) -> int:
        return len(await photo.read())

    async with AsyncClient(transport=ASGITransport(app), base_url="http://test") as client:
        for size, status in {2_000_000: 200, 4_000_000: 413}.items():
            response = await client.post("/photos", files={"photo": b"x" * size})
            assert response.status_code == status
            assert response.headers["X-Content-Type-Options"] == "nosniff"

    assert response.json()["error_code"] == "CONTENT_TOO_LARGE"
    assert response.json()["request_id"] == response.headers["X-Request-ID"]


@pytest.mark.parametrize(
    ("charset", "status"),
    [("utf-8", 401), ('"UTF-8"', 401), ("utf-7", 400), ("idna", 400), ("utf-8x", 400)],
)
async def test_forms_are_in_utf8(client: AsyncClient, charset: str, status: int) -> None:
    form = "".join(
        f'--a\r\nContent-Disposition: form-data; name="{name}"\r\n\r\nx\r\n'
        for name in ("username", "password")
    )
    headers = {"Content-Type": f"multipart/form-data; boundary=a; charset={charset}"}
    response = await client.post(TOKEN, content=f"{form}--a--", headers=headers)

    assert response.status_code == status


async def test_nothing_that_is_bound_is_logged_with_the_next_request(settings: Settings) -> None:
    app = create_app(settings)

    @app.get("/bound")
    async def bind() -> None:
        structlog.contextvars.bind_contextvars(name="Alice")

    @app.get("/names")
    async def read_names() -> list[str]:
        return list(structlog.contextvars.get_contextvars())

    # In one context, as for pipelined requests.
    async with AsyncClient(transport=ASGITransport(app), base_url="http://test") as client:
        await client.get("/bound")
        assert (await client.get("/names")).json() == ["request_id"]


@pytest.fixture(scope="module")
def sockets(settings: Settings) -> Iterator[TestClient]:
    """A client of an app with WebSockets that fail in every way."""
    app = create_app(settings)

    async def refuse() -> None:
        raise UnauthorizedError

    @app.websocket("/refused", dependencies=[Depends(refuse)])
    async def refused(_: WebSocket) -> None: ...

    @app.websocket("/echo")
    async def echo(socket: WebSocket, times: int = 1) -> None:
        await socket.accept()
        while True:
            await socket.send_text(times * await socket.receive_text())

    @app.websocket("/bug")
    async def bug(_: WebSocket) -> None:
        raise RuntimeError

    @app.websocket("/late")
    async def late(socket: WebSocket, *, bug: bool = False, close: bool = False) -> None:
        await socket.accept()
        if close:
            await socket.close()
        raise RuntimeError if bug else UnauthorizedError

    with TestClient(app) as client:
        yield client


def test_a_socket_is_logged_until_the_client_leaves(sockets: TestClient) -> None:
    with capture_logs() as logs, sockets.websocket_connect("/echo?token=private") as socket:
        socket.send_text("hello")
        assert socket.receive_text() == "hello"

    assert [(line["event"], line["status"]) for line in logs] == [("request", 101)]
    assert "private" not in str(logs)


@pytest.mark.parametrize(
    ("path", "status", "error_code"),
    [
        ("/nowhere", 404, "NOT_FOUND"),
        ("/health", 404, "NOT_FOUND"),
        ("/echo%0a", 404, "NOT_FOUND"),
        ("/refused", 401, "UNAUTHORIZED"),
        ("/echo?times=many", 422, "VALIDATION_ERROR"),
        ("/bug", 500, "INTERNAL_SERVER_ERROR"),
    ],
)
def test_a_refused_handshake_has_the_shape_of_all_errors(
    sockets: TestClient, path: str, status: int, error_code: str
) -> None:
    with pytest.raises(WebSocketDenialResponse) as denial, sockets.websocket_connect(path):
        pass

    response = denial.value
    assert (response.status_code, response.json()["error_code"]) == (status, error_code)
    assert response.json()["request_id"] == response.headers["X-Request-ID"]
    assert response.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("query", "code"), [("", 1008), ("?bug=true", 1011), ("?close=true", 1000)]
)
def test_a_socket_that_fails_is_closed(sockets: TestClient, query: str, code: int) -> None:
    with (
        sockets.websocket_connect(f"/late{query}") as socket,
        pytest.raises(WebSocketDisconnect) as closed,
    ):
        socket.receive_text()

    assert closed.value.code == code
