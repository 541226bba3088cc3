import pytest
from pydantic import BaseModel, ValidationError

from app.schemas.types.strings import Email, SingleLineStr
from app.schemas.user import Password


class Account(BaseModel):
    email: Email = "ada@example.com"
    name: SingleLineStr = "Ada"
    password: Password | None = None


@pytest.mark.parametrize(
    ("field", "sent", "stored"),
    [
        ("name", " \u00e9 \U0001f600\u3000", "\u00e9 \U0001f600"),
        ("name", "Ada\n", "Ada"),
        ("email", "Kim@Example.COM", "kim@example.com"),
        ("email", "\N{KELVIN SIGN}im@E\u0301te\u0301.\uff26R", "kim@\u00e9t\u00e9.fr"),
        ("email", "kim@XN--fa-hia.de", "kim@fa\u00df.de"),
        ("email", "e\u0301@example.com", "\u00e9@example.com"),
    ],
)
def test_text_is_normalized(field: str, sent: str, stored: str) -> None:
    assert getattr(Account.model_validate({field: sent}), field) == stored


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *[("name", value) for value in (5, "a\x00", "a\nb", "\x1fa", "\ud800")],
        *[("email", value) for value in ("kim", "kim@localhost", "Kim <kim@example.com>")],
        *[("email", value) for value in ("\ud800@example.com", "k" * 10**6 + "@example.com")],
        # Case folding adds spaces.
        ("email", "\N{ARABIC LIGATURE SALLALLAHOU ALAYHE WASALLAM}@example.com"),
        ("password", "\ud800 horse battery"),
    ],
)
def test_invalid_text_is_refused(field: str, value: object) -> None:
    with pytest.raises(ValidationError):
        Account.model_validate({field: value})
