import time
from uuid import uuid4

import pytest

from app.config import PasswordHashing, Settings
from app.core.exceptions import UnauthorizedError
from app.core.security import PasswordHasher, TokenClaims, TokenCodec


async def test_hashes_differ_and_verify() -> None:
    hasher = PasswordHasher(PasswordHashing(memory_kib=8, iterations=1))
    first, second = await hasher.hash("a password"), await hasher.hash("a password")

    assert first != second
    assert await hasher.verify("a password", first)
    assert not await hasher.verify("another one", first)
    assert not await hasher.verify("a password", None)
    assert not hasher.needs_rehash(first)


def test_a_token_that_was_read_before_expires(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    codec = TokenCodec(settings)
    claims = TokenClaims(1, uuid4(), uuid4())
    token = codec.encode("access", claims)
    lifetime = codec.lifetimes["access"].total_seconds()
    now = time.time()

    monkeypatch.setattr("app.core.security.time", lambda: now + lifetime - 5)
    assert codec.decode("access", token) == claims
    monkeypatch.setattr("app.core.security.time", lambda: now + lifetime + 5)
    with pytest.raises(UnauthorizedError):
        codec.decode("access", token)
