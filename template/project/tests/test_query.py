import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.exceptions import ConflictError
from app.models import User
from app.services.query import require
from conftest import Account


async def test_a_reference_needs_a_row(session: AsyncSession, alice: Account) -> None:
    await require(session, select(User.id).where(User.id == alice.id), "author_id")

    with pytest.raises(ConflictError) as refused:
        await require(session, select(User.id).where(User.id == 2**63 - 1), "author_id")
    assert refused.value.fields == ["author_id"]
