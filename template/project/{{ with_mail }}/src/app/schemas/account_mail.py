from pydantic import Field

from app.schemas.base import InputModel
from app.schemas.types.strings import Email
from app.schemas.user import Password


class EmailRequest(InputModel):
    email: Email


class TokenFromMail(InputModel):
    token: str = Field(
        pattern=r"^[A-Za-z0-9_-]{43}$", examples=["Zb3hG0eC0c1S4J9uQ2mXk7rT5vYwL8aN6dPfEoIiHsM"]
    )


class PasswordReset(TokenFromMail):
    new_password: Password
