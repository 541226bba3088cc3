import secrets
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from time import time
from typing import Literal
from uuid import UUID

import jwt
from anyio import CapacityLimiter, to_thread
from pwdlib.hashers.argon2 import Argon2Hasher

from app.config import PasswordHashing, Settings
from app.core.exceptions import UnauthorizedError

HASHES_AT_A_TIME = 2
REMEMBERED_TOKENS = 1024
MAX_ID = 2**63 - 1
# How far the clock of another replica may be ahead. Expiry has no leeway.
CLOCK_SKEW = timedelta(seconds=10)

TokenType = Literal["access", "refresh"]


class PasswordHasher:
    """Hashes with Argon2id in a few threads, because a hash needs much time and memory."""

    def __init__(self, cost: PasswordHashing) -> None:
        self._hasher = Argon2Hasher(
            time_cost=cost.iterations,
            memory_cost=cost.memory_kib,
            # More lanes would take processor cores from other requests.
            parallelism=1,
        )
        self._limiter = CapacityLimiter(HASHES_AT_A_TIME)
        self._decoy = self._hasher.hash(secrets.token_urlsafe())

    async def hash(self, password: str) -> str:
        return await to_thread.run_sync(self._hasher.hash, composed(password), limiter=self._limiter)

    async def verify(self, password: str, hashed: str | None) -> bool:
        """Check a password; without a hash, return False after the same time."""
        return await to_thread.run_sync(
            self._hasher.verify, composed(password), hashed or self._decoy, limiter=self._limiter
        )

    def needs_rehash(self, hashed: str) -> bool:
        """Return True if the hash was not made with the current parameters."""
        return self._hasher.check_needs_rehash(hashed)


def composed(password: str) -> str:
    """Normalize a password (NFC): keyboards send accented letters in different ways."""
    return unicodedata.normalize("NFC", password)


@dataclass(frozen=True, slots=True)
class TokenClaims:
    user_id: int
    session_id: UUID
    token_id: UUID


@dataclass(frozen=True, slots=True)
class Caller:
    """The account that sends a request, with what most endpoints need to know of it."""

    id: int
    is_admin: bool
    session_id: UUID


class TokenCodec:
    """Signs and reads access and refresh tokens."""

    def __init__(self, settings: Settings) -> None:
        self._key = settings.secret_key.get_secret_value()
        self._algorithm = settings.algorithm
        self.lifetimes: dict[TokenType, timedelta] = {
            "access": timedelta(minutes=settings.access_token_expire_minutes),
            "refresh": timedelta(days=settings.refresh_token_expire_days),
        }
        # Clients send a token many times, and checking its signature is slow.
        self._verified = lru_cache(REMEMBERED_TOKENS)(self._verify)

    def encode(self, token_type: TokenType, claims: TokenClaims) -> str:
        now = datetime.now(UTC)
        payload = {
            "sub": str(claims.user_id),
            "sid": str(claims.session_id),
            "jti": str(claims.token_id),
            "type": token_type,
            "iat": now,
            "exp": now + self.lifetimes[token_type],
        }
        return jwt.encode(payload, self._key, algorithm=self._algorithm)

    def decode(self, token_type: TokenType, token: str) -> TokenClaims:
        """Read a token of this type; raises UnauthorizedError if it is not valid."""
        claims, expires_at = self._verified(token_type, token)
        if expires_at <= time():
            raise UnauthorizedError
        return claims

    def _verify(self, token_type: TokenType, token: str) -> tuple[TokenClaims, int]:
        try:
            payload = jwt.decode(
                token,
                self._key,
                algorithms=[self._algorithm],
                leeway=CLOCK_SKEW,
                options={"require": ["exp", "iat", "jti", "sid", "sub", "type"]},
            )
            user_id = int(payload["sub"])
            if payload["type"] != token_type or not 0 < user_id <= MAX_ID:
                raise UnauthorizedError
            claims = TokenClaims(user_id, UUID(str(payload["sid"])), UUID(str(payload["jti"])))
            return claims, int(payload["exp"])
        except (jwt.InvalidTokenError, ValueError):
            raise UnauthorizedError from None
