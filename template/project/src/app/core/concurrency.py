from collections.abc import Callable
from typing import TypeVar

from anyio import CapacityLimiter, to_thread

T = TypeVar("T")


async def run_in_thread(
    function: Callable[..., T], *args: object, limiter: CapacityLimiter | None = None
) -> T:
    """Run blocking or processor-bound work aside, so that the event loop goes on serving.

    A `limiter` shared by the calls of one kind bounds how many of them run at a time.
    """
    return await to_thread.run_sync(function, *args, limiter=limiter)
