from uuid import uuid4

import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient
from pydantic import BaseModel, FiniteFloat
from sqlalchemy import delete, insert, text
from sqlalchemy.exc import DBAPIError
from structlog.testing import capture_logs

from app.api.deps import DbSession
from app.api.errors import MAX_FIELD_ERRORS
from app.config import Settings
from app.core.exceptions import AppException
from app.main import create_app
from app.models import Session, User
from app.models.mixins import utc_now
from conftest import ME, USERS, client_of

HASH = "private"
SHAPE = {"detail", "error_code", "request_id", "errors"}


class Number(BaseModel):
    value: FiniteFloat


@pytest.fixture(scope="module")
def broken_app(running_app: FastAPI, settings: Settings) -> FastAPI:
    """An app with routes that go wrong in every way, so that none of them commits."""
    broken = create_app(settings)
    broken.state.resources = running_app.state.resources

    @broken.get("/domain")
    async def domain() -> None:
        raise AppException("Not like this", fields=["name"], headers={"X-Reason": "test"})

    @broken.get("/bug")
    async def bug() -> None:
        raise RuntimeError("the reason")

    @broken.get("/timeout")
    async def timeout() -> None:
        raise TimeoutError

    @broken.get("/disconnected")
    async def disconnected() -> None:
        raise DBAPIError("SELECT 1", {}, Exception(), connection_invalidated=True)

    @broken.get("/wrong-statement")
    async def wrong_statement() -> None:
        raise DBAPIError("SELECT", {}, Exception())

    @broken.post("/foreign-key")
    async def foreign_key(db: DbSession) -> None:
        orphan = {"id": uuid4(), "user_id": 404, "refresh_token_id": uuid4()}
        await db.execute(insert(Session).values(orphan | {"expires_at": utc_now()}))

    @broken.delete("/in-use")
    async def in_use(db: DbSession) -> None:
        await db.execute(text("CREATE TABLE favorites (user_id int REFERENCES users (id))"))
        user = User(email="kim@example.com", hashed_password=HASH)
        db.add(user)
        await db.flush()
        await db.execute(text("INSERT INTO favorites VALUES (:id)"), {"id": user.id})
        await db.execute(delete(User).where(User.id == user.id))

    @broken.post("/not-null")
    async def not_null(db: DbSession) -> None:
        await db.execute(insert(User).values(email=None, hashed_password=HASH))

    @broken.post("/number")
    async def number(body: Number) -> Number:
        return body

    return broken


@pytest.fixture
def failing(broken_app: FastAPI) -> AsyncClient:
    return client_of(broken_app)


@pytest.mark.parametrize(
    ("method", "path", "status", "error_code"),
    [
        ("GET", "/domain", 400, "BAD_REQUEST"),
        ("GET", "/bug", 500, "INTERNAL_SERVER_ERROR"),
        ("GET", "/wrong-statement", 500, "INTERNAL_SERVER_ERROR"),
        ("GET", "/timeout", 503, "SERVICE_UNAVAILABLE"),
        ("GET", "/disconnected", 503, "SERVICE_UNAVAILABLE"),
        ("POST", "/foreign-key", 409, "CONFLICT"),
        ("DELETE", "/in-use", 409, "CONFLICT"),
        ("POST", "/not-null", 500, "INTERNAL_SERVER_ERROR"),
        ("POST", "/number", 422, "VALIDATION_ERROR"),
        ("GET", "/nowhere", 404, "NOT_FOUND"),
        ("PUT", "/bug", 405, "METHOD_NOT_ALLOWED"),
    ],
)
async def test_all_errors_have_one_shape(
    failing: AsyncClient, method: str, path: str, status: int, error_code: str
) -> None:
    response = await failing.request(method, path)

    assert response.status_code == status
    assert response.headers["Content-Type"] == "application/json"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    body = response.json()
    assert set(body) == SHAPE
    assert body["error_code"] == error_code
    assert body["request_id"] == response.headers["X-Request-ID"]
    assert ("Retry-After" in response.headers) == (status == 503)


async def test_domain_errors_carry_fields_and_headers(failing: AsyncClient) -> None:
    response = await failing.get("/domain")

    assert response.headers["X-Reason"] == "test"
    assert response.json()["detail"] == "Not like this"
    assert response.json()["errors"] == [
        {"loc": ["body", "name"], "msg": "Not like this", "type": "bad_request"}
    ]


async def test_bugs_are_logged_and_not_told(failing: AsyncClient) -> None:
    with capture_logs() as logs:
        response = await failing.get("/bug", headers={"Origin": "https://app.example.com"})

    # Without this header a browser would hide the response from the page.
    assert response.headers["Access-Control-Allow-Origin"] == "https://app.example.com"
    assert "the reason" not in response.text
    assert [line["event"] for line in logs if line.get("exc_info")] == ["unhandled_error"]


@pytest.mark.parametrize(
    ("path", "error"), [("/timeout", "TimeoutError()"), ("/disconnected", "(builtins.Exception)")]
)
async def test_an_outage_is_one_short_line(failing: AsyncClient, path: str, error: str) -> None:
    with capture_logs() as logs:
        await failing.get(path)

    [line] = [line for line in logs if line["log_level"] == "error"]
    assert line.keys() == {"event", "log_level", "error"}
    assert line["event"] == "dependency_unreachable"
    assert error in line["error"]


async def test_values_of_a_row_are_not_logged(failing: AsyncClient) -> None:
    with capture_logs() as logs:
        await failing.post("/not-null")

    [error] = [line for line in logs if line["log_level"] == "error"]
    assert error["event"] == "database_error"
    assert "INSERT INTO users" in error["statement"]
    assert "site-packages" not in error["exception"]
    assert HASH not in str(logs)


async def test_not_every_mistake_is_listed(client: AsyncClient) -> None:
    response = await client.post(USERS, json={f"field{n}": n for n in range(53)})

    assert response.status_code == 422
    assert len(response.json()["errors"]) == MAX_FIELD_ERRORS


async def test_very_many_unknown_fields_are_one_error(client: AsyncClient) -> None:
    response = await client.post(USERS, json={f"field{n}": n for n in range(1000)})

    assert response.status_code == 422
    assert [error["loc"] for error in response.json()["errors"]] == [["body"]]


@pytest.mark.parametrize("content", [b"{", b'{"\\ud800": 1}', b'{"value": "\xff"}', b"[" * 100_000])
async def test_broken_json_is_refused(failing: AsyncClient, content: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    response = await failing.post("/number", content=content, headers=headers)

    assert response.status_code in {400, 422}
    assert set(response.json()) == SHAPE


async def test_405_names_all_methods(client: AsyncClient) -> None:
    response = await client.post(ME)

    assert response.status_code == 405
    assert response.headers["Allow"] == "DELETE, GET, PATCH"
