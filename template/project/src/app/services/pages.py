"""Keyset pages of any SELECT: a page far into a list costs as much as the first one.

A page starts after the last row of the page before: `WHERE (created_at, id) >= (:value, :id)`,
without that row. Rows with null in the sort column come last and are read by a second statement, so
that one index, such as (owner_id, created_at, id), serves both directions.
"""

import re
from functools import lru_cache
from itertools import accumulate
from math import inf
from types import NoneType
from typing import Any, Generic, TypeVar, get_args

import sqlalchemy as sa
from pydantic import BaseModel
from pydantic_core import to_json
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from app.core.exceptions import InvalidCursorError
from app.schemas.page import MAX_LIMIT, MAX_TOTAL, Page, PageParams
from app.services.cursors import MAX_TEXT, CursorCodec, comparable

MAX_PAGE_BYTES = 2_000_000
STATEMENTS_TO_REMEMBER = 256
SEVERAL_OR_NONE = (list, tuple, set, frozenset, NoneType)

Shown = TypeVar("Shown", bound=BaseModel)
# The names of the filters that are sent, and whether their conditions must hold.
Given = tuple[tuple[str, bool], ...]


class LikeText(sa.TypeDecorator[str]):
    """Part of a LIKE pattern in which `%` and `_` stand for themselves."""

    impl = sa.String
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: sa.Dialect) -> str | None:  # noqa: ARG002
        return None if value is None else re.sub(r"[/%_]", r"/\g<0>", value)


def contains(*columns: sa.ColumnElement[Any]) -> sa.ColumnElement[bool]:
    """Return the condition that one of the columns contains the text of `search`, in any case."""
    text = sa.bindparam("search", type_=LikeText())
    return sa.or_(*(column.icontains(text, escape="/") for column in columns))


class Order:
    """An order by one column and then the id, and its cursors."""

    def __init__(self, statement: sa.Select[Any], schema: type[BaseModel], sort: str) -> None:
        self.name = sort.removeprefix("-")
        self.descending = sort.startswith("-")
        shown = {*statement.selected_columns.keys()} & {*schema.model_fields}
        if missing := {self.name, "id"} - shown:
            raise ValueError(f"{schema.__name__} and its SELECT lack {missing}, or pass `sort=`")
        self.column = statement.selected_columns[self.name]
        self.id = statement.selected_columns.id
        annotation = schema.model_fields[self.name].annotation
        # Taken from the schema: an outer join returns null for columns that are NOT NULL.
        self.nullable = NoneType in get_args(annotation)
        value = comparable(self.column.type, annotation)
        row_id = comparable(self.id.type, schema.model_fields["id"].annotation)
        self.cursors = CursorCodec(sort, value | None if self.nullable else value, row_id)
        # A number in a forged cursor may be too large for the column.
        types = (self.column.type, self.id.type)
        value, key = (sa.BigInteger() if isinstance(one, sa.Integer) else one for one in types)
        self._last = (sa.bindparam("_last_value", type_=value), sa.bindparam("_last_id", type_=key))

    def sorted(self, statement: sa.Select[Any], *, nulls: bool, after: int) -> sa.Select[Any]:
        """Add the order; select rows with null or with values, after a cursor.

        `after` is how many columns are compared with the cursor: none, the id or both.
        """
        columns = [self.column, self.id]
        order = [column.desc() if self.descending else column for column in columns]
        if self.nullable:
            is_null = self.column.is_(None)
            statement = statement.where(is_null if nulls else ~is_null)
        if after:
            position, last = sa.tuple_(*columns[-after:]), sa.tuple_(*self._last[-after:])
            # With `<`, PostgreSQL expects no more rows with the last value, and may sort them all.
            follows = position <= last if self.descending else position >= last
            statement = statement.where(follows, self.id != self._last[1])
        return statement.order_by(*order).limit(sa.bindparam("_limit"))


class Pages(Generic[Shown]):
    """Reads pages of a SELECT as a response schema; it has the columns `id` and that of `sort`.

    Its own order, limit and offset are replaced. Each filter of the query model has a keyword
    argument, which is one of these:
    - a column, which is compared with a value or a list of values;
    - a condition with a `bindparam` of the filter's name;
    - a condition without one, for a boolean filter: false negates it.
    """

    def __init__(
        self,
        schema: type[Shown],
        statement: sa.Select[Any],
        /,
        sort: str = "created_at",
        **filters: sa.ColumnElement[Any] | InstrumentedAttribute[Any],
    ) -> None:
        self._page = Page[schema]  # type: ignore[valid-type]
        columns = statement.selected_columns
        statement = statement.with_only_columns(*columns).order_by(None).limit(None).offset(None)
        self._statement = statement
        self._sort = sort
        self._names = tuple(columns.keys())
        self._long = sum(_most_bytes(one.type) for one in columns) > MAX_PAGE_BYTES / MAX_LIMIT
        # An ORM attribute stands for its column.
        self._filters = {name: one.expression for name, one in filters.items()}
        self._columns = [k for k, one in self._filters.items() if isinstance(one, sa.ColumnClause)]
        # SQLAlchemy generates names such as `status_1`; none of them ends with an underscore.
        self._parameters = {k: f"_{k}_" if k in self._columns else k for k in self._filters}
        self._order = lru_cache(STATEMENTS_TO_REMEMBER)(lambda sort: Order(statement, schema, sort))
        self._listed = lru_cache(STATEMENTS_TO_REMEMBER)(self._select)
        self._counted = lru_cache(STATEMENTS_TO_REMEMBER)(self._count)
        self._order(sort)

    async def read(
        self, session: AsyncSession, params: PageParams, **values: object
    ) -> Page[Shown]:
        """Read a page, or raise InvalidCursorError; `values` are the statement's own parameters."""
        order = self._order(str(getattr(params, "sort", self._sort)))
        sent = {name: getattr(params, name) for name in self._filters}
        sent |= {k: [sent[k]] for k in self._columns if not isinstance(sent[k], SEVERAL_OR_NONE)}
        given = tuple((name, one is not False) for name, one in sent.items() if one is not None)
        values |= {self._parameters[name]: sent[name] for name, _ in given}
        nulls, after = False, 0
        if params.cursor is not None:
            last_value, values["_last_id"] = order.cursors.read(params.cursor)
            if type(last_value) is str and len(last_value) == MAX_TEXT:
                last_value = await self._whole_text(session, order, values)
            values["_last_value"] = last_value
            nulls = last_value is None
            is_filter = self._filters.get(order.name) is order.column
            # Among rows with null, or with a single value, the id alone is the position.
            after = 1 if nulls or (is_filter and sent[order.name] == [last_value]) else 2
        # One row more than asked for tells whether there is a next page.
        values["_limit"] = params.limit + 1
        listed = self._listed(order, given, params.total, nulls=nulls, after=after)
        rows = (await session.execute(listed, values)).all()
        if order.nullable and not nulls and len(rows) <= params.limit:
            values["_limit"] = params.limit + 1 - len(rows)
            listed = self._listed(order, given, params.total, nulls=True, after=0)
            rows = [*rows, *(await session.execute(listed, values)).all()]
        # Schemas read dicts faster than rows. Each row ends with the total if it is requested.
        items = [dict(zip(self._names, row, strict=False)) for row in rows[: params.limit]]
        if self._long:
            sizes = accumulate(len(to_json(one, fallback=str, bytes_mode="hex")) for one in items)
            items = items[: max(1, sum(size <= MAX_PAGE_BYTES for size in sizes))]
        page: dict[str, Any] = {"items": items, "next": None}
        if len(rows) > len(items):
            page["next"] = order.cursors.write(items[-1][order.name], items[-1]["id"])
        if params.total:
            total = rows[0][-1] if rows else await session.scalar(self._counted(given), values)
            page |= {"total": min(total, MAX_TOTAL), "total_is_exact": total <= MAX_TOTAL}
        return self._page.model_validate(page)

    async def _whole_text(
        self, session: AsyncSession, order: Order, values: dict[str, object]
    ) -> object:
        """Read the whole text, of which the cursor contains only the beginning."""
        texts = self._statement.with_only_columns(order.column, maintain_column_froms=True)
        text = await session.scalar(texts.where(order.id == sa.bindparam("_last_id")), values)
        if text is None:
            raise InvalidCursorError("The row of the cursor is gone: begin at the first page")
        return text

    def _matching(self, given: Given) -> sa.Select[Any]:
        statement = self._statement
        for name, wanted in given:
            condition = self._filters[name]
            if name in self._columns:
                condition = condition.in_(sa.bindparam(self._parameters[name], expanding=True))
            statement = statement.where(condition if wanted else sa.not_(condition))
        return statement

    def _select(
        self, order: Order, given: Given, total: bool, *, nulls: bool, after: int
    ) -> sa.Select[Any]:
        matching = self._matching(given)
        if total:
            # The database evaluates it once, and a second statement would be another round trip.
            matching = matching.add_columns(self._count(given).scalar_subquery())
        return order.sorted(matching, nulls=nulls, after=after)

    def _count(self, given: Given) -> sa.Select[Any]:
        # Counts MAX_TOTAL + 1 rows at most, by their ids, which an index contains.
        matching = self._matching(given)
        ids = matching.with_only_columns(matching.selected_columns.id, maintain_column_froms=True)
        return sa.select(sa.func.count()).select_from(ids.limit(MAX_TOTAL + 1).subquery())


def _most_bytes(of_type: sa.types.TypeEngine[Any]) -> float:
    kind = getattr(of_type, "impl_instance", of_type)
    if isinstance(kind, sa.String):
        return 4 * (kind.length or inf)
    # Other values are at most as long as a UUID.
    return inf if isinstance(kind, sa.JSON | sa.ARRAY | sa.LargeBinary | sa.types.NullType) else 40
