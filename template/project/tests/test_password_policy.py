import pytest

from app.core.exceptions import ValidationError
from app.core.password_policy import common_passwords, refuse_guessable


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
        await refuse_guessable(password, "alice@example.com", field="password")


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
        await refuse_guessable(password, email, field="password")


@pytest.mark.parametrize("password", ["correct horse battery", "abcdefgi", "abcabcab", "13579bdf"])
async def test_takes_others(password: str) -> None:
    await refuse_guessable(password, "alice@example.com", field="password")
