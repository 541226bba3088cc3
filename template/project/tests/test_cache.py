import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient
from pydantic import BaseModel
from redis.asyncio import Connection

from app.api import cache as cache_module
from app.api.cache import Cache, open_store
from app.config import Settings
from conftest import UNREACHABLE_REDIS, USERS, make_account


class Answer(BaseModel):
    value: int


class Source:
    """A slow source that counts its loads."""

    def __init__(self) -> None:
        self.calls = 0

    async def load(self) -> Answer:
        self.calls += 1
        await asyncio.sleep(0.002)
        return Answer(value=self.calls)


@asynccontextmanager
async def opened(settings: Settings, **changes: object) -> AsyncGenerator[Cache]:
    store = open_store(settings.model_copy(update=changes))
    yield Cache(store, "user-1")
    await store.close()


@pytest.fixture(params=["memory", "redis"])
async def cache(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> AsyncGenerator[Cache]:
    # Long enough for a busy machine.
    monkeypatch.setattr(cache_module, "REDIS_TIMEOUT_SECONDS", 60)
    monkeypatch.setattr(cache_module, "LONGEST_LOAD_SECONDS", 60)
    url = request.getfixturevalue("redis_url") if request.param == "redis" else None
    async with opened(settings, redis_url=url) as cache:
        yield cache


async def test_loads_once(cache: Cache) -> None:
    source = Source()
    loads = [cache.get_or_load("key", Answer, source.load, ttl_seconds=60) for _ in range(5)]
    later = loads.pop()
    answers = [*await asyncio.gather(*loads), await later]

    assert answers == [Answer(value=1)] * 5


async def test_scopes_do_not_meet(cache: Cache) -> None:
    source = Source()
    for one in (cache, Cache(cache.store, "user-2")):
        await one.get_or_load("key", Answer, source.load, ttl_seconds=60)

    assert source.calls == 2


class OtherAnswer(BaseModel):
    text: str


async def test_values_of_another_release_are_loaded_anew(cache: Cache) -> None:
    async def load_other() -> OtherAnswer:
        return OtherAnswer(text="of another release")

    await cache.get_or_load("key", OtherAnswer, load_other, ttl_seconds=60)
    answer = await cache.get_or_load("key", Answer, Source().load, ttl_seconds=60)

    assert answer == Answer(value=1)


@pytest.mark.parametrize("change", [{"cache_enabled": False}, {"redis_url": UNREACHABLE_REDIS}])
async def test_values_are_loaded_without_a_cache(
    settings: Settings, change: dict[str, object]
) -> None:
    source = Source()
    async with opened(settings, **change) as cache:
        for _ in range(2):
            await cache.get_or_load("key", Answer, source.load, ttl_seconds=60)

    assert source.calls == 2


async def test_a_connection_that_was_reset_is_an_outage(
    settings: Settings, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object, **__: object) -> None:
        raise RuntimeError("the handler is closed")

    monkeypatch.setattr(Connection, "send_packed_command", fail)
    async with opened(settings, redis_url=redis_url) as cache:
        answer = await cache.get_or_load("key", Answer, Source().load, ttl_seconds=60)

    assert answer == Answer(value=1)


async def test_counts_of_users_are_stored(app: FastAPI, admin_client: AsyncClient) -> None:
    counts = (await admin_client.get(f"{USERS}/stats")).json()
    await make_account(app, "late")
    assert (await admin_client.get(f"{USERS}/stats")).json() == counts
