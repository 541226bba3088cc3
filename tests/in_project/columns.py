"""The types of columns, on a table of these tests' own."""

from datetime import UTC, date, datetime, time
from enum import StrEnum
from typing import Any
from uuid import UUID

import pytest
from app.columns.enums import text_enum
from app.columns.lists import ListOf
from app.models import Device
from pydantic import ValidationError
from sqlalchemy import Column, Integer, MetaData, Table, func, insert, literal_column, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession


class Size(StrEnum):
    SMALL = "s"
    LARGE = "l"


samples = Table(
    "samples",
    MetaData(naming_convention={"ck": "ck_%(table_name)s_%(constraint_name)s"}),
    Column("id", Integer, primary_key=True),
    Column("document", Device.__table__.c.meta.type),
    Column("ids", ListOf(UUID)),
    Column("days", ListOf(date)),
    Column("moments", ListOf(datetime)),
    Column("times", ListOf(time)),
    Column("numbers", ListOf(float)),
    Column("size", text_enum(Size, "size")),
)


@pytest.fixture(autouse=True)
async def table(session: AsyncSession) -> None:
    await session.run_sync(lambda sync: samples.create(sync.connection()))


async def stored(session: AsyncSession, name: str, value: Any) -> Any:
    await session.execute(insert(samples).values({name: value}))
    return await session.scalar(select(samples.c[name]))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ids", [UUID(int=0), UUID(int=2**128 - 1)]),
        ("days", [date.min, date.max]),
        ("moments", [datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, 59, 59, 999999, UTC)]),
        ("times", [time(0), time(23, 59, 59, 999999)]),
        ("numbers", [-0.1, 5e-324, 1e308]),
        ("ids", []),
        ("ids", None),
        ("document", {"é": [1, 2.5, True, None, "\u2028\U0001f600"], "": {}}),
        ("document", False),
        ("document", 2**63 - 1),
        ("size", Size.LARGE),
        ("size", None),
    ],
)  # fmt: skip
async def test_values_come_back(session: AsyncSession, name: str, value: Any) -> None:
    assert await stored(session, name, value) == value


@pytest.mark.parametrize("name", ["document", "ids"])
async def test_none_is_null_of_the_database(session: AsyncSession, name: str) -> None:
    await stored(session, name, None)
    nulls = select(func.count()).where(literal_column(f"samples.{name}").is_(None))
    assert await session.scalar(nulls.select_from(samples)) == 1


async def test_enums_are_kept_as_their_values(session: AsyncSession) -> None:
    await stored(session, "size", Size.SMALL)
    assert await session.scalar(text("SELECT size FROM samples")) == "s"


async def test_the_database_refuses_other_values_of_an_enum(session: AsyncSession) -> None:
    with pytest.raises(IntegrityError, match="ck_samples_size"):
        await session.execute(text("INSERT INTO samples (size) VALUES ('SMALL')"))


async def test_items_that_cannot_be_read_are_not_repeated(session: AsyncSession) -> None:
    await session.execute(text("INSERT INTO samples (ids) VALUES ('[\"private\"]')"))
    with pytest.raises(ValidationError, match="valid UUID") as error:
        await session.scalar(select(samples.c.ids))
    assert "private" not in str(error.value)
