import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from functools import cache as cached

from httpx2 import AsyncClient
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError  # noqa: A004
from sqlalchemy.ext.asyncio import AsyncEngine

from app.config import Settings
from app.core.cache import Cache
from app.core.password_policy import PasswordPolicy
from app.core.rate_limit import RateLimiter
from app.core.security import PasswordHasher, TokenCodec
from app.database import Database

DISPOSE_TIMEOUT_SECONDS = 2


@dataclass(frozen=True)
class Resources:
    """Everything that the app opens at startup and closes at shutdown; kept on `app.state`."""

    database: Database
    cache: Cache
    rate_limiter: RateLimiter
    http: Callable[[], AsyncClient]
    passwords: PasswordHasher
    password_policy: PasswordPolicy
    tokens: TokenCodec
    redis: Redis | None


@asynccontextmanager
async def open_resources(settings: Settings) -> AsyncGenerator[Resources]:
    """Open all resources, and close them in reverse order; nothing connects until it is used."""
    async with AsyncExitStack() as stack:
        database = Database(settings)
        stack.push_async_callback(_dispose, database.engine)
        redis = None
        if settings.redis_url:
            redis = Redis.from_url(
                settings.redis_url,
                socket_timeout=1,
                socket_connect_timeout=1,
                # Once, for a connection that Redis has closed.
                retry=Retry(NoBackoff(), 1, supported_errors=(ConnectionError,)),
            )
            stack.push_async_callback(redis.aclose)
        cache = Cache.from_url(settings.redis_url, enabled=settings.cache_enabled)
        stack.push_async_callback(cache.store.close)

        @cached
        def http() -> AsyncClient:
            # Created on first use, because reading certificates is slow.
            client = AsyncClient(timeout=settings.http_timeout_seconds)
            stack.push_async_callback(client.aclose)
            return client

        yield Resources(
            database=database,
            cache=cache,
            rate_limiter=RateLimiter(redis),
            http=http,
            passwords=PasswordHasher(settings.password_hashing),
            password_policy=PasswordPolicy(http, settings.pwned_passwords_url),
            tokens=TokenCodec(settings),
            redis=redis,
        )


async def _dispose(engine: AsyncEngine) -> None:
    # The process must end even if the database does not answer.
    with suppress(TimeoutError):
        await asyncio.wait_for(engine.dispose(), DISPOSE_TIMEOUT_SECONDS)
