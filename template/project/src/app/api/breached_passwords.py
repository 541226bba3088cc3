"""A check for breached passwords, if the settings name a Pwned Passwords service."""

import hashlib

import structlog
from httpx2 import HTTPError

from app.api.http_client import get_http_client
from app.core.exceptions import ValidationError
from app.resources import Resources

logger = structlog.get_logger(__name__)


async def refuse_breached(resources: Resources, password: str, *, field: str) -> None:
    """Raise ValidationError if the service knows the password.

    Sends only the first five characters of its hash: https://haveibeenpwned.com/API/v3#PwnedPasswords
    """
    url = resources.settings.pwned_passwords_url
    if url is None:
        return
    digest = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper()
    http = await get_http_client(resources)
    try:
        response = await http.get(f"{str(url).rstrip('/')}/range/{digest[:5]}")
        response.raise_for_status()
    except HTTPError as error:
        # Registration goes on while the service is down.
        logger.warning("breached_password_check_failed", error=type(error).__name__)
        return
    if any(line.partition(":")[0] == digest[5:] for line in response.text.splitlines()):
        raise ValidationError("The password is too common", fields=[field])
