"""How rows are narrowed, and how many of them are asked for."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Dialect,
    Select,
    String,
    TypeDecorator,
    bindparam,
    inspect,
    or_,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute, Mapper

from app.core.exceptions import ConflictError

# Makes a condition of the name of its value, which is bound when the statement runs.
Filter = Callable[[str], ColumnElement[bool]]


@dataclass(frozen=True, slots=True)
class Slice:
    limit: int
    offset: int


class SearchedText(TypeDecorator[str]):
    """A part of a pattern of LIKE, in which `%` and `_` stand for themselves."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        return None if value is None else re.sub(r"[/%_]", r"/\g<0>", value)


def equal(attribute: InstrumentedAttribute[Any]) -> Filter:
    column = _column_of(attribute)
    return lambda name: column == bindparam(name)


def at_least(attribute: InstrumentedAttribute[Any]) -> Filter:
    column = _column_of(attribute)
    return lambda name: column >= bindparam(name)


def at_most(attribute: InstrumentedAttribute[Any]) -> Filter:
    column = _column_of(attribute)
    return lambda name: column <= bindparam(name)


def contains(*attributes: InstrumentedAttribute[Any]) -> Filter:
    """Match a text anywhere in one of the columns."""
    columns = [_column_of(attribute) for attribute in attributes]
    return lambda name: or_(
        *(column.icontains(bindparam(name, type_=SearchedText()), escape="/") for column in columns)
    )


def _column_of(attribute: InstrumentedAttribute[Any]) -> ColumnElement[Any]:
    """The column itself: a statement with an attribute in it takes longer."""
    mapper: Mapper[Any] = inspect(attribute.class_)
    return mapper.columns[attribute.key]


async def require(session: AsyncSession, ids: Select[int], value: int | None, field: str) -> None:
    """Refuse the value of a field that refers to none of these rows; null refers to nothing."""
    if value is None:
        return
    found = ids.where(ids.selected_columns[0] == value)
    if await session.scalar(found) is None:
        raise ConflictError(f"{field} refers to what does not exist", fields=[field])
