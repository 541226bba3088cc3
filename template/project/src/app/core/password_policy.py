from functools import lru_cache
from pathlib import Path
from string import ascii_lowercase, digits

from anyio import to_thread

from app.core.exceptions import ValidationError
from app.core.text import folded

# The passwords of Django's list of common ones that have at least 8 characters.
COMMON_PASSWORDS = Path(__file__).parent / "common_passwords.txt"
MIN_DISTINCT_CHARACTERS = 3
# Digits may start again at 0, up to the length of the longest password.
IN_ORDER = ascii_lowercase + digits * 13


async def refuse_guessable(password: str, email: str, *, field: str) -> None:
    """Raise ValidationError if the password is common or the e-mail address."""
    plain = folded(password).strip()
    if plain in {folded(email), folded(email.partition("@")[0])}:
        raise ValidationError("The password is the e-mail address", fields=[field])
    if is_monotonous(plain) or plain in await to_thread.run_sync(common_passwords):
        raise ValidationError("The password is too common", fields=[field])


def is_monotonous(text: str) -> bool:
    """Return True if a text has very few different characters, or is part of a sequence."""
    return len(set(text)) < MIN_DISTINCT_CHARACTERS or text in IN_ORDER or text[::-1] in IN_ORDER


@lru_cache
def common_passwords() -> frozenset[str]:
    return frozenset(COMMON_PASSWORDS.read_text(encoding="utf-8").splitlines())
