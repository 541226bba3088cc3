"""Keyset pages of any SELECT: a page far into a list costs as much as the first one.

A page starts after the last row of the page before: `WHERE (created_at, id) >= (:value, :id)`,
without that row. Its rows are read in parts, such as those with null in the sort column, which come
last: one index, such as (owner_id, created_at, id), serves each part in both directions.
"""

import re
from functools import lru_cache
from itertools import accumulate
from math import inf
from operator import ge, gt, le, lt
from types import NoneType
from typing import Any, Generic, TypeVar, get_args

import sqlalchemy as sa
from pydantic import BaseModel
from pydantic_core import to_json
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from app.core.exceptions import InvalidCursorError
from app.engine import AFTER_CURSOR
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
        descending = sort.startswith("-")
        shown = {*statement.selected_columns.keys()} & {*schema.model_fields}
        if missing := {self.name, "id"} - shown:
            raise ValueError(f"{schema.__name__} and its SELECT lack {missing}, or pass `sort=`")
        self.column = statement.selected_columns[self.name]
        self.id = statement.selected_columns.id
        annotation = schema.model_fields[self.name].annotation
        # Taken from the schema: an outer join returns null for columns that are NOT NULL.
        nullable = NoneType in get_args(annotation)
        value_type = comparable(self.column.type, annotation)
        id_type = comparable(self.id.type, schema.model_fields["id"].annotation)
        self.cursors = CursorCodec(sort, value_type | None if nullable else value_type, id_type)
        columns = (self.column, self.id)
        # A number in a forged cursor may be too large for the column.
        wide = [sa.BigInteger() if isinstance(c.type, sa.Integer) else c.type for c in columns]
        value = sa.bindparam("_last_value", type_=wide[0])
        row_id = sa.bindparam("_last_id", type_=wide[1])
        self.terms = [column.desc() if descending else column for column in columns]
        beyond, follows = (lt, le) if descending else (gt, ge)
        self.parts = {
            "first": [],
            # With `<`, PostgreSQL expects no more rows with the last value, and may sort them all.
            "after": [follows(sa.tuple_(*columns), sa.tuple_(value, row_id)), self.id != row_id],
            "same value": [self.column == value, beyond(self.id, row_id)],
            "other values": [beyond(self.column, value)],
        }
        if nullable:
            is_null = self.column.is_(None)
            self.parts = {name: [*part, ~is_null] for name, part in self.parts.items()}
            self.parts |= {"nulls": [is_null], "more nulls": [is_null, beyond(self.id, row_id)]}


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
        parts: tuple[str, ...] = ("first", "nulls")
        if params.cursor is not None:
            last_value, values["_last_id"] = order.cursors.read(params.cursor)
            if type(last_value) is str and len(last_value) == MAX_TEXT:
                last_value = await self._whole_text(session, order, values)
            values["_last_value"] = last_value
            if last_value is None:
                parts = ("more nulls",)
            elif self._filters.get(order.name) is order.column and sent[order.name] == [last_value]:
                parts = ("same value",)
            else:
                parts = (*AFTER_CURSOR, "nulls")
        rows: list[sa.Row[Any]] = []
        for part in parts:
            # One row more than asked for tells whether there is a next page.
            if part in order.parts and len(rows) <= params.limit:
                values["_limit"] = params.limit + 1 - len(rows)
                listed = self._listed(order, part, given, params.total)
                rows += (await session.execute(listed, values)).all()
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

    def _select(self, order: Order, part: str, given: Given, total: bool) -> sa.Select[Any]:
        matching = self._matching(given)
        if total:
            # The database evaluates it once, and a second statement would be another round trip.
            matching = matching.add_columns(self._count(given).scalar_subquery())
        matching = matching.where(*order.parts[part]).order_by(*order.terms)
        return matching.limit(sa.bindparam("_limit"))

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
