import pytest
from limits import parse
from redis.asyncio import Connection, Redis
from redis.exceptions import RedisError

from app.core.exceptions import TooManyRequestsError
from app.core.rate_limit import RateLimiter, client_key


async def test_processes_share_their_counts_in_redis(redis_url: str) -> None:
    limit = parse("2/minute")
    async with Redis.from_url(redis_url) as one, Redis.from_url(redis_url) as other:
        first, second = RateLimiter(one), RateLimiter(other)
        answers = [await limiter.hit(limit, "key") for limiter in (first, second)]
        assert [answer["RateLimit-Remaining"] for answer in answers] == ["1", "0"]
        for limiter in (first, second):
            with pytest.raises(TooManyRequestsError):
                await limiter.hit(limit, "key")

        await first.clear(limit, "key")
        await second.hit(limit, "key")


async def test_a_connection_that_was_reset_is_an_outage(
    redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object, **__: object) -> None:
        raise RuntimeError("the handler is closed")

    limit = parse("2/minute")
    monkeypatch.setattr(Connection, "send_packed_command", fail)
    async with Redis.from_url(redis_url) as redis:
        limiter = RateLimiter(redis)
        with pytest.raises(RedisError):
            await limiter.hit(limit, "key")
        with pytest.raises(RedisError):
            await limiter.clear(limit, "key")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("203.0.113.1", "203.0.113.1", True),
        ("203.0.113.1", "203.0.113.2", False),
        ("2001:db8::1", "2001:db8::ffff:0:0:1", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("::ffff:203.0.113.1", "::ffff:203.0.113.2", False),
        ("unknown", "unknown", True),
    ],
)
def test_a_client_has_one_address_or_a_network(one: str, other: str, same: bool) -> None:
    assert (client_key(one) == client_key(other)) is same
