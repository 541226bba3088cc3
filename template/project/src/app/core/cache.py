from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Self, TypeVar

import cashews
import structlog
from cashews import CacheBackendInteractionError
from pydantic import BaseModel, ValidationError
from redis.exceptions import RedisError

REDIS_TIMEOUT_SECONDS = 0.2
# Callers wait this long for another one that loads the value, then load it themselves.
LONGEST_LOAD_SECONDS = 1
# uvloop raises RuntimeError for a connection that is reset while it is opened.
OUTAGES = (CacheBackendInteractionError, RedisError, RuntimeError)

Model = TypeVar("Model", bound=BaseModel)

logger = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Cache:
    """Stores Pydantic models in Redis, or in the memory of this process.

    While Redis is unreachable or refuses writes, values are loaded as if there were no cache.
    """

    store: cashews.Cache
    scope: str = "all"

    @classmethod
    def from_url(cls, redis_url: str | None, *, enabled: bool = True) -> Self:
        store = cashews.Cache()
        store.setup(
            redis_url or "mem://",
            suppress=False,
            pickle_type="json",
            disable=not enabled,
            socket_timeout=REDIS_TIMEOUT_SECONDS,
            socket_connect_timeout=REDIS_TIMEOUT_SECONDS,
        )
        return cls(store)

    def scoped(self, scope: str) -> Self:
        """Return a view of the same store, whose keys are separate from those of other scopes."""
        return replace(self, scope=scope)

    async def get_or_load(
        self,
        name: str,
        model: type[Model],
        load: Callable[[], Awaitable[Model]],
        *,
        ttl_seconds: float,
        tags: tuple[str, ...] = (),
    ) -> Model:
        """Return the stored value, or load and store it; concurrent callers wait for one load."""
        key = f"{self.scope}:{name}"
        try:
            if (stored := await self._read(key, model)) is not None:
                return stored
            lock = self.store.lock(f"lock:{key}", expire=LONGEST_LOAD_SECONDS, check_interval=0.01)
            async with lock:
                if (stored := await self._read(key, model)) is None:
                    stored = await load()
                    content = stored.model_dump_json()
                    await self.store.set(key, content, expire=ttl_seconds, tags=tags)
                return stored
        except OUTAGES as error:
            logger.warning("cache_unreachable", error=repr(error.__cause__ or error))
            return await load()

    async def _read(self, key: str, model: type[Model]) -> Model | None:
        stored = await self.store.get(key)
        try:
            return None if stored is None else model.model_validate_json(stored)
        except ValidationError:
            # Another release stored it, with different fields.
            return None

    async def invalidate(self, *tags: str) -> None:
        """Delete all values that were stored with any of these tags."""
        try:
            await self.store.delete_tags(*tags)
        except OUTAGES as error:
            logger.warning("cache_unreachable", error=repr(error.__cause__ or error))
