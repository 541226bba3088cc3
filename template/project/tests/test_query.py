from typing import Any

import pytest
from sqlalchemy import ColumnElement, event, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.exceptions import ConflictError
from app.models import User
from app.schemas.base import OutputModel
from app.services.query import Slice, at_least, at_most, contains, equal, paginate, require
from conftest import Account


async def test_a_reference_needs_a_row(session: AsyncSession, alice: Account) -> None:
    accounts = select(User.id)
    await require(session, accounts, alice.id, "author_id")
    await require(session, accounts, None, "author_id")

    for ids, value in ((accounts, 2**63 - 1), (accounts.where(User.id != alice.id), alice.id)):
        with pytest.raises(ConflictError) as refused:
            await require(session, ids, value, "author_id")
        assert refused.value.fields == ["author_id"]


class Address(OutputModel):
    id: int
    email: str


class Domain(OutputModel):
    email: str
    domain: str


async def test_lists_read_the_columns_that_they_show(
    session: AsyncSession, accounts: dict[str, Account]
) -> None:
    entities: list[object] = []
    event.listen(session.sync_session, "loaded_as_persistent", lambda _, user: entities.append(user))
    query = select(User).order_by(User.email)
    page = await paginate(session, query, Slice(2, 1), Address)

    names = ("alice", "bob")
    shown = [Address(id=accounts[name].id, email=accounts[name].email) for name in names]
    assert (page.items, page.total) == (shown, len(accounts))
    assert not entities


async def test_lists_show_what_is_no_column(
    session: AsyncSession, accounts: dict[str, Account], monkeypatch: pytest.MonkeyPatch
) -> None:
    domain = property(lambda user: user.email.partition("@")[2])
    monkeypatch.setattr(User, "domain", domain, raising=False)
    query = select(User).order_by(User.email)
    page = await paginate(session, query, Slice(2, 1), Domain)

    addresses = [accounts[name].email for name in ("alice", "bob")]
    assert [(item.email, item.domain) for item in page.items] == [
        (address, "example.com") for address in addresses
    ]
    assert page.total == len(accounts)


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
