from typing import Any

import pytest
from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.exceptions import ConflictError
from app.models import User
from app.services.query import at_least, at_most, contains, equal, require
from conftest import Account


async def test_a_reference_needs_a_row(session: AsyncSession, alice: Account) -> None:
    accounts = select(User.id)
    await require(session, accounts, alice.id, "author_id")
    await require(session, accounts, None, "author_id")

    for ids, value in ((accounts, 2**63 - 1), (accounts.where(User.id != alice.id), alice.id)):
        with pytest.raises(ConflictError) as refused:
            await require(session, ids, value, "author_id")
        assert refused.value.fields == ["author_id"]


def narrowing(value: Any) -> list[ColumnElement[bool]]:
    """Narrow by the account that is called so, in each way."""
    return [
        equal(User.email, value),
        at_least(User.email, value),
        at_most(User.email, value),
        contains(User.email, value),
    ]


async def test_lists_are_narrowed_by_what_is_given(
    session: AsyncSession, accounts: dict[str, Account]
) -> None:
    everybody = select(User.email).order_by(User.email)
    admin, alice, bob = (accounts[name].email for name in ("admin", "alice", "bob"))

    found = [list(await session.scalars(everybody.where(one))) for one in narrowing(alice)]
    assert found == [[alice], [alice, bob], [admin, alice], [alice]]
    for condition in narrowing(None):
        assert list(await session.scalars(everybody.where(condition))) == [admin, alice, bob]
