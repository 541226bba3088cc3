"""A cache for each user, in Redis or in the memory of this process."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, TypeVar
from weakref import WeakKeyDictionary

import cashews
import structlog
from cashews import CacheBackendInteractionError
from fastapi import Depends
from pydantic import BaseModel, ValidationError
from redis.exceptions import RedisError

from app.api.deps import CurrentCaller
from app.config import Settings
from app.dependencies import AppResources
from app.resources import Resources

REDIS_TIMEOUT_SECONDS = 0.2
# Callers wait this long for another one that loads the value, then load it themselves.
LONGEST_LOAD_SECONDS = 1
# uvloop raises RuntimeError for a connection that is reset while it is opened.
OUTAGES = (CacheBackendInteractionError, RedisError, RuntimeError)

Model = TypeVar("Model", bound=BaseModel)

STORES: WeakKeyDictionary[Resources, cashews.Cache] = WeakKeyDictionary()

logger = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Cache:
    """Stores Pydantic models; keys are separate from those of other scopes.

    While Redis is unreachable or refuses writes, values are loaded as if there were no cache.
    """

    store: cashews.Cache
    scope: str

    async def get_or_load(
        self,
        name: str,
        model: type[Model],
        load: Callable[[], Awaitable[Model]],
        *,
        ttl_seconds: float,
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
                    await self.store.set(key, content, expire=ttl_seconds)
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


def open_store(settings: Settings) -> cashews.Cache:
    store = cashews.Cache()
    store.setup(
        settings.redis_url or "mem://",
        suppress=False,
        pickle_type="json",
        disable=not settings.cache_enabled,
        socket_timeout=REDIS_TIMEOUT_SECONDS,
        socket_connect_timeout=REDIS_TIMEOUT_SECONDS,
    )
    return store


async def get_user_cache(caller: CurrentCaller, resources: AppResources) -> Cache:
    """Return a cache of what the caller may see."""
    if resources not in STORES:
        STORES[resources] = open_store(resources.settings)
        resources.exit_stack.push_async_callback(STORES[resources].close)
    return Cache(STORES[resources], f"user-{caller.id}")


UserCache = Annotated[Cache, Depends(get_user_cache)]
