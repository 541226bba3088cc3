from collections.abc import Awaitable, Callable
from typing import Self, TypeVar

import cashews
from pydantic import BaseModel, ValidationError

TIMEOUT_SECONDS = 0.2

Model = TypeVar("Model", bound=BaseModel)


class Cache:
    """A cache-aside store of Pydantic models, in Redis or in the memory of this process.

    When Redis does not answer, values are loaded as if there were no cache.
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
        """Return the stored value, or load and store it; many at once load it only once."""
        key = f"{self._scope}:{name}"
        stored = await self._read(key, model)
        if stored is not None:
            return stored
        async with self._store.lock(f"lock:{key}", expire=ttl_seconds, check_interval=0.01):
            stored = await self._read(key, model)
            if stored is not None:
                return stored
            value = await load()
            await self._store.set(key, value.model_dump_json(), expire=ttl_seconds, tags=tags)
            return value

    async def _read(self, key: str, model: type[Model]) -> Model | None:
        stored = await self._store.get(key)
        try:
            return None if stored is None else model.model_validate_json(stored)
        except ValidationError:
            # Another release wrote it, with other fields.
            return None

    async def invalidate(self, *tags: str) -> None:
        """Forget all values that were stored under any of these tags."""
        await self._store.delete_tags(*tags)

    async def close(self) -> None:
        await self._store.close()
