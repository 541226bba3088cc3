import asyncio
from collections.abc import AsyncGenerator

import pytest
from pydantic import BaseModel
from redis.asyncio import Connection

from app.core import cache as cache_module
from app.core.cache import Cache
from conftest import UNREACHABLE_REDIS


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


@pytest.fixture(params=["memory", "redis"])
async def cache(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> AsyncGenerator[Cache]:
    # Long enough for a busy machine.
    monkeypatch.setattr(cache_module, "REDIS_TIMEOUT_SECONDS", 60)
    monkeypatch.setattr(cache_module, "LONGEST_LOAD_SECONDS", 60)
    url = request.getfixturevalue("redis_url") if request.param == "redis" else None
    cache = Cache.from_url(url)
    yield cache
    await cache.store.close()


async def test_loads_once(cache: Cache) -> None:
    source = Source()
    answers = [
        await cache.get_or_load("key", Answer, source.load, ttl_seconds=60) for _ in range(3)
    ]

    assert answers == [Answer(value=1)] * 3


async def test_loads_once_for_many_at_once(cache: Cache) -> None:
    source = Source()
    load = cache.get_or_load("key", Answer, source.load, ttl_seconds=60)
    others = [cache.get_or_load("key", Answer, source.load, ttl_seconds=60) for _ in range(4)]
    await asyncio.gather(load, *others)

    assert source.calls == 1


async def test_scopes_do_not_meet(cache: Cache) -> None:
    source = Source()
    for user in ("alice", "bob"):
        await cache.scoped(user).get_or_load("key", Answer, source.load, ttl_seconds=60)

    assert source.calls == 2


async def test_tags_invalidate(cache: Cache) -> None:
    source = Source()
    for tags in (("users",), ("items",)):
        for _ in range(2):
            await cache.get_or_load(tags[0], Answer, source.load, ttl_seconds=60, tags=tags)
    await cache.invalidate("users")
    for name in ("users", "items"):
        await cache.get_or_load(name, Answer, source.load, ttl_seconds=60)

    assert source.calls == 3


class OtherAnswer(BaseModel):
    text: str


async def test_values_of_another_release_are_loaded_anew(cache: Cache) -> None:
    async def load_other() -> OtherAnswer:
        return OtherAnswer(text="of another release")

    await cache.get_or_load("key", OtherAnswer, load_other, ttl_seconds=60)
    answer = await cache.get_or_load("key", Answer, Source().load, ttl_seconds=60)

    assert answer == Answer(value=1)


async def test_a_disabled_cache_always_loads() -> None:
    cache = Cache.from_url(None, enabled=False)
    source = Source()
    for _ in range(2):
        await cache.get_or_load("key", Answer, source.load, ttl_seconds=60)
    await cache.store.close()

    assert source.calls == 2


async def test_without_redis_values_are_loaded() -> None:
    cache = Cache.from_url(UNREACHABLE_REDIS)
    source = Source()
    for _ in range(2):
        await cache.get_or_load("key", Answer, source.load, ttl_seconds=60)
    await cache.store.close()

    assert source.calls == 2


async def test_a_connection_that_was_reset_is_an_outage(
    redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object, **__: object) -> None:
        raise RuntimeError("the handler is closed")

    monkeypatch.setattr(Connection, "send_packed_command", fail)
    cache = Cache.from_url(redis_url)
    await cache.invalidate("users")
    answer = await cache.get_or_load("key", Answer, Source().load, ttl_seconds=60)
    await cache.store.close()

    assert answer == Answer(value=1)
