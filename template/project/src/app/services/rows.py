"""Rows as they are shown."""

from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache
from typing import Any, Generic, Protocol, TypeVar, cast

from pydantic import BaseModel
from sqlalchemy import ColumnElement, Row, Select, Table, bindparam, func, insert, inspect, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.exceptions import NotFoundError
from app.database import Base, ReadOnlySession, refuse_to_write
from app.schemas.page import Page
from app.services.query import Filter, Slice

LISTS_TO_REMEMBER = 128

Entity = TypeVar("Entity", bound=Base)
Shown = TypeVar("Shown", bound=BaseModel)


class Wanted(Protocol):
    """In what order to list rows; and a value, or None, for each of the filters."""

    @property
    def sort(self) -> StrEnum: ...


class Rows(Generic[Entity, Shown]):
    """The rows of a model that `of` lets through, as a schema shows them.

    They are read and inserted as columns, by statements that are built once: entities take half as
    long again, and building a statement takes longer than running it. Entities are for changing
    rows, and for schemas that show more than columns (a property, a relation).
    """

    def __init__(
        self,
        model: type[Entity],
        schema: type[Shown],
        name: str,
        *,
        of: Mapping[str, Filter] | None = None,
        filters: Mapping[str, Filter] | None = None,
    ) -> None:
        self._name = name
        self._model = model
        self._schema = schema
        self._page = Page[schema]  # type: ignore[valid-type]
        self._of = of or {}
        self._filters = filters or {}
        self._table = cast("Table", model.__table__)
        self._columns = inspect(model).columns
        self._names = tuple(schema.model_fields)
        self._as_entities = not set(self._columns.keys()).issuperset(self._names)
        self._selected: list[Any] = (
            [model] if self._as_entities else [self._columns[name] for name in self._names]
        )
        is_it = [self._columns.id == bindparam("id"), *self._conditions()]
        self._one, self._entity = select(*self._selected).where(*is_it), select(model).where(*is_it)
        self._insert = insert(self._table).returning(*self._selected)
        self._list = lru_cache(LISTS_TO_REMEMBER)(self._build_list)

    async def page(
        self, session: AsyncSession, wanted: Wanted, page: Slice, **of: object
    ) -> Page[Shown]:
        """Read one page and, in the same statement, count what all pages hold."""
        given = {
            name: value
            for name in self._filters
            if (value := getattr(wanted, name)) is not None
        }
        listed, counted = self._list(wanted.sort, tuple(given))
        values = {**given, **of, "limit": page.limit, "offset": page.offset}
        rows = (await session.execute(listed, values)).all()
        total = rows[0][-1] if rows else 0
        if not rows and page.offset:
            total = await session.scalar(counted, values)
        return self._page.model_validate(
            {
                "items": [self._content(row) for row in rows],
                "total": total,
                "limit": page.limit,
                "offset": page.offset,
            }
        )

    async def find(self, session: AsyncSession, row_id: int, **of: object) -> Shown:
        """Read one row; raises NotFoundError."""
        found = await session.execute(self._one, {"id": row_id, **of})
        row = found.one_or_none()
        if row is None:
            raise NotFoundError(self._name, row_id)
        return self._schema.model_validate(self._content(row))

    async def entity(self, session: AsyncSession, row_id: int, **of: object) -> Entity:
        """Read one row to change it; raises NotFoundError."""
        entity = await session.scalar(self._entity, {"id": row_id, **of})
        if entity is None:
            raise NotFoundError(self._name, row_id)
        return entity

    async def insert(self, session: AsyncSession, /, **values: object) -> Shown:
        if self._as_entities:
            entity = self._model(**values)
            session.add(entity)
            await session.flush()
            return self._schema.model_validate(entity)
        if isinstance(session.sync_session, ReadOnlySession):
            refuse_to_write()
        inserted = await session.execute(self._insert, values)
        return self._schema.model_validate(self._content(inserted.one()))

    def _content(self, row: Row[Any]) -> object:
        # Schemas read dicts five times as fast as rows.
        return row[0] if self._as_entities else dict(zip(self._names, row, strict=False))

    def _conditions(self, *given: str) -> list[ColumnElement[bool]]:
        filters = {**self._of, **{name: self._filters[name] for name in given}}
        return [make(name) for name, make in filters.items()]

    def _build_list(self, sort: StrEnum, given: tuple[str, ...]) -> tuple[Select[Any], Select[Any]]:
        conditions = self._conditions(*given)
        counted = select(func.count()).select_from(self._table).where(*conditions)
        listed = (
            select(*self._selected, counted.correlate(None).scalar_subquery())
            .where(*conditions)
            .order_by(*self._order(sort))
            .limit(bindparam("limit"))
            .offset(bindparam("offset"))
        )
        return listed, counted

    def _order(self, sort: StrEnum) -> list[ColumnElement[Any]]:
        """Turn `-created_at` into its column, then the id so that pages do not overlap."""
        name = sort.removeprefix("-")
        columns = [self._columns[one] for one in dict.fromkeys([name, "id"])]
        return [column.desc() if sort.startswith("-") else column.asc() for column in columns]
