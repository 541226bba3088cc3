from typing import Any

from pydantic import BaseModel, ConfigDict, Field


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
