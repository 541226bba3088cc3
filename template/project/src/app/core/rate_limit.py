from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import IPv6Address, IPv6Network
from math import ceil
from time import time
from typing import Any

from limits import RateLimitItem
from limits.aio.storage import MemoryStorage, RedisStorage
from limits.aio.strategies import SlidingWindowCounterRateLimiter
from redis.asyncio import Redis
from redis.exceptions import ConnectionError  # noqa: A004

from app.core.exceptions import TooManyRequestsError


def client_key(client_ip: str) -> str:
    """Return the key of a client: its IPv4 address, or the /64 network of its IPv6 address."""
    try:
        address = IPv6Address(client_ip)
    except ValueError:
        return client_ip
    network = IPv6Network((address, 64), strict=False)
    return client_ip if address.ipv4_mapped else str(network)


class RateLimiter:
    """Counts requests in Redis for all processes, or in the memory of this one."""

    def __init__(self, redis: Redis | None) -> None:
        storage: MemoryStorage | RedisStorage = MemoryStorage()
        if redis:
            options: Any = {"implementation": "redispy", "connection_pool": redis.connection_pool}
            storage = RedisStorage("async+redis://", **options)
        self._strategy = SlidingWindowCounterRateLimiter(storage)

    async def hit(self, limit: RateLimitItem, *key: str) -> dict[str, str]:
        """Count one request and return headers for the response.

        `key` names what is counted and for which client. Raises TooManyRequestsError over the limit.
        """
        with _connection_errors():
            allowed = await self._strategy.hit(limit, *key)
            reset_at, remaining = await self._strategy.get_window_stats(limit, *key)
        seconds = str(max(1, ceil(reset_at - time())))
        headers = {
            "RateLimit-Limit": str(limit.amount),
            "RateLimit-Remaining": str(remaining),
            "RateLimit-Reset": seconds,
            "RateLimit-Policy": f"{limit.amount};w={limit.get_expiry()}",
        }
        if not allowed:
            raise TooManyRequestsError(headers=headers | {"Retry-After": seconds})
        return headers

    async def clear(self, limit: RateLimitItem, *key: str) -> None:
        with _connection_errors():
            await self._strategy.clear(limit, *key)


@contextmanager
def _connection_errors() -> Iterator[None]:
    try:
        yield
    except RuntimeError as error:
        # uvloop raises it for a connection that was reset while it was opened.
        raise ConnectionError from error
