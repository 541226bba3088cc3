# ruff: noqa: S311
"""Pages of a table with every type that can be sorted, run inside a generated project.

Pages are complete and without repeats, whatever rows come and go between them.
"""

import datetime as dt
import json
import os
import random
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Awaitable
from decimal import Decimal
from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from app.core.exceptions import InvalidCursorError
from app.models import Maker, Task, Thing
from app.models.thing import ThingColour
from app.schemas.page import ListQuery, PageParams
from app.schemas.task import TaskQuery
from app.schemas.thing import ThingQuery, ThingResponse
from app.services import pages as module
from app.services.pages import Pages, contains
from app.services.task import PAGES as TASK_PAGES
from app.services.thing import PAGES as THING_PAGES
from httpx2 import AsyncClient
from pydantic import BaseModel, create_model
from sqlalchemy import Select, bindparam, delete, event, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from conftest import Account

URL = "/api/v1/things"
MOST_PAGES = 200
THINGS = Thing.__table__
MAKERS = Maker.__table__
NAMES = [
    "created_at", "name", "score", "big", "price", "weight", "flag", "colour", "day", "at",
    "opens", "key", "email", "maker",
]  # fmt: skip
SORTS = [f"{sign}{name}" for name in NAMES for sign in ("", "-")]
TEXTS = {"name", "email", "maker", "colour"}


class Shown(ThingResponse):
    maker: str | None


class Query(ThingQuery):
    sort: str = "created_at"


PAGES = Pages(
    Shown,
    select(*(THINGS.c[name] for name in ThingResponse.model_fields), MAKERS.c.name.label("maker"))
    .outerjoin(MAKERS, MAKERS.c.id == THINGS.c.maker_id)
    .where(THINGS.c.big != bindparam("other")),
    score_min=THINGS.c.score >= bindparam("score_min"),
    score_null=THINGS.c.score.is_(None),
    flag=THINGS.c.flag,
    colour=Thing.colour,
    colour_null=THINGS.c.colour.is_(None),
    search=contains(THINGS.c.name),
)


async def read(session: AsyncSession, query: PageParams, pages: Pages = PAGES) -> Any:
    return await pages.read(session, query, other=-1)


async def read_all(session: AsyncSession, pages: Pages = PAGES, **query: Any) -> list[Shown]:
    found: list[Shown] = []
    params = Query(**query)
    for _ in range(MOST_PAGES):
        page = await read(session, params, pages)
        found += page.items
        if page.next is None:
            return found
        params = params.model_copy(update={"cursor": page.next})
    pytest.fail("the list has no end")


@pytest.fixture(autouse=True)
async def makers(session: AsyncSession) -> None:
    rows = [{"id": 1, "name": "a"}, {"id": 2, "name": "b" * 100}, {"id": 3, "name": "b" * 99 + "c"}]
    await session.execute(insert(MAKERS), rows)


def some_thing(choose: random.Random, big: int = 1) -> dict[str, Any]:
    """Few different values, so that there are ties; many nulls."""
    moments = [dt.datetime(2026, 1, 1, 0, 0, 0, n, dt.UTC) for n in range(3)]
    # The first and the last moment are none: asyncpg takes them for infinity.
    moments += [dt.datetime(1, 1, 1, 0, 0, 1, 0, dt.UTC), dt.datetime(9999, 12, 31, tzinfo=dt.UTC)]
    values = {
        "created_at": moments[:3],
        "name": ["", "a", "a%", "Ä", "Ä" * 60, "Ä" * 61, "\U0001f600" * 500, "b" * 59, "b" * 500],
        "score": [None, None, -(2**31), 0, 1, 2**31 - 1],
        "price": [None, *map(Decimal, ["0.00", "4.35", "-4.35", "99999999.99", "-99999999.99"])],
        "weight": [None, 0.1, 1e300, -1e300, -0.0, 0.0, 5e-324],
        "flag": [None, False, True],
        "colour": [None, *ThingColour],
        "day": [None, dt.date(2026, 1, 1), dt.date.min, dt.date.max],
        "at": moments,
        "opens": [None, dt.time.min, dt.time(9, 30), dt.time.max],
        "key": [UUID(int=0), UUID(int=1), UUID(int=2**128 - 1)],
        "email": [None, "a@example.com", f"{'b' * 64}@{'c' * 60}.example.com"],
        "maker_id": [None, 1, 2, 3],
    }
    chosen = {name: choose.choice(of) for name, of in values.items()}
    return {**chosen, "big": choose.choice([-(2**63), 0, 2**53 + 1, 2**63 - 1]) if big else -1}


async def add(session: AsyncSession, *things: dict[str, Any]) -> set[int]:
    result = await session.execute(insert(THINGS).returning(THINGS.c.id), list(things))
    return set(result.scalars())


@pytest.mark.parametrize("seed", range(int(os.environ.get("FASTGEN_PAGE_SEEDS", len(SORTS)))))
async def test_rows_that_stay_are_read_once_whatever_comes_and_goes(
    session: AsyncSession, seed: int
) -> None:
    choose = random.Random(seed)
    await add(session, *(some_thing(choose, big=0) for _ in range(5)))
    staying = await add(session, *(some_thing(choose) for _ in range(choose.randrange(1, 25))))
    query = Query(sort=SORTS[seed % len(SORTS)], limit=choose.randrange(1, 6))
    found: list[Shown] = []
    page = None
    while page is None or (page.next and len(found) < MOST_PAGES):
        try:
            page = await read(session, query)
        except InvalidCursorError:
            # A cursor with a cut text names a row, which is gone.
            value, row_id = json.loads(urlsafe_b64decode(f"{query.cursor}=="))[2:]
            assert len(value) == module.MAX_TEXT
            assert row_id not in staying
            return
        assert len(page.items) <= query.limit
        found += page.items
        assert page.next is None or len(page.items) == query.limit
        query = query.model_copy(update={"cursor": page.next})
        await add(session, *(some_thing(choose) for _ in range(choose.randrange(1, 3))))
        for gone in choose.sample(sorted(staying), min(len(staying), choose.randrange(3))):
            await session.execute(delete(THINGS).where(THINGS.c.id == gone))
            staying.discard(gone)

    ids = [one.id for one in found]
    assert len(ids) == len(set(ids)), "a row came twice"
    if page.next is None:
        assert staying <= set(ids), "a row that was there all the time was hidden"
    check_order(found, query.sort)


def check_order(found: list[Shown], sort: str) -> None:
    name, descending = sort.removeprefix("-"), sort.startswith("-")
    keys = [(getattr(one, name) is None, getattr(one, name), one.id) for one in found]
    for before, after in pairwise(keys):
        assert before[0] <= after[0], "null comes last"
        if before[1] == after[1]:
            assert before[2] > after[2] if descending else before[2] < after[2]
        elif not before[0] and not after[0] and name not in TEXTS:
            # Texts are in the order of the database's collation.
            assert before[1] > after[1] if descending else before[1] < after[1]


@pytest.mark.parametrize("sort", SORTS)
async def test_pages_hold_all_rows(session: AsyncSession, sort: str) -> None:
    choose = random.Random(7)
    all_ids = await add(session, *(some_thing(choose) for _ in range(60)))
    whole = await read(session, Query(sort=sort, limit=100))
    assert whole.next is None
    assert {one.id for one in whole.items} == all_ids
    check_order(whole.items, sort)
    for limit in (1, 7, 59, 60):
        assert await read_all(session, sort=sort, limit=limit) == whole.items


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"score_min": "1"}, [1]),
        ({"score_null": "true"}, [3]),
        ({"score_null": "false"}, [1, 2]),
        ({"colour": ["red"]}, [1, 2]),
        ({"colour": ["red", "blue"]}, [1, 2, 3]),
        ({"colour_null": "true", "score_null": "true"}, []),
        ({"flag": ["true"]}, [1]),
        ({"flag": ["false"], "colour": ["red"]}, [2]),
        ({"flag": ["true", "false"]}, [1, 2]),
        ({"search": "a%b"}, [2]),
        ({"search": "A%B"}, [2]),
        ({"search": "a_b"}, []),
        ({}, [1, 2, 3]),
    ],
)
async def test_filters(session: AsyncSession, filters: dict[str, Any], expected: list[int]) -> None:
    base = some_thing(random.Random(1)) | {"name": "acb", "flag": None}
    made = await add(
        session,
        base | {"score": 1, "colour": ThingColour.RED, "flag": True},
        base | {"score": 0, "colour": ThingColour.RED, "flag": False, "name": "a%b"},
        base | {"score": None, "colour": ThingColour.BLUE},
    )
    ids = sorted(made)
    for sort in ("created_at", "-score", "score"):
        page = await read(session, Query(sort=sort, total=True, limit=1, **filters))
        assert (page.total, page.total_is_exact) == (len(expected), True)
        found = await read_all(session, sort=sort, limit=1, **filters)
        assert sorted(ids.index(one.id) + 1 for one in found) == expected


@pytest.mark.parametrize("sort", ["created_at", "-price", "score", "-score"])
async def test_ranges_are_read_in_the_order_of_the_list(session: AsyncSession, sort: str) -> None:
    if session.get_bind().dialect.name != "sqlite":
        pytest.skip("PostgreSQL knows how many rows a range has")
    query = ThingQuery(score_min=0, score_max=9, sort=sort, total=True)
    steps = await plan_of(session, THING_PAGES.read(session, query))

    # Sorting them takes as long as they are many.
    assert not [step for step in steps if "ORDER BY" in step], steps
    listed = [step for step in steps if "COVERING" not in step and "things USING" in step]
    assert [f"things_{sort.removeprefix('-')}_id" in step for step in listed] == [True], steps


@pytest.mark.parametrize("sort", ["done", "-done"])
async def test_rows_with_one_value_are_not_sorted(
    session: AsyncSession, alice: Account, bob: Account, sort: str
) -> None:
    owners = [alice.id, bob.id]
    rows = [{"owner_id": owners[number % 2], "done": False} for number in range(2000)]
    ids = await session.scalars(insert(Task.__table__).returning(Task.id), rows)
    await session.execute(sa.text("ANALYZE"))
    query = TaskQuery(sort=sort, cursor=encoded(1, sort, rows[0]["done"], sorted(ids)[1000]))
    steps = await plan_of(session, TASK_PAGES.read(session, query, owner_id=alice.id))

    assert not [step for step in steps if "ORDER BY" in step or "Sort" in step], steps
    assert [step for step in steps if "ix_tasks_owner_id_done_id" in step], steps


@pytest.mark.parametrize("done", [None, [True]])
@pytest.mark.parametrize("sort", ["done", "-done"])
async def test_pages_among_rows_with_one_value_begin_at_their_first_row(
    session: AsyncSession, alice: Account, sort: str, done: list[bool] | None
) -> None:
    rows = [{"owner_id": alice.id, "done": number < 1990} for number in range(2000)]
    ids = sorted(await session.scalars(insert(Task.__table__).returning(Task.id), rows))
    await session.execute(sa.text("ANALYZE"))
    cursor = encoded(1, sort, rows[0]["done"], ids[1000])
    query = TaskQuery(sort=sort, done=done, cursor=cursor, limit=5)
    page = await TASK_PAGES.read(session, query, owner_id=alice.id)
    expected = ids[995:1000][::-1] if sort == "-done" else ids[1001:1006]
    assert [one.id for one in page.items] == expected
    other = query.model_copy(update={"done": [False]})
    page = await TASK_PAGES.read(session, other, owner_id=alice.id)
    assert [one.id for one in page.items] == (ids[:-6:-1] if sort == "-done" else [])

    steps = await plan_of(session, TASK_PAGES.read(session, query, owner_id=alice.id))
    sign = "<" if sort == "-done" else ">"
    [searched] = [step for step in steps if "SEARCH" in step or "Index Cond" in step]
    plain = searched.replace(" ", "")
    assert f"id{sign}" in plain or f"ROW(done,id){sign}=" in plain, steps


async def plan_of(session: AsyncSession, reading: Awaitable[object]) -> list[str]:
    """Return how the database runs the first statement of `reading`."""
    ran: list[tuple[str, Any]] = []
    connection = await session.connection()

    def remember(*args: Any) -> None:
        ran.append(args[2:4])

    event.listen(connection.sync_connection, "before_cursor_execute", remember)
    await reading
    event.remove(connection.sync_connection, "before_cursor_execute", remember)
    statement, values = ran[0]
    explain = "EXPLAIN QUERY PLAN" if connection.dialect.name == "sqlite" else "EXPLAIN"
    plan = await connection.exec_driver_sql(f"{explain} {statement}", values)
    return [row[-1] for row in plan]


async def test_totals_are_capped(session: AsyncSession, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_TOTAL", 3)
    pages = Pages(ThingResponse, select(THINGS))
    await add(session, *(some_thing(random.Random(1)) for _ in range(3)))
    for exact in (True, False):
        page = await read(session, PageParams(total=True, limit=1), pages)
        assert (page.total, page.total_is_exact) == (3, exact)
        await add(session, some_thing(random.Random(1)))
    assert (await read(session, PageParams(), pages)).total is None


async def test_pages_end_early_when_they_are_long(
    session: AsyncSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MAX_PAGE_BYTES", 100_000)
    thing = some_thing(random.Random(1))
    notes = ["x" * length for length in (400, 400, 150, 300, 2000, 100, 2000, 2000)]
    await add(session, *(thing | {"note": note * 100} for note in notes))
    sizes = []
    params = Query(limit=4)
    for _ in notes:
        page = await read(session, params)
        sizes.append(len(page.items))
        params.cursor = page.next
        if page.next is None:
            break
    assert sizes == [3, 1, 1, 1, 1, 1]


async def test_an_order_and_a_part_of_the_statement_are_replaced(session: AsyncSession) -> None:
    await add(session, *(some_thing(random.Random(seed)) for seed in range(9)))
    statement = select(THINGS).order_by(THINGS.c.key.desc()).limit(3).offset(2)
    pages, params, ids = Pages(ThingResponse, statement), Query(limit=2, total=True), set()
    for _ in range(5):
        page = await read(session, params, pages)
        ids |= {item.id for item in page.items}
        params.cursor = page.next
    assert (len(ids), page.total, page.next) == (9, 9, None)


async def test_counts_are_sorted_as_a_subquery(session: AsyncSession) -> None:
    numbers = [1, 1, 1, 2, 3, 3]
    await add(session, *(some_thing(random.Random(1)) | {"big": number} for number in numbers))
    counted = select(sa.func.min(THINGS.c.id).label("id"), sa.func.count().label("count"))
    counts = select(counted.group_by(THINGS.c.big).subquery())
    pages = Pages(create_model("Counts", id=int, count=int), counts, sort="count")
    params, found = PageParams(limit=1, total=True), []
    for _ in range(3):
        page = await read(session, params, pages)
        found += [item.count for item in page.items]
        params.cursor = page.next
    assert (found, page.total, page.next) == ([1, 2, 3], 3, None)


async def test_many_short_texts_make_a_long_page(session: AsyncSession) -> None:
    thing = some_thing(random.Random(1)) | {"name": "\U0001f600" * 500}
    await add(session, *[thing] * 100)
    names = [f"name_{number}" for number in range(20)]
    fields: dict[str, Any] = dict.fromkeys(names, str)
    shown = create_model("Shown", __base__=ThingResponse, **fields)
    statement = select(THINGS).add_columns(*(THINGS.c.name.label(name) for name in names))
    page = await read(session, PageParams(limit=100), Pages(shown, statement))

    assert 1_900_000 < len(page.model_dump_json().encode()) < 2_010_000
    assert page.next is not None


@pytest.mark.parametrize("sort", SORTS)
async def test_cursors_fit_their_parameter(session: AsyncSession, sort: str) -> None:
    longest = {"name": "\U0001f600" * 500, "email": f"{'b' * 64}@{'c' * 60}.example.com"}
    longest |= {
        "big": 2**63 - 1,
        "price": Decimal("-99999999.99"),
        "weight": -1.7976931348623157e308,
    }
    choose = random.Random(3)
    await add(session, *(some_thing(choose) | longest | {"id": 2**63 - n} for n in (1, 2)))
    page = await read(session, Query(sort=sort, limit=1))
    assert len(page.next) <= 512
    assert len((await read(session, Query(sort=sort, cursor=page.next))).items) == 1


async def test_a_cut_text_of_a_row_that_is_gone_is_refused(session: AsyncSession) -> None:
    await add(session, *(some_thing(random.Random(1)) | {"name": f"{'x' * 60}{n}"} for n in (1, 2)))
    page = await read(session, Query(sort="name", limit=1))
    await session.execute(delete(THINGS).where(THINGS.c.id == page.items[0].id))
    with pytest.raises(InvalidCursorError, match="gone"):
        await read(session, Query(sort="name", cursor=page.next))


def encoded(*parts: object) -> str:
    return urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


VALUES = [
    0, -1, 2**31, 2**63 - 1, 2**63, -(2**63), 10**30, 1.5, 1e308, True, None, "", "1", "x" * 60, "x" * 61,
    "x" * 300, "\0", "\ud800", "red", "RED", "9999-12-31T23:59:59.999999-23:59", "0001-01-01T00:00:00+23:59",
    "2026-01-01T00:00:00", "2026-01-01T00:00:00Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z",
    "2026-01-01T00:00:00[Mars/Phobos]", "2026-01-01T00:00:00 Mars/Phobos", "2026-01-01", "09:30", "09:30Z",
    "1e1000000", "-1e-1000000", "0e1000000", "-0e-99999", "NaN", "Infinity", "123456789.00", "0.001", "1E+3", "1" * 300,
    "00000000-0000-4000-8000-000000000000", [], {}, [1], "a@example.com",
]  # fmt: skip


@pytest.mark.parametrize("sort", [sort for sort in SORTS if sort.removeprefix("-") != "maker"])
async def test_forged_cursors_are_refused_or_only_move_the_page(
    client: AsyncClient, session: AsyncSession, alice: Account, sort: str
) -> None:
    await add(session, *(some_thing(random.Random(n)) for n in range(10)))
    # Expired objects, and what was not committed, is none of the app's session's.
    await session.commit()
    params = {"sort": sort, "limit": "5"}
    first = await client.get(URL, params=params, headers=alice.headers)
    good = first.json()["next"]
    version, named, *rest = json.loads(urlsafe_b64decode(f"{good}=="))
    assert (version, named) == (1, sort)
    forged = [encoded(1, sort, value, 5) for value in VALUES]
    forged += [encoded(1, sort, rest[0], value) for value in VALUES]
    forged += [encoded(value, sort, *rest) for value in VALUES]
    forged += [encoded(1, value, *rest) for value in VALUES]
    forged += [encoded(2, sort, *rest), encoded(1, "name" if sort != "name" else "at", *rest)]
    forged += ["", "a", "ab", "abc", "_" * 511, "A" * 513, good[:-1], good + "A", good * 2]
    forged += [encoded(), encoded(1), encoded(*range(100)), encoded(1, sort, *rest, 1)]
    forged += [
        urlsafe_b64encode(text).decode().rstrip("=")
        for text in (b"[" * 300, b"NaN", b"\xff\xfe", b"", b"null", b'{"a":1}', b"[1,\x00]")
    ]
    forged += [
        urlsafe_b64encode(f'[1,"{sort}",{text},1]'.encode()).decode().rstrip("=")
        for text in ("NaN", "Infinity", "-Infinity", "1e999", "9" * 300, '"\\ud800"', '"\\u0000"')
    ]
    refused = 0
    for cursor in forged:
        answer = await client.get(URL, params=params | {"cursor": cursor}, headers=alice.headers)
        assert answer.status_code in {200, 422}, (cursor, answer.text)
        if answer.status_code == 422:
            refused += 1
            assert answer.json()["errors"][0]["loc"] == ["query", "cursor"]
        else:
            ids = [row["id"] for row in answer.json()["items"]]
            assert len(set(ids)) == len(ids)
    assert refused > len(forged) // 2


LOUD = select(THINGS.c.id, THINGS.c.created_at, sa.func.upper(THINGS.c.name).label("name"))
QUIET = select(THINGS.c.id + 1000, THINGS.c.created_at, sa.func.lower(THINGS.c.name))
NAMED = LOUD.subquery()
BOTH = sa.union_all(LOUD, QUIET).subquery()


class Named(BaseModel):
    id: int
    name: str
    created_at: dt.datetime


class NamedQuery(ListQuery):
    name: list[str] | None = None
    sort: str = "name"


@pytest.mark.parametrize(
    ("statement", "column", "name", "found"),
    [
        (select(Thing), Thing.name, "b", [2, 4]),
        (select(Thing, Maker.name.label("maker")).outerjoin(Maker), Thing.name, "b", [2, 4]),
        (select(Thing).distinct(), Thing.name, "b", [2, 4]),
        (select(NAMED), NAMED.c.name, "B", [2, 4]),
        (select(BOTH), BOTH.c.name, "b", [1002, 1004]),
    ],
    ids=["entities", "entities and a column", "distinct", "subquery", "union"],
)
async def test_any_select_has_pages(
    statement: Select[Any], column: Any, name: str, found: list[int], session: AsyncSession
) -> None:
    chosen = {**some_thing(random.Random(1)), "score": 1}
    await add(session, *({**chosen, "id": n, "name": "ab"[n % 2 == 0]} for n in range(1, 5)))
    pages = Pages(Named, statement, name=column)
    query = NamedQuery(limit=1, total=True, name=[name])
    ids = []
    while query.cursor or not ids:
        page = await pages.read(session, query)
        assert page.total == 2
        ids += [item.id for item in page.items]
        query.cursor = page.next

    assert ids == found


class OneOfEach(ListQuery):
    name: str | None = None
    score: int | None = None
    flag: bool | None = None


@pytest.mark.parametrize(
    ("query", "found"),
    [
        (OneOfEach(name="ab"), [2]),
        (OneOfEach(score=0), [1, 3]),
        (OneOfEach(flag=False), [1]),
        (OneOfEach(flag=True, name="ab"), [2]),
    ],
)
async def test_filters_may_have_a_single_value(
    session: AsyncSession, query: OneOfEach, found: list[int]
) -> None:
    thing = some_thing(random.Random(1))
    values = [("a", 0, False), ("ab", 1, True), ("b", 0, None)]
    rows = [dict(zip(("name", "score", "flag"), row, strict=True)) for row in values]
    await add(session, *(thing | row | {"id": n} for n, row in enumerate(rows, start=1)))
    pages = Pages(ThingResponse, select(Thing), name=Thing.name, score=Thing.score, flag=Thing.flag)

    assert [one.id for one in (await pages.read(session, query)).items] == found


MOMENT = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("id_type", "ids", "forged"),
    [
        (sa.Uuid(), [UUID(int=number) for number in range(5)], [1, "x", None]),
        (sa.String(20), [f"ä{number}" for number in range(5)], [1, "\0", "\ud800", None]),
        (sa.Integer(), [*range(-1, 4)], [2**63, "1", None]),
    ],
    ids=["uuid", "text", "integer"],
)
async def test_ids_are_of_any_type(
    session: AsyncSession, id_type: Any, ids: list[Any], forged: list[Any]
) -> None:
    columns = [
        sa.Column("id", id_type, primary_key=True),
        sa.Column("created_at", THINGS.c.created_at.type),
        # Its size counts, whatever it is.
        sa.Column("file", sa.LargeBinary),
    ]
    table = sa.Table("files", sa.MetaData(), *columns, prefixes=["TEMPORARY"])
    await session.run_sync(lambda sync: table.create(sync.connection()))
    rows = [{"id": one, "created_at": MOMENT, "file": b"\xff" * 450_000} for one in ids]
    await session.execute(insert(table), rows)
    fields: dict[str, Any] = {"id": type(ids[0]), "created_at": dt.datetime}
    pages = Pages(create_model("File", **fields), select(table))
    sizes, found, query = [], [], PageParams()
    while query.cursor or not found:
        page = await pages.read(session, query)
        sizes.append(len(page.items))
        found += [one.id for one in page.items]
        query.cursor = page.next

    assert (found, sizes) == (ids, [2, 2, 1])
    for wrong in forged:
        query = PageParams(cursor=encoded(1, "created_at", "2026-01-01T00:00:00Z", wrong))
        with pytest.raises(InvalidCursorError):
            await pages.read(session, query)
    if id_type.python_type is int:
        # Too large for the column.
        query = PageParams(cursor=encoded(1, "created_at", "2026-01-01T00:00:00Z", 2**40))
        assert (await pages.read(session, query)).items == []


async def test_filters_may_have_names_that_sqlalchemy_makes(
    client: AsyncClient, session: AsyncSession, alice: Account
) -> None:
    thing = some_thing(random.Random(1)) | {"colour": ThingColour.BLUE}
    (found,) = await add(session, thing | {"param_1": "b", "colour_1": True})
    await add(session, thing | {"param_1": "b", "colour_1": False})
    await add(session, thing | {"param_1": "c", "colour_1": True})
    await session.commit()
    url = f"{URL}?param_1=a&param_1=b&colour=red&colour=blue&colour_1=true&total=true"
    page = await client.get(url, headers=alice.headers)

    assert page.status_code == 200, page.text
    assert ([row["id"] for row in page.json()["items"]], page.json()["total"]) == ([found], 1)


async def test_the_link_leads_to_the_next_page(
    client: AsyncClient, session: AsyncSession, alice: Account
) -> None:
    things = (some_thing(random.Random(n)) for n in range(30))
    await add(session, *(thing | {"colour": ThingColour.RED, "name": "ä&b"} for thing in things))
    await session.commit()
    url = f"{URL}?colour=red&colour=blue&search=%C3%A4%26b&limit=7&total=true&sort=-score"
    sizes = []
    for _ in range(5):
        page = await client.get(url, headers=alice.headers)
        assert page.status_code == 200, page.text
        assert page.json()["total"] == 30
        sizes.append(len(page.json()["items"]))
        link = page.links.get("next", {}).get("url")
        assert (link is None) == (page.json()["next"] is None)
        if link is None:
            break
        assert link.startswith(f"{URL}?")
        assert link.count("colour=") == 2
        url = link
    assert sizes == [7, 7, 7, 7, 2]
