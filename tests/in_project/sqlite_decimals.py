"""Decimals on SQLite, which knows only floats."""

from decimal import Decimal
from typing import Any

import pytest
from alembic.operations import ops
from alembic.util import CommandError
from app.columns.decimals import Exact
from app.migrations.decimals import multiply_rows
from sqlalchemy import (
    Column,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    func,
    insert,
    select,
    text,
    type_coerce,
)
from sqlalchemy.exc import OperationalError, StatementError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.types import TypeEngine

prices = Table(
    "prices",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("price", Exact(18, 4)),
)
price = prices.c.price
LARGEST = Decimal("99999999999999.9999")


@pytest.fixture(autouse=True)
async def table(session: AsyncSession) -> None:
    await session.run_sync(lambda sync: prices.create(sync.connection()))


async def store(session: AsyncSession, *values: Decimal | None) -> None:
    await session.execute(insert(prices), [{"price": value} for value in values])


@pytest.mark.parametrize("value", [LARGEST, -LARGEST, Decimal("0.0001"), Decimal(0), None])
async def test_values_come_back(session: AsyncSession, value: Decimal | None) -> None:
    await store(session, value)
    assert await session.scalar(select(price)) == value


async def test_values_have_all_their_places(session: AsyncSession) -> None:
    await store(session, Decimal("2.5"))
    assert str(await session.scalar(select(price))) == "2.5000"


@pytest.mark.parametrize("value", ["0.00001", "100000000000000", "-1e99", "99999999999999.99991"])
async def test_what_does_not_fit_is_refused(session: AsyncSession, value: str) -> None:
    with pytest.raises(StatementError, match=r"does not fit NUMERIC\(18, 4\)"):
        await store(session, Decimal(value))


async def test_sums_are_exact(session: AsyncSession) -> None:
    await store(session, *[Decimal("0.1")] * 3, *[LARGEST] * 9, Decimal("-0.0003"))
    assert await session.scalar(select(func.sum(price))) == 9 * LARGEST + Decimal("0.2997")


async def test_values_are_compared_and_ordered_as_numbers(session: AsyncSession) -> None:
    low, middle, high = Decimal(-10), Decimal("9.5"), Decimal("10.25")
    await store(session, high, low, middle)

    assert list(await session.scalars(select(price).order_by(price))) == [low, middle, high]
    assert list(await session.scalars(select(price).where(price > middle))) == [high]
    assert list(await session.scalars(select(price).where(price <= low))) == [low]
    assert (await session.execute(select(func.min(price), func.max(price)))).one() == (low, high)


def migration_of(before: TypeEngine[Any], after: TypeEngine[Any] | None) -> list[str]:
    change = ops.AlterColumnOp("prices", "price", existing_type=before, modify_type=after)
    *updates, last = multiply_rows(None, None, change)
    assert last is change
    return [str(update.sqltext) for update in updates if isinstance(update, ops.ExecuteSQLOp)]


async def migrate(session: AsyncSession, before: Exact, after: Exact) -> list[Decimal | None]:
    [update] = migration_of(before, after)
    await session.execute(text(update))
    return list(await session.scalars(select(type_coerce(price, after))))


async def test_rows_keep_their_values_when_places_change(session: AsyncSession) -> None:
    values = [Decimal("-2.5"), Decimal("9.9999"), None]
    await store(session, *values)

    assert await migrate(session, Exact(18, 4), Exact(18, 6)) == values
    assert await migrate(session, Exact(18, 6), Exact(18, 2)) == [Decimal("-2.5"), 10, None]


@pytest.mark.parametrize("after", [Exact(18, 6), Exact(17, 4)])
async def test_rows_that_no_longer_fit_stop_the_migration(
    session: AsyncSession, after: Exact
) -> None:
    await store(session, LARGEST)
    with pytest.raises(OperationalError, match="integer overflow"):
        await migrate(session, Exact(18, 4), after)


@pytest.mark.parametrize(
    "types", [(Exact(10, 2), Exact(12, 2)), (String(), Text()), (Text(), None)]
)
async def test_other_changes_leave_rows_alone(
    types: tuple[TypeEngine[Any], TypeEngine[Any] | None],
) -> None:
    assert migration_of(*types) == []


async def test_a_decimal_made_of_something_else_is_left_to_people() -> None:
    with pytest.raises(CommandError, match="write by hand"):
        migration_of(Integer(), Exact(10, 2))
