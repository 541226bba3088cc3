from typing import Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

MAX_UNKNOWN_FIELDS = 50


class InputModel(BaseModel):
    """What clients send: unknown fields are an error, not ignored."""

    model_config = ConfigDict(extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def refuse_many_unknown_fields(cls, data: object) -> object:
        # Each of them would be an error of its own, which takes longer than all the rest.
        if isinstance(data, dict) and len(data) > len(cls.model_fields) + MAX_UNKNOWN_FIELDS:
            msg = "has too many fields"
            raise ValueError(msg)
        return data


class OutputModel(BaseModel):
    """What clients get, read from a model or any other object with these attributes."""

    # Errors would repeat the row.
    model_config = ConfigDict(from_attributes=True, hide_input_in_errors=True)


def omittable() -> Any:  # noqa: ANN401
    """Default of a field in a partial update that may be left out but not be null.

    The value is never seen: updates apply only the fields that were sent.
    """
    return Field(default_factory=lambda: None)
