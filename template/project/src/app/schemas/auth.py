from typing import Literal, Self

from pydantic import BaseModel, Field, model_validator

from app.schemas.base import InputModel
from app.schemas.user import CurrentPassword, Password


class TokenPair(BaseModel):
    access_token: str = Field(examples=["eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"])
    refresh_token: str = Field(examples=["eyJhbGciOiJIUzI1NiJ9.eyJqdGkiOiIxIn0.c2lnbmF0dXJl"])
    token_type: Literal["bearer"] = "bearer"
    expires_in: int = Field(
        description="Lifetime of the access token, in seconds", examples=[1800]
    )


class RefreshRequest(InputModel):
    refresh_token: str = Field(max_length=4096, examples=["eyJhbGciOiJIUzI1NiJ9.e30.c2ln"])


class PasswordChange(InputModel):
    current_password: CurrentPassword
    new_password: Password = Field(examples=["a phrase that only Ada knows"])

    @model_validator(mode="after")
    def passwords_must_differ(self) -> Self:
        if self.new_password == self.current_password:
            raise ValueError("The new password is the current one")
        return self
