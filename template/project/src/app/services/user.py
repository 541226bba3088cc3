from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.exceptions import LastAdminError, NotFoundError, WrongPasswordError
from app.models import Session, User
from app.schemas.page import Page
from app.schemas.user import (
    UserAdminUpdate,
    UserBase,
    UserQuery,
    UserResponse,
    UserStats,
    UserUpdate,
)
from app.services.pages import Pages, contains

USERS = User.__table__
SHOWN = select(*(USERS.c[name] for name in UserResponse.model_fields))
PAGES = Pages(
    UserResponse,
    SHOWN,
    search=contains(USERS.c.email),
    is_active=USERS.c.is_active.is_(True),
    is_admin=USERS.c.is_admin.is_(True),
)


class UserService:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def register(self, data: UserBase, hashed: str, *, is_admin: bool = False) -> User:
        values = data.model_dump(include={"email", "full_name"})
        user = User(**values, hashed_password=hashed, is_admin=is_admin)
        self._session.add(user)
        await self._session.flush()
        return user

    async def read(self, user_id: int) -> User:
        user = await self._session.get(User, user_id)
        if user is None:
            raise NotFoundError("User", user_id)
        return user

    async def list(self, query: UserQuery) -> Page[UserResponse]:
        return await PAGES.read(self._session, query)

    async def stats(self) -> UserStats:
        all_ = func.count()
        counts = select(all_, all_.filter(User.is_active), all_.filter(User.is_admin))
        total, active, admins = (await self._session.execute(counts.select_from(User))).one()
        return UserStats(total=total, active=active, admins=admins)

    async def update(self, user_id: int, data: UserUpdate | UserAdminUpdate) -> User:
        # Locked and read again, as the session may have an older state of it.
        user = await self._session.get(User, user_id, with_for_update=True, populate_existing=True)
        if user is None:
            raise NotFoundError("User", user_id)
        changes = data.model_dump(exclude_unset=True, exclude={"current_password"})
        for field, value in changes.items():
            setattr(user, field, value)
        await self._session.flush()
        return user

    async def update_as_admin(self, user_id: int, data: UserAdminUpdate) -> User:
        admins = await self._lock_admins() if False in data.model_dump().values() else ()
        if admins == [user_id]:
            raise LastAdminError
        user = await self.update(user_id, data)
        if not user.is_active:
            await self._end_sessions(user)
        return user

    async def set_password(self, user: User, hashed_password: str, keep: UUID) -> None:
        """Set a new password and end all sessions except `keep`.

        Raises WrongPasswordError if the password has changed since it was checked.
        """
        changed = await self._session.scalar(
            update(User)
            .where(User.id == user.id, User.hashed_password == user.hashed_password)
            .values(hashed_password=hashed_password)
            .returning(User.id)
        )
        if changed is None:
            raise WrongPasswordError
        await self._end_sessions(user, keep)

    async def delete(self, user: User) -> None:
        if user.is_admin and await self._lock_admins() == [user.id]:
            raise LastAdminError
        await self._session.delete(user)

    async def _end_sessions(self, user: User, keep: UUID | None = None) -> None:
        ending = delete(Session).where(Session.user_id == user.id)
        if keep is not None:
            ending = ending.where(Session.id != keep)
        await self._session.execute(ending)

    async def _lock_admins(self) -> Sequence[int]:
        # Locked, so that two administrators cannot demote each other; in the order of ids and
        # before other rows, so that two requests cannot deadlock.
        admins = await self._session.scalars(
            select(User.id).where(User.is_admin, User.is_active).order_by(User.id).with_for_update()
        )
        return admins.all()
