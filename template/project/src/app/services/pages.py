"""Keyset pages of any SELECT: a page costs the same however far into the list it is.

A page starts after the last row of the page before: `WHERE (created_at, id) > (:value, :id)`. Rows
with null in the sort column come last in both directions. They are read by a statement of their
own, so that one ordinary index, such as (owner_id, created_at, id), serves both directions.
"""

import re
from functools import lru_cache
from types import NoneType
from typing import Any, Generic, TypeVar, get_args

from pydantic import BaseModel
from pydantic_core import to_json
from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    ColumnElement,
    Dialect,
    Integer,
    Select,
    String,
    TypeDecorator,
    bindparam,
    func,
    not_,
    or_,
    select,
    tuple_,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.types import TypeEngine

from app.core.exceptions import InvalidCursorError
from app.schemas.page import MAX_TOTAL, ListQuery, Page, PageParams
from app.services.cursors import MAX_TEXT, CursorCodec

DEFAULT_SORT = "created_at"
MAX_PAGE_BYTES = 2_000_000
# Shorter texts cannot fill a page.
LONGEST_SHORT_TEXT = 500
STATEMENTS_TO_REMEMBER = 256

Shown = TypeVar("Shown", bound=BaseModel)
# The name of each filter that is sent; for one that is a switch, with its value.
Given = tuple[tuple[str, bool | None], ...]


class LikeText(TypeDecorator[str]):
    """Part of a LIKE pattern in which `%` and `_` stand for themselves."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        return None if value is None else re.sub(r"[/%_]", r"/\g<0>", value)


def contains(*columns: ColumnElement[Any]) -> ColumnElement[bool]:
    """Return the condition that one of the columns contains the text of `search`, in any case."""
    text = bindparam("search", type_=LikeText())
    return or_(*(column.icontains(text, escape="/") for column in columns))


class Order:
    """The column that a list is sorted by, before the id, and the cursors for it."""

    def __init__(self, statement: Select[Any], schema: type[BaseModel], sort: str) -> None:
        self.name = sort.removeprefix("-")
        self.descending = sort.startswith("-")
        self.column = statement.selected_columns[self.name]
        self.id = statement.selected_columns.id
        annotation = schema.model_fields[self.name].annotation
        # The schema knows better than the column, which an outer join may leave null.
        self.nullable = NoneType in get_args(annotation)
        python_type = self.column.type.python_type
        # A TypeDecorator does not tell the type of its values.
        value_type: Any = annotation if python_type is object else python_type
        self.cursors = CursorCodec(
            sort, value_type | None if self.nullable else value_type, self.column.type
        )
        self.value_of_row = statement.with_only_columns(
            self.column, maintain_column_froms=True
        ).where(self.id == bindparam("_last_id"))

    def sorted(self, statement: Select[Any], *, after: bool, nulls: bool) -> Select[Any]:
        """Add the order, and conditions for rows `after` a position, and with or without null."""
        if self.nullable:
            is_null = self.column.is_(None)
            statement = statement.where(is_null if nulls else ~is_null)
        if after:
            last_id = bindparam("_last_id", type_=self.id.type)
            position: ColumnElement[Any] = self.id
            last: ColumnElement[Any] = last_id
            if not nulls:
                # The numbers of forged cursors may not fit the column.
                of_type = self.column.type
                widest = BigInteger() if isinstance(of_type, Integer) else of_type
                position = tuple_(self.column, self.id)
                last = tuple_(bindparam("_last_value", type_=widest), last_id)
            statement = statement.where(position < last if self.descending else position > last)
        columns = (self.column, self.id)
        return statement.order_by(*(one.desc() if self.descending else one for one in columns))


class Pages(Generic[Shown]):
    """Reads pages of a SELECT of columns as a response schema.

    Each filter of the query model has a keyword argument, which is one of these:
    - a column, which is compared with a list of values;
    - a condition with a `bindparam` of the filter's name;
    - a condition without one, for a boolean filter: false negates it.

    Statements are built once, because building one takes longer than running it. The parameters of
    pages begin with an underscore, as no filter does.
    """

    def __init__(
        self,
        schema: type[Shown],
        statement: Select[Any],
        **filters: ColumnElement[Any] | InstrumentedAttribute[Any],
    ) -> None:
        self._page = Page[schema]  # type: ignore[valid-type]
        self._statement = statement
        self._names = tuple(statement.selected_columns.keys())
        self._long = [
            name for name, column in statement.selected_columns.items() if _is_long(column.type)
        ]
        # Columns, also of attributes of entities.
        self._filters = {name: one.expression for name, one in filters.items()}
        self._order = lru_cache(STATEMENTS_TO_REMEMBER)(lambda sort: Order(statement, schema, sort))
        self._listed = lru_cache(STATEMENTS_TO_REMEMBER)(self._build_list)
        self._counted = lru_cache(STATEMENTS_TO_REMEMBER)(self._build_count)

    async def read(
        self, session: AsyncSession, params: PageParams, **values: object
    ) -> Page[Shown]:
        """Read one page; `values` are for the statement's own parameters.

        Raises InvalidCursorError if the cursor is not one of this list and sort order.
        """
        order = self._order(str(params.sort) if isinstance(params, ListQuery) else DEFAULT_SORT)
        given, sent = self._given(params)
        values |= sent
        total = await session.scalar(self._counted(given), values) if params.total else None
        after = params.cursor is not None
        if params.cursor is not None:
            values |= await _position(session, order, params.cursor, values)
        nulls = after and values["_last_value"] is None
        # One row more than asked for tells whether there is a next page.
        wanted = params.limit + 1
        listed = self._listed(order, given, after=after, nulls=nulls)
        rows = (await session.execute(listed, {**values, "_limit": wanted})).all()
        if order.nullable and not nulls and len(rows) < wanted:
            listed = self._listed(order, given, after=False, nulls=True)
            values["_limit"] = wanted - len(rows)
            rows = [*rows, *(await session.execute(listed, values)).all()]
        # Schemas read dicts faster than rows.
        items = [dict(zip(self._names, row, strict=True)) for row in rows[: params.limit]]
        if self._long:
            items = self._cut(items)
        page: dict[str, Any] = {"items": items, "next": None}
        if len(rows) > len(items):
            page["next"] = order.cursors.write(items[-1][order.name], items[-1]["id"])
        if total is not None:
            page |= {"total": min(total, MAX_TOTAL), "total_is_exact": total <= MAX_TOTAL}
        return self._page.model_validate(page)

    def _given(self, params: PageParams) -> tuple[Given, dict[str, Any]]:
        given: list[tuple[str, bool | None]] = []
        sent = {}
        for name in self._filters:
            value = getattr(params, name)
            if isinstance(value, bool):
                given.append((name, value))
            elif value is not None:
                given.append((name, None))
                sent[name] = value
        return tuple(given), sent

    def _matching(self, given: Given) -> Select[Any]:
        statement = self._statement
        for name, switch in given:
            condition = self._filters[name]
            if switch is None and isinstance(condition, Column):
                condition = condition.in_(bindparam(name, expanding=True))
            statement = statement.where(not_(condition) if switch is False else condition)
        return statement

    def _build_list(self, order: Order, given: Given, *, after: bool, nulls: bool) -> Select[Any]:
        listed = order.sorted(self._matching(given), after=after, nulls=nulls)
        return listed.limit(bindparam("_limit"))

    def _build_count(self, given: Given) -> Select[Any]:
        # Rows are counted only until there are too many, and by their ids: an index has those.
        matching = self._matching(given)
        ids = matching.with_only_columns(matching.selected_columns.id, maintain_column_froms=True)
        return select(func.count()).select_from(ids.limit(MAX_TOTAL + 1).subquery())

    def _cut(self, items: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Return as many of the first items as fit in `MAX_PAGE_BYTES`, but at least one."""
        size = 0
        for number, item in enumerate(items):
            size += sum(len(to_json(item[name])) for name in self._long)
            if number and size > MAX_PAGE_BYTES:
                return items[:number]
        return items


def _is_long(of_type: TypeEngine[Any]) -> bool:
    stored = of_type.impl_instance if isinstance(of_type, TypeDecorator) else of_type
    if isinstance(stored, String):
        return stored.length is None or stored.length > LONGEST_SHORT_TEXT
    return isinstance(stored, JSON)


async def _position(
    session: AsyncSession, order: Order, cursor: str, values: dict[str, Any]
) -> dict[str, Any]:
    value, row_id = order.cursors.read(cursor)
    if type(value) is str and len(value) == MAX_TEXT:
        # The text may have been cut.
        value = await session.scalar(order.value_of_row, {**values, "_last_id": row_id})
        if value is None:
            raise InvalidCursorError(
                "The row that the cursor names is gone: begin at the first page"
            )
    return {"_last_value": value, "_last_id": row_id}
