import pytest
from limits import parse
from redis.asyncio import Redis

from app.core.rate_limit import RateLimiter, counted_as


async def test_processes_share_their_counts_in_redis(redis_url: str) -> None:
    limit = parse("2/minute")
    async with Redis.from_url(redis_url) as one, Redis.from_url(redis_url) as other:
        first, second = RateLimiter(one), RateLimiter(other)
        statuses = [await limiter.hit(limit, "key") for limiter in (first, second, first, second)]
        assert [status.allowed for status in statuses] == [True, True, False, False]
        assert [status.remaining for status in statuses] == [1, 0, 0, 0]

        await first.clear(limit, "key")
        assert (await second.hit(limit, "key")).allowed


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
    assert (counted_as(one) == counted_as(other)) is same
