import asyncio
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError  # noqa: A004
from sqlalchemy.ext.asyncio import AsyncEngine

from app.config import Settings
from app.core.rate_limit import RateLimiter
from app.core.security import PasswordHasher, TokenCodec
from app.database import Database

DISPOSE_TIMEOUT_SECONDS = 2


@dataclass(frozen=True, eq=False)
class Resources:
    """What the app opens at startup, on `app.state`; `exit_stack` closes what is opened later."""

    settings: Settings
    database: Database
    redis: Redis | None
    rate_limiter: RateLimiter
    passwords: PasswordHasher
    tokens: TokenCodec
    exit_stack: AsyncExitStack


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
        yield Resources(
            settings=settings,
            database=database,
            redis=redis,
            rate_limiter=RateLimiter(redis),
            passwords=PasswordHasher(settings.password_hashing),
            tokens=TokenCodec(settings),
            exit_stack=stack,
        )


async def _dispose(engine: AsyncEngine) -> None:
    # The process must end even if the database does not answer.
    with suppress(TimeoutError):
        await asyncio.wait_for(engine.dispose(), DISPOSE_TIMEOUT_SECONDS)
