"""Keyset pages of a table that only these tests have."""

import json
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from datetime import datetime, time
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from pydantic import BaseModel
from sqlalchemy import Column, MetaData, Table, bindparam, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.types import TypeEngine

from app.core.exceptions import InvalidCursorError
from app.schemas.page import ListQuery, Page, PageParams
from app.services import pages
from app.services.cursors import CursorCodec, comparable
from app.services.pages import Pages

notes = Table(
    "notes",
    MetaData(),
    Column("id", sa.Integer, primary_key=True),
    Column("title", sa.String(500)),
    Column("rank", sa.SmallInteger),
    Column("text", sa.Text, nullable=False),
    # Hides a table of the app with this name.
    prefixes=["TEMPORARY"],
)


class Note(BaseModel):
    id: int
    title: str | None
    rank: int | None
    text: str = ""


class NoteQuery(ListQuery):
    rank: list[int] | None = None
    rank_min: int | None = None
    rank_null: bool | None = None
    sort: str = "rank"


PAGES = Pages(
    Note,
    select(notes),
    sort="rank",
    rank=notes.c.rank,
    rank_min=notes.c.rank >= bindparam("rank_min"),
    rank_null=notes.c.rank.is_(None),
)
# In order in every collation; cursors contain only the first characters of the longer ones.
TITLES = ["ä" * 59, "ä" * 60, "ä" * 61, "ä" * 500, "ä" * 500, None, None]
RANKS = [2, -5, 2, None, 0, None, 2]


@pytest.fixture
async def ids(session: AsyncSession) -> Sequence[int]:
    await session.run_sync(lambda sync: notes.create(sync.connection()))
    rows = [
        {"title": title, "rank": rank, "text": ""}
        for title, rank in zip(TITLES, RANKS, strict=True)
    ]
    added = await session.scalars(insert(notes).returning(notes.c.id), rows)
    return sorted(added)


async def read_all(session: AsyncSession, query: NoteQuery) -> list[Page[Note]]:
    found = [await PAGES.read(session, query)]
    while found[-1].next and len(found) < len(TITLES):
        query = query.model_copy(update={"cursor": found[-1].next})
        found.append(await PAGES.read(session, query))
    assert found[-1].next is None
    return found


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("title", [0, 1, 2, 3, 4, 5, 6]),
        ("-title", [4, 3, 2, 1, 0, 6, 5]),
        ("rank", [1, 4, 0, 2, 6, 3, 5]),
        ("-rank", [6, 2, 0, 4, 1, 5, 3]),
    ],
)
async def test_pages_hold_all_rows_in_order(
    session: AsyncSession, ids: Sequence[int], sort: str, order: list[int]
) -> None:
    for limit in (1, 2, 7):
        found = await read_all(session, NoteQuery(sort=sort, limit=limit))
        assert [ids.index(note.id) for page in found for note in page.items] == order


@pytest.mark.parametrize(
    ("filters", "left"),
    [
        ({"rank": [-5, 0]}, [1, 4]),
        ({"rank_min": 0}, [4, 0, 2, 6]),
        ({"rank_null": True}, [3, 5]),
        ({"rank_null": False, "rank": [2]}, [0, 2, 6]),
    ],
)
async def test_filters(
    session: AsyncSession, ids: Sequence[int], filters: dict[str, Any], left: list[int]
) -> None:
    found = await read_all(session, NoteQuery(limit=2, total=True, **filters))

    assert [ids.index(note.id) for page in found for note in page.items] == left
    assert {(page.total, page.total_is_exact) for page in found} == {(len(left), True)}


def test_the_default_order_is_one_of_the_columns() -> None:
    with pytest.raises(ValueError, match=r"Note and its SELECT lack {'created_at'}"):
        Pages(Note, select(notes))


@pytest.mark.usefixtures("ids")
async def test_totals_are_capped(session: AsyncSession, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "MAX_TOTAL", 6)
    short = select(notes.c.id, notes.c.title, notes.c.rank)
    page = await Pages(Note, short, sort="rank").read(session, PageParams(total=True))
    assert (page.total, page.total_is_exact) == (6, False)


@pytest.mark.usefixtures("ids")
async def test_pages_end_early_when_their_rows_are_long(
    session: AsyncSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "MAX_PAGE_BYTES", 20_000)
    await session.execute(notes.update().values(text="x" * 9000))
    found = await read_all(session, NoteQuery())

    assert [len(page.items) for page in found] == [2, 2, 2, 1]


@pytest.mark.usefixtures("ids")
async def test_refuses_cursors_with_the_beginning_of_a_text_that_is_gone(
    session: AsyncSession,
) -> None:
    query = NoteQuery(sort="-title", limit=1)
    page = await PAGES.read(session, query)
    await session.execute(delete(notes).where(notes.c.id == page.items[0].id))

    with pytest.raises(InvalidCursorError, match="begin at the first page"):
        await PAGES.read(session, query.model_copy(update={"cursor": page.next}))


def encoded(*parts: object) -> str:
    return urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "x",
        "WzEsInJhbmsiLDEsM",
        encoded(),
        encoded(1, "rank", 1),
        encoded(2, "rank", 1, 1),
        encoded(1, "-rank", 1, 1),
        encoded(1, "rank", 2**63, 1),
        encoded(1, "rank", 1, 2**63),
        encoded(1, "rank", "1", 1),
        encoded(1, "rank", 1.5, 1),
    ],
)
async def test_refuses_forged_cursors(cursor: str) -> None:
    query = NoteQuery.model_construct(cursor=cursor, limit=1, sort="rank")
    with pytest.raises(InvalidCursorError):
        # Refused before a statement is executed: there is no database.
        await PAGES.read(AsyncSession(), query)


@pytest.mark.usefixtures("ids")
async def test_takes_any_number_of_a_cursor(session: AsyncSession) -> None:
    # Also if they are too large for the column.
    for value in (-(2**63), 2**40, None):
        await PAGES.read(session, NoteQuery(cursor=encoded(1, "rank", value, 0)))


MONEY = sa.Numeric(10, 2)
ZONED = sa.DateTime(timezone=True)


@pytest.mark.parametrize(
    ("column_type", "value"),
    [
        (MONEY, "123456789.00"),
        (MONEY, "0.001"),
        (MONEY, "1e1000000"),
        (MONEY, "NaN"),
        (sa.Numeric(), "1e1000000"),
        (sa.String(), "a\0b"),
        (sa.String(), "\ud800"),
        (sa.Double(), float("nan")),
        (sa.Double(), float("inf")),
        (ZONED, "2026-01-01T00:00:00"),
        (ZONED, "9999-12-31T23:59:59-23:59"),
        (ZONED, "2026-01-01T00:00:00 Mars/Phobos"),
        (sa.DateTime(), "2026-01-01T00:00:00Z"),
    ],
)
def test_refuses_values_that_cannot_be_compared(
    column_type: TypeEngine[Any], value: object
) -> None:
    with pytest.raises(InvalidCursorError):
        CursorCodec("x", comparable(column_type), int).read(encoded(1, "x", value, 1))


def test_takes_zero_with_any_exponent() -> None:
    assert CursorCodec("x", comparable(MONEY), int).read(encoded(1, "x", "0e999999", 1)) == (0, 1)


@pytest.mark.parametrize(
    ("column_type", "value"),
    [
        (MONEY, Decimal("-99999999.99")),
        (sa.Numeric(), Decimal("1E-20")),
        (sa.Double(), -1e300),
        (sa.DateTime(), datetime(2026, 1, 1, 9, 30)),  # noqa: DTZ001 (columns without time zones)
        (sa.Time(), time(9, 30)),
    ],
)
def test_values_come_back(column_type: TypeEngine[Any], value: object) -> None:
    codec = CursorCodec("x", comparable(column_type), int)

    assert codec.read(codec.write(value, 7)) == (value, 7)
