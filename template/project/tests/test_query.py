from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.exceptions import ConflictError
from app.models import User
from app.services.query import Filter, at_least, at_most, contains, equal, require
from conftest import Account


async def test_a_reference_needs_a_row(session: AsyncSession, alice: Account) -> None:
    accounts = select(User.id)
    await require(session, accounts, alice.id, "author_id")
    await require(session, accounts, None, "author_id")

    for ids, value in ((accounts, 2**63 - 1), (accounts.where(User.id != alice.id), alice.id)):
        with pytest.raises(ConflictError) as refused:
            await require(session, ids, value, "author_id")
        assert refused.value.fields == ["author_id"]


@pytest.mark.parametrize(
    ("narrow", "value", "names"),
    [
        (equal(User.email), "alice@example.com", ["alice"]),
        (at_least(User.email), "alice@example.com", ["alice", "bob"]),
        (at_most(User.email), "alice@example.com", ["admin", "alice"]),
        (contains(User.email), "LICE@", ["alice"]),
        (contains(User.email, User.full_name), "bob", ["bob"]),
        (contains(User.email), "a%", []),
        (contains(User.email), "_", []),
        (contains(User.email), "/", []),
    ],
)
async def test_filters_let_through_what_they_say(
    session: AsyncSession, accounts: dict[str, Account], narrow: Filter, value: Any, names: list[str]
) -> None:
    found = select(User.email).where(narrow("value")).order_by(User.email)
    emails = list(await session.scalars(found, {"value": value}))
    assert emails == [accounts[name].email for name in names]
