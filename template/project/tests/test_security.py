import asyncio
import time

from app.config import PasswordHashing
from app.core.security import PasswordHasher


async def test_hashes_differ_and_verify() -> None:
    hasher = PasswordHasher(PasswordHashing(memory_kib=8, iterations=1, parallelism=1))
    first, second = await hasher.hash("a password"), await hasher.hash("a password")

    assert first != second
    assert await hasher.verify("a password", first)
    assert not await hasher.verify("another one", first)
    assert not await hasher.verify("a password", None)
    assert not hasher.needs_rehash(first)


async def test_the_event_loop_goes_on_while_passwords_are_hashed() -> None:
    hasher = PasswordHasher(PasswordHashing(memory_kib=16384, iterations=2, parallelism=1))
    hashing = asyncio.gather(*(hasher.hash("a password") for _ in range(3)))
    pauses = []
    while not hashing.done():
        started = time.perf_counter()
        await asyncio.sleep(0.001)
        pauses.append(time.perf_counter() - started)
    await hashing

    # On the loop, the three of them would be a single pause.
    assert len(pauses) > 3
