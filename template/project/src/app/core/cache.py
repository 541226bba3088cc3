import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from typing import Any, Self, TypeVar

import cashews
import structlog
from cashews import CacheBackendInteractionError
from pydantic import BaseModel, ValidationError
from redis.exceptions import RedisError

TIMEOUT_SECONDS = 0.2
LONGEST_WAIT_SECONDS = 1

Model = TypeVar("Model", bound=BaseModel)

logger = structlog.get_logger(__name__)


class Cache:
    """A cache-aside store of Pydantic models, in Redis or in the memory of this process.

    When Redis does not answer or takes no writes, values are loaded as if there were no cache.
    """

    def __init__(self, store: cashews.Cache, scope: str = "all") -> None:
        self._store = store
        self._scope = scope

    @classmethod
    def from_url(cls, redis_url: str | None, *, enabled: bool = True) -> Self:
        store = cashews.Cache()
        if redis_url:
            store.setup(
                redis_url,
                middlewares=(_tell_outages,),
                suppress=False,
                pickle_type="json",
                disable=not enabled,
                socket_timeout=TIMEOUT_SECONDS,
                socket_connect_timeout=TIMEOUT_SECONDS,
            )
        else:
            store.setup("mem://", disable=not enabled)
        return cls(store)

    def scoped(self, scope: str) -> "Cache":
        """The same store, with keys apart from those of any other scope."""
        return Cache(self._store, scope)

    async def get_or_load(
        self,
        name: str,
        model: type[Model],
        load: Callable[[], Awaitable[Model]],
        *,
        ttl_seconds: float,
        tags: tuple[str, ...] = (),
    ) -> Model:
        """Return the stored value, or load and store it; many at once wait for one to load it."""
        key = f"{self._scope}:{name}"
        try:
            stored = await self._read(key, model)
            if stored is not None:
                return stored
            async with self._turn(key, ttl_seconds):
                stored = await self._read(key, model)
                if stored is not None:
                    return stored
                value = await load()
                await self._store.set(key, value.model_dump_json(), expire=ttl_seconds, tags=tags)
                return value
        except CacheBackendInteractionError as error:
            _log_outage(error)
            return await load()

    @asynccontextmanager
    async def _turn(self, key: str, seconds: float) -> AsyncGenerator[None]:
        # Whoever has the lock may load for long, or have died.
        lock = self._store.lock(f"lock:{key}", expire=seconds, check_interval=0.01)
        async with AsyncExitStack() as stack:
            with suppress(TimeoutError):
                async with asyncio.timeout(LONGEST_WAIT_SECONDS):
                    await stack.enter_async_context(lock)
            yield

    async def _read(self, key: str, model: type[Model]) -> Model | None:
        stored = await self._store.get(key)
        try:
            return None if stored is None else model.model_validate_json(stored)
        except ValidationError:
            # Another release wrote it, with other fields.
            return None

    async def invalidate(self, *tags: str) -> None:
        """Forget all values that were stored under any of these tags."""
        try:
            await self._store.delete_tags(*tags)
        except CacheBackendInteractionError as error:
            _log_outage(error)

    async def close(self) -> None:
        await self._store.close()


async def _tell_outages(
    call: Callable[..., Awaitable[Any]],
    cmd: object,  # noqa: ARG001
    backend: object,  # noqa: ARG001
    *args: Any,  # noqa: ANN401
    **options: Any,  # noqa: ANN401
) -> Any:  # noqa: ANN401
    try:
        return await call(*args, **options)
    except (RedisError, RuntimeError) as error:
        # Of pipelines, and of uvloop for a connection that was reset while it was opened.
        raise CacheBackendInteractionError from error


def _log_outage(error: CacheBackendInteractionError) -> None:
    logger.warning("cache_unreachable", error=str(error.__cause__))
