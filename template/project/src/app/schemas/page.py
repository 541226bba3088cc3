from typing import Generic, TypeVar

from pydantic import BaseModel, ConfigDict

T = TypeVar("T")


class Page(BaseModel, Generic[T]):
    # Errors would repeat the rows.
    model_config = ConfigDict(hide_input_in_errors=True)

    items: list[T]
    total: int
    limit: int
    offset: int
