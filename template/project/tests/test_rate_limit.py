from limits import parse
from redis.asyncio import Redis

from app.core.rate_limit import RateLimiter


async def test_processes_share_their_counts_in_redis(redis_url: str) -> None:
    limit = parse("2/minute")
    async with Redis.from_url(redis_url) as one, Redis.from_url(redis_url) as other:
        first, second = RateLimiter(one), RateLimiter(other)
        statuses = [await limiter.hit(limit, "key") for limiter in (first, second, first, second)]
        assert [status.allowed for status in statuses] == [True, True, False, False]
        assert [status.remaining for status in statuses] == [1, 0, 0, 0]

        await first.clear(limit, "key")
        assert (await second.hit(limit, "key")).allowed
