from typing import Annotated, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field

MAX_LIMIT = 100
MAX_TOTAL = 10_000

T = TypeVar("T")

Counted = Annotated[T | None, Field(exclude_if=lambda value: value is None)]


class PageParams(BaseModel):
    """Which page of a list to read."""

    limit: Annotated[int, Field(ge=1, le=MAX_LIMIT, description="The maximum number of items")] = 20
    cursor: str | None = Field(
        None, max_length=512, pattern="^[A-Za-z0-9_-]+$", description="`next` of the page before"
    )
    total: Annotated[bool, Field(description="Whether to count the items of all pages")] = False


class ListQuery(PageParams):
    """The page, order and filters of a list; subclasses declare the filters and the sort values."""

    sort: Annotated[str, Field(pattern="^-?created_at$")] = "created_at"


class Page(BaseModel, Generic[T]):
    # Keep row values out of validation errors and logs.
    model_config = ConfigDict(hide_input_in_errors=True)

    items: list[T]
    next: str | None = Field(description="`cursor` of the next page; null on the last one")
    total: Counted[int] = Field(None, description=f"Only if requested; at most {MAX_TOTAL}")
    total_is_exact: Counted[bool] = Field(None, description="Whether `total` counts all rows")
