import asyncio
import time
from uuid import uuid4

import pytest

from app.config import PasswordHashing, Settings
from app.core.exceptions import UnauthorizedError
from app.core.security import PasswordHasher, TokenClaims, TokenCodec, TokenType


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


def test_a_token_that_was_read_before_expires(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    codec = TokenCodec(settings)
    claims = TokenClaims(1, uuid4(), uuid4())
    token = codec.encode(TokenType.ACCESS, claims)
    lifetime = codec.lifetimes[TokenType.ACCESS].total_seconds()
    now = time.time()

    monkeypatch.setattr("app.core.security.time", lambda: now + lifetime - 5)
    assert codec.decode(TokenType.ACCESS, token) == claims
    monkeypatch.setattr("app.core.security.time", lambda: now + lifetime + 5)
    with pytest.raises(UnauthorizedError):
        codec.decode(TokenType.ACCESS, token)
