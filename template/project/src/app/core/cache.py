from collections.abc import Awaitable, Callable
from typing import Self, TypeVar

import cashews
from pydantic import BaseModel

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
            store.setup(redis_url, pickle_type="json", disable=not enabled)
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
        stored = await self._store.get(key)
        if stored is None:
            async with self._store.lock(f"lock:{key}", expire=ttl_seconds, check_interval=0.01):
                stored = await self._store.get(key)
                if stored is None:
                    value = await load()
                    await self._store.set(
                        key, value.model_dump_json(), expire=ttl_seconds, tags=tags
                    )
                    return value
        return model.model_validate_json(stored)

    async def invalidate(self, *tags: str) -> None:
        """Forget all values that were stored under any of these tags."""
        await self._store.delete_tags(*tags)

    async def close(self) -> None:
        await self._store.close()
