"""What all lists share: pages, order and search."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from pydantic import BaseModel
from sqlalchemy import ColumnElement, Select, UnaryExpression, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from app.core.exceptions import ConflictError
from app.database import Base
from app.schemas.page import Page

Item = TypeVar("Item", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Slice:
    limit: int
    offset: int


def order_by(model: type[Base], sort: StrEnum) -> list[UnaryExpression[Any]]:
    """Turn `-created_at` into its column, then the primary key so that pages do not overlap."""
    name = sort.removeprefix("-")
    names = [name] if name == "id" else [name, "id"]
    columns = [getattr(model, column) for column in names]
    return [column.desc() if sort.startswith("-") else column.asc() for column in columns]


def contains(
    column: InstrumentedAttribute[str] | InstrumentedAttribute[str | None], text: str
) -> ColumnElement[bool]:
    """Match a text anywhere in a column; `%` and `_` stand for themselves."""
    return column.icontains(text, autoescape=True)


async def require(session: AsyncSession, rows: Select[int], field: str) -> None:
    """Refuse the value of a field that refers to a row which a query does not find."""
    if await session.scalar(rows) is None:
        raise ConflictError(f"{field} refers to what does not exist", fields=[field])


async def paginate(
    session: AsyncSession, query: Select[Any], page: Slice, item: type[Item]
) -> Page[Item]:
    """Run a query for one page, and count what all pages hold."""
    total = await session.scalar(
        select(func.count()).select_from(query.order_by(None).subquery())
    )
    rows = await session.scalars(query.limit(page.limit).offset(page.offset))
    return Page[item](  # type: ignore[valid-type]
        items=[item.model_validate(row) for row in rows],
        total=total or 0,
        limit=page.limit,
        offset=page.offset,
    )
