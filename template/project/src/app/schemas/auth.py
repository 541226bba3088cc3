from typing import Literal

from pydantic import BaseModel, Field

from app.schemas.base import InputModel


class TokenPair(BaseModel):
    access_token: str
    refresh_token: str
    token_type: Literal["bearer"] = "bearer"  # noqa: S105
    expires_in: int = Field(description="Life of the access token, in seconds")


class RefreshRequest(InputModel):
    refresh_token: str = Field(max_length=4096)
