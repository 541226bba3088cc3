from pydantic import BaseModel, Field


# A Pydantic error without its input, which may be a password or not valid JSON (NaN).
class FieldError(BaseModel):
    loc: list[str | int] = Field(examples=[["body", "email"]])
    msg: str = Field(examples=["Field required"])
    type: str = Field(examples=["missing"])


class ErrorResponse(BaseModel):
    """The shape of all errors."""

    detail: str = Field(description="For people", examples=["User with id 7 not found"])
    error_code: str = Field(description="For programs; stable", examples=["NOT_FOUND"])
    request_id: str = Field(description="Also in the X-Request-ID header and the logs")
    errors: list[FieldError] = Field(default=[], description="The fields that are wrong, if any")
