from typing import Any, Self

from pydantic import BaseModel, Field


class FieldError(BaseModel):
    loc: list[str | int] = Field(examples=[["body", "email"]])
    msg: str = Field(examples=["Field required"])
    type: str = Field(examples=["missing"])

    @classmethod
    def from_pydantic(cls, error: Any) -> Self:  # noqa: ANN401
        """Leave out the input: it may be a password, or no JSON (NaN)."""
        kind, message = error["type"], error["msg"]
        if kind in {"too_short", "too_long"} and isinstance(error["input"], str):
            # Pydantic counts "items" of a text if a validator runs before the limit.
            message = message.replace(" item", " character")
        return cls(loc=list(error["loc"]), msg=message, type=kind)


class ErrorResponse(BaseModel):
    """The shape of all errors."""

    detail: str = Field(description="For people", examples=["User with id 7 not found"])
    error_code: str = Field(description="For programs; stable", examples=["NOT_FOUND"])
    request_id: str = Field(description="Also in the X-Request-ID header and the logs")
    errors: list[FieldError] = Field(default=[], description="The fields that are wrong, if any")
