from typing import Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

MAX_UNKNOWN_FIELDS = 50


class InputModel(BaseModel):
    """Base of request bodies; unknown fields are an error."""

    model_config = ConfigDict(extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def refuse_many_unknown_fields(cls, data: object) -> object:
        # Each unknown field would be an error of its own: thousands of them take seconds.
        if isinstance(data, dict) and len(data) > len(cls.model_fields) + MAX_UNKNOWN_FIELDS:
            raise ValueError("has too many fields")
        return data


class OutputModel(BaseModel):
    """Base of responses; validates any object with these attributes."""

    # Keep row values out of validation errors and logs.
    model_config = ConfigDict(from_attributes=True, hide_input_in_errors=True)


def omittable() -> Any:  # noqa: ANN401
    """Return the default of a field of a partial update that may be left out but not be null."""
    # It is never stored: updates apply only the fields that were sent.
    return Field(default_factory=lambda: None)
