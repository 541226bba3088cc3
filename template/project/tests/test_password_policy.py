import hashlib

import pytest
from httpx2 import AsyncClient, ConnectError, MockTransport, Request, Response
from pydantic import HttpUrl
from structlog.testing import capture_logs

from app.core.exceptions import ValidationError
from app.core.password_policy import PasswordPolicy, common_passwords

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


@pytest.mark.parametrize(
    "password",
    [
        "password", "michelle", "qwertyuiop", "admin1234", "aaaaaaaa", "00000000000", "abababababab",
        "abcdefgh", "zyxwvutsr", "0123456789", "123456789012", "987654321", "87654321098", "        ",
        "PassWord", "password ", "\u3000password", "\uff50\uff41\uff53\uff53\uff57\uff4f\uff52\uff44",
    ],
)  # fmt: skip
async def test_refuses_passwords_that_are_guessed_first(password: str) -> None:
    with pytest.raises(ValidationError, match="too common"):
        await PasswordPolicy(AsyncClient, None).check(password, "alice@example.com")


@pytest.mark.parametrize(
    ("password", "email"),
    [
        ("Alice.Liddell", "alice.liddell@example.com"),
        (" alice@example.com", "alice@example.com"),
        ("strasse@fa\u00df.de", "strasse@fa\u00df.de"),
        ("Stra\u00dfe@FASS.de", "strasse@fa\u00df.de"),
    ],
)
async def test_refuses_the_address(password: str, email: str) -> None:
    with pytest.raises(ValidationError, match="is the e-mail address"):
        await PasswordPolicy(AsyncClient, None).check(password, email)


@pytest.mark.parametrize("password", ["correct horse battery", "abcdefgi", "abcabcab", "13579bdf"])
async def test_takes_others(password: str) -> None:
    await PasswordPolicy(AsyncClient, None).check(password, "alice@example.com")


async def test_refuses_breached_passwords() -> None:
    async with AsyncClient(transport=MockTransport(service)) as http:
        policy = PasswordPolicy(lambda: http, HttpUrl("https://pwned.test/"))
        await policy.check("a long and unknown one", "alice@example.com")
        with pytest.raises(ValidationError, match="too common"):
            await policy.check(BREACHED, "alice@example.com")


async def test_lets_people_in_while_the_service_is_down() -> None:
    def refuse(request: Request) -> Response:
        raise ConnectError("refused", request=request)

    async with AsyncClient(transport=MockTransport(refuse)) as http:
        policy = PasswordPolicy(lambda: http, HttpUrl("https://pwned.test"))
        with capture_logs() as logs:
            await policy.check(BREACHED, "alice@example.com")

    assert [line["event"] for line in logs] == ["breached_password_check_failed"]
    assert BREACHED not in str(logs)
