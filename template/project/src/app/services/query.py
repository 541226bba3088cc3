"""What all lists share: pages, order and search."""

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any, TypeVar

from pydantic import BaseModel
from sqlalchemy import ColumnElement, Select, UnaryExpression, func, inspect, true
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute, Mapper

from app.core.exceptions import ConflictError
from app.database import Base
from app.schemas.page import Page

Item = TypeVar("Item", bound=BaseModel)
Value = TypeVar("Value")


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


def equal(
    column: InstrumentedAttribute[Value] | InstrumentedAttribute[Value | None], value: Value | None
) -> ColumnElement[bool]:
    """Match a value; all rows when there is none to match, as below."""
    return true() if value is None else column == value


def at_least(
    column: InstrumentedAttribute[Value] | InstrumentedAttribute[Value | None], value: Value | None
) -> ColumnElement[bool]:
    return true() if value is None else column >= value


def at_most(
    column: InstrumentedAttribute[Value] | InstrumentedAttribute[Value | None], value: Value | None
) -> ColumnElement[bool]:
    return true() if value is None else column <= value


def contains(
    column: InstrumentedAttribute[str] | InstrumentedAttribute[str | None], text: str | None
) -> ColumnElement[bool]:
    """Match a text anywhere in a column; `%` and `_` stand for themselves."""
    return true() if text is None else column.icontains(text, autoescape=True)


async def require(session: AsyncSession, ids: Select[int], value: int | None, field: str) -> None:
    """Refuse the value of a field that refers to none of these rows; null refers to nothing."""
    if value is None:
        return
    found = ids.where(ids.selected_columns[0] == value)
    if await session.scalar(found) is None:
        raise ConflictError(f"{field} refers to what does not exist", fields=[field])


async def paginate(
    session: AsyncSession, query: Select[Any], page: Slice, item: type[Item]
) -> Page[Item]:
    """Run a query for one page and, in the same statement, count what all pages hold."""
    counted = query.order_by(None).with_only_columns(func.count(), maintain_column_froms=True)
    total = counted.correlate(None).scalar_subquery()
    columns = _columns(query.column_descriptions[0]["expr"], item)
    if columns:
        query = query.with_only_columns(*columns, total, maintain_column_froms=True)
    else:
        query = query.add_columns(total)
    found = await session.execute(query.limit(page.limit).offset(page.offset))
    rows = found.all()
    count = rows[0][-1] if rows else 0
    if not rows and page.offset:
        count = await session.scalar(counted) or 0
    items = rows if columns else [row[0] for row in rows]
    return Page[item].model_validate(  # type: ignore[valid-type]
        {"items": items, "total": count, "limit": page.limit, "offset": page.offset}
    )


@lru_cache
def _columns(selected: object, item: type[BaseModel]) -> list[InstrumentedAttribute[Any]]:
    """What an item shows, if all of it are columns of a model: entities would take longer."""
    mapper = inspect(selected, raiseerr=False)
    known = set(mapper.column_attrs.keys()) if isinstance(mapper, Mapper) else set()
    if not known.issuperset(item.model_fields):
        return []
    return [getattr(selected, name) for name in item.model_fields]
