import hashlib
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from string import ascii_lowercase, digits

import structlog
from anyio import to_thread
from httpx2 import AsyncClient, HTTPError
from pydantic import HttpUrl

from app.core.exceptions import ValidationError
from app.core.text import folded

# The passwords of Django's list of common ones that have at least 8 characters.
COMMON_PASSWORDS = Path(__file__).parent / "common_passwords.txt"
MIN_DISTINCT_CHARACTERS = 3
# Digits may start again at 0, up to the length of the longest password.
IN_ORDER = ascii_lowercase + digits * 13

logger = structlog.get_logger(__name__)


class PasswordPolicy:
    """Refuses passwords that are easy to guess; the schema checks their length."""

    def __init__(self, http: Callable[[], AsyncClient], pwned_url: HttpUrl | None) -> None:
        self._http = http
        self._url = str(pwned_url).rstrip("/") if pwned_url else None

    async def check(self, password: str, email: str, *, field: str = "password") -> None:
        """Raise ValidationError if the password is common, breached or the e-mail address."""
        plain = folded(password).strip()
        if plain in {folded(email), folded(email.partition("@")[0])}:
            raise ValidationError("The password is the e-mail address", fields=[field])
        if (
            is_monotonous(plain)
            or plain in await to_thread.run_sync(common_passwords)
            or await self._is_breached(password)
        ):
            raise ValidationError("The password is too common", fields=[field])

    async def _is_breached(self, password: str) -> bool:
        """Ask a Pwned Passwords service, sending only the first five characters of the hash."""
        # https://haveibeenpwned.com/API/v3#PwnedPasswords
        if self._url is None:
            return False
        digest = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper()
        prefix, suffix = digest[:5], digest[5:]
        try:
            response = await self._http().get(f"{self._url}/range/{prefix}")
            response.raise_for_status()
        except HTTPError as error:
            # Registration goes on while the service is down.
            logger.warning("breached_password_check_failed", error=type(error).__name__)
            return False
        return any(line.partition(":")[0] == suffix for line in response.text.splitlines())


def is_monotonous(text: str) -> bool:
    """Return True if a text has very few different characters, or is part of a sequence."""
    return len(set(text)) < MIN_DISTINCT_CHARACTERS or text in IN_ORDER or text[::-1] in IN_ORDER


@lru_cache
def common_passwords() -> frozenset[str]:
    return frozenset(COMMON_PASSWORDS.read_text(encoding="utf-8").splitlines())
