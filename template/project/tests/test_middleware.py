from collections.abc import AsyncGenerator

import pytest
from httpx2 import AsyncClient
from structlog.testing import capture_logs

from app.config import Settings
from app.main import create_app
from conftest import ME, PASSWORD, TOKEN, USERS, Account, client_of

ORIGIN = "https://app.example.com"


@pytest.mark.parametrize(
    ("offered", "kept"), [("a.b_c-1", True), ("", False), ("x" * 65, False), ("<script>", False)]
)
async def test_keeps_a_sane_request_id(client: AsyncClient, offered: str, kept: bool) -> None:
    response = await client.get("/health", headers={"X-Request-ID": offered})

    assert (response.headers["X-Request-ID"] == offered) is kept
    assert response.headers["X-Request-ID"]


async def test_sends_security_headers(client: AsyncClient, settings: Settings) -> None:
    headers = (await client.get("/health")).headers

    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert headers["Cache-Control"] == "no-store"
    assert "Strict-Transport-Security" not in headers
    async with client_of(create_app(settings.model_copy(update={"environment": "production"}))) as https:
        headers = (await https.get("/health")).headers
    assert headers["Strict-Transport-Security"].startswith("max-age=")


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


async def test_refused_preflights_have_the_shape_of_all_errors(client: AsyncClient) -> None:
    preflight = {"Origin": ORIGIN, "Access-Control-Request-Method": "TRACE"}
    response = await client.options(ME, headers=preflight)

    assert response.status_code == 400
    assert response.json() == {
        "detail": response.json()["detail"],
        "error_code": "BAD_REQUEST",
        "request_id": response.headers["X-Request-ID"],
        "errors": [],
    }
    assert response.json()["detail"].startswith("Disallowed CORS ")
    assert "Origin" in response.headers["Vary"]


async def test_no_path_ends_with_a_line_break(client: AsyncClient, alice: Account) -> None:
    response = await client.delete(f"{ME}%0a", headers=alice.headers | {"Origin": ORIGIN})

    assert response.status_code == 404
    assert response.json()["request_id"] == response.headers["X-Request-ID"]
    assert response.headers["Access-Control-Allow-Origin"] == ORIGIN


@pytest.mark.parametrize("announced", [{"Content-Length": str(200 * 65536)}, {}])
async def test_refuses_large_bodies(client: AsyncClient, announced: dict[str, str]) -> None:
    async def body() -> AsyncGenerator[bytes]:
        for _ in range(200):
            yield b"x" * 65536

    headers = {"Content-Type": "application/json"} | announced
    response = await client.post(USERS, content=body(), headers=headers)

    assert response.status_code == 413
    assert response.json()["error_code"] == "CONTENT_TOO_LARGE"


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


async def test_forms_are_in_utf8(client: AsyncClient) -> None:
    headers = {"Content-Type": "multipart/form-data; boundary=a; charset=utf-7"}
    response = await client.post(TOKEN, content="--a--", headers=headers)

    assert response.status_code == 400
