from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    EmailStr,
    Field,
    SecretStr,
    StringConstraints,
)

from app.core.text import normalize_email, printable

Email = Annotated[EmailStr, AfterValidator(normalize_email), Field(max_length=254)]
Line = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1), AfterValidator(printable)
]


def encodable(secret: SecretStr) -> SecretStr:
    """Refuse halves of surrogate pairs, which JSON can hold and nothing can encode."""
    try:
        secret.get_secret_value().encode()
    except UnicodeEncodeError:
        msg = "must be text"
        raise ValueError(msg) from None
    return secret


class InputModel(BaseModel):
    """What clients send: unknown fields are an error, not ignored."""

    model_config = ConfigDict(extra="forbid")


class OutputModel(BaseModel):
    """What clients get, read from a model or any other object with these attributes."""

    model_config = ConfigDict(from_attributes=True)


def omittable() -> Any:  # noqa: ANN401
    """Default of a field in a partial update that may be left out but not be null.

    The value is never seen: updates apply only the fields that were sent.
    """
    return Field(default_factory=lambda: None)
