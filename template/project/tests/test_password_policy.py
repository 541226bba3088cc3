import hashlib

import pytest
from httpx2 import AsyncClient, ConnectError, MockTransport, Request, Response
from pydantic import HttpUrl
from structlog.testing import capture_logs

from app.core.exceptions import ValidationError
from app.services.password_policy import PasswordPolicy, common_passwords

BREACHED = "a long but stolen one"
DIGEST = hashlib.sha1(BREACHED.encode(), usedforsecurity=False).hexdigest().upper()


def service(request: Request) -> Response:
    """A Pwned Passwords service that knows one password."""
    assert str(request.url) == f"https://pwned.test/range/{request.url.path[-5:]}"
    return Response(200, text=f"{'0' * 35}:3\r\n{DIGEST[5:]}:12\r\n")


def test_knows_the_common_passwords() -> None:
    common_passwords.cache_clear()

    assert "password123" in common_passwords()
    assert len(common_passwords()) > 3000


async def test_refuses_breached_passwords() -> None:
    async with AsyncClient(transport=MockTransport(service)) as http:
        policy = PasswordPolicy(http, HttpUrl("https://pwned.test/"))
        await policy.check("a long and unknown one", "alice@example.com")
        with pytest.raises(ValidationError, match="too common"):
            await policy.check(BREACHED, "alice@example.com")


async def test_lets_people_in_while_the_service_is_down() -> None:
    def refuse(request: Request) -> Response:
        raise ConnectError("refused", request=request)

    async with AsyncClient(transport=MockTransport(refuse)) as http:
        policy = PasswordPolicy(http, HttpUrl("https://pwned.test"))
        with capture_logs() as logs:
            await policy.check(BREACHED, "alice@example.com")

    assert [line["event"] for line in logs] == ["breached_password_check_failed"]
    assert BREACHED not in str(logs)
