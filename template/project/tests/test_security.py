import asyncio
import threading
import time
from uuid import uuid4

import pytest
from pwdlib.hashers.argon2 import Argon2Hasher

from app.config import PasswordHashing, Settings
from app.core.exceptions import UnauthorizedError
from app.core.security import PasswordHasher, TokenClaims, TokenCodec, TokenType


async def test_hashes_differ_and_verify() -> None:
    hasher = PasswordHasher(PasswordHashing(memory_kib=8, iterations=1))
    first, second = await hasher.hash("a password"), await hasher.hash("a password")

    assert first != second
    assert await hasher.verify("a password", first)
    assert not await hasher.verify("another one", first)
    assert not await hasher.verify("a password", None)
    assert not hasher.needs_rehash(first)


async def test_the_event_loop_goes_on_while_passwords_are_hashed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    loop_goes_on = threading.Event()

    def hash_until_it_does(_hasher: object, _password: str) -> str:
        assert loop_goes_on.wait(60)
        return ""

    hasher = PasswordHasher(PasswordHashing(memory_kib=8, iterations=1))
    monkeypatch.setattr(Argon2Hasher, "hash", hash_until_it_does)
    hashing = asyncio.create_task(hasher.hash("a password"))
    await asyncio.sleep(0.001)
    assert not hashing.done()
    loop_goes_on.set()
    await hashing


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
