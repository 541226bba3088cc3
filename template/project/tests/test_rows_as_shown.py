from dataclasses import dataclass

import pytest
from sqlalchemy import event
from sqlalchemy.exc import StatementError
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.exceptions import NotFoundError
from app.models import User
from app.schemas.base import OutputModel
from app.schemas.user import UserSort
from app.services.query import Slice, contains, equal
from app.services.rows import Rows
from conftest import Account


class Address(OutputModel):
    id: int
    email: str


class Mailbox(Address):
    domain: str


@dataclass
class Wanted:
    search: str | None = None
    sort: UserSort = UserSort.EMAIL


@pytest.fixture(params=[Address, Mailbox], ids=["columns", "entities"])
def rows(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Rows[User, Address]:
    """Accounts of administrators or others, shown as columns, or with what is none."""
    domain = property(lambda user: user.email.partition("@")[2])
    monkeypatch.setattr(User, "domain", domain, raising=False)
    return Rows(
        User,
        request.param,
        "Account",
        of={"is_admin": equal(User.is_admin)},
        filters={"search": contains(User.email)},
    )


async def test_pages_are_in_order_and_count_all(
    session: AsyncSession, accounts: dict[str, Account], rows: Rows[User, Address]
) -> None:
    for sort, names in ((UserSort.EMAIL, ["alice", "bob"]), (UserSort.EMAIL_DESC, ["bob", "alice"])):
        for offset, expected in ((0, names[:1]), (1, names[1:]), (2, [])):
            page = await rows.page(session, Wanted(sort=sort), Slice(1, offset), is_admin=False)
            assert [item.id for item in page.items] == [accounts[name].id for name in expected]
            assert (page.total, page.limit, page.offset) == (2, 1, offset)


async def test_pages_are_narrowed_by_what_is_given(
    session: AsyncSession, bob: Account, rows: Rows[User, Address]
) -> None:
    page = await rows.page(session, Wanted(search="bob"), Slice(20, 0), is_admin=False)
    assert ([item.email for item in page.items], page.total) == ([bob.email], 1)

    page = await rows.page(session, Wanted(search="bob"), Slice(20, 0), is_admin=True)
    assert (page.items, page.total) == ([], 0)


async def test_one_row_is_found_where_it_may_be_seen(
    session: AsyncSession, bob: Account, rows: Rows[User, Address]
) -> None:
    for read in (rows.find, rows.entity):
        found = await read(session, bob.id, is_admin=False)
        assert (found.id, found.email) == (bob.id, bob.email)

        for row_id, is_admin in ((bob.id, True), (2**63 - 1, False)):
            with pytest.raises(NotFoundError, match=f"Account with id {row_id} not found"):
                await read(session, row_id, is_admin=is_admin)


async def test_what_is_inserted_is_shown(session: AsyncSession, rows: Rows[User, Address]) -> None:
    values = {"email": "carol@example.com", "hashed_password": "-"}
    shown = await rows.insert(session, **values)

    assert shown == await rows.find(session, shown.id, is_admin=False)
    assert shown.email == "carol@example.com"


async def test_whose_rows_they_are_must_be_said(
    session: AsyncSession, bob: Account, rows: Rows[User, Address]
) -> None:
    with pytest.raises(StatementError, match="is_admin"):
        await rows.find(session, bob.id)


async def test_columns_are_read_without_entities(session: AsyncSession, bob: Account) -> None:
    entities: list[object] = []
    event.listen(session.sync_session, "loaded_as_persistent", lambda _, user: entities.append(user))
    rows = Rows(User, Address, "Account")

    await rows.find(session, bob.id)
    await rows.page(session, Wanted(), Slice(20, 0))
    assert not entities
