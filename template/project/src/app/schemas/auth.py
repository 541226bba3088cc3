from typing import Literal

from pydantic import BaseModel, Field

from app.schemas.base import InputModel


class TokenPair(BaseModel):
    access_token: str = Field(examples=["eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"])
    refresh_token: str = Field(examples=["eyJhbGciOiJIUzI1NiJ9.eyJqdGkiOiIxIn0.c2lnbmF0dXJl"])
    token_type: Literal["bearer"] = "bearer"  # noqa: S105
    expires_in: int = Field(
        description="Lifetime of the access token, in seconds", examples=[900]
    )


class RefreshRequest(InputModel):
    refresh_token: str = Field(
        max_length=4096, examples=["eyJhbGciOiJIUzI1NiJ9.eyJqdGkiOiIxIn0.c2lnbmF0dXJl"]
    )
