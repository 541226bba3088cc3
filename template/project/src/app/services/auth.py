from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.exceptions import InvalidCredentialsError, StaleLoginError, UnauthorizedError
from app.core.security import Caller, PasswordHasher, TokenClaims, TokenCodec
from app.models import Session, User
from app.schemas.auth import TokenPair
from app.schemas.types.strings import canonical_email
from app.schemas.user import UserInDB

MAX_PASSWORD_LENGTH = 128
RECENT = timedelta(minutes=10)
USERS = User.__table__
SESSIONS = Session.__table__
# Built once and of columns, since almost every request runs it.
CALLER = (
    select(USERS.c.id, USERS.c.is_admin)
    .join(SESSIONS, SESSIONS.c.user_id == USERS.c.id)
    .where(
        USERS.c.id == bindparam("user_id"),
        USERS.c.is_active,
        SESSIONS.c.id == bindparam("session_id"),
    )
)


def address_of(username: str) -> str | None:
    """Return the e-mail address in its stored spelling, or None if the username is no address."""
    try:
        return canonical_email(username.strip())
    except ValueError:
        return None


async def check_password(
    passwords: PasswordHasher, user: UserInDB | None, password: str
) -> tuple[UserInDB, str]:
    """Return the user and the hash to store, if the password is the user's.

    Raises InvalidCredentialsError otherwise: unknown users, wrong passwords and inactive
    accounts give the same error in the same time.
    """
    hashed = user.hashed_password if user else None
    matches = await passwords.verify(password[:MAX_PASSWORD_LENGTH], hashed)
    if user is None or not matches or not user.is_active or len(password) > MAX_PASSWORD_LENGTH:
        raise InvalidCredentialsError
    if passwords.needs_rehash(user.hashed_password):
        return user, await passwords.hash(password)
    return user, user.hashed_password


def token_pair(claims: TokenClaims, tokens: TokenCodec) -> TokenPair:
    return TokenPair(
        access_token=tokens.encode("access", claims),
        refresh_token=tokens.encode("refresh", claims),
        expires_in=int(tokens.lifetimes["access"].total_seconds()),
    )


class AuthService:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def find_user(self, address: str | None) -> UserInDB | None:
        # The query also runs for None, so that all log-ins take the same time.
        user = await self._session.scalar(select(User).where(User.email == address))
        return UserInDB.model_validate(user) if user else None

    async def begin_session(self, verified: UserInDB, hashed: str, tokens: TokenCodec) -> TokenPair:
        """Start a session; raises InvalidCredentialsError if the account is not as `verified`."""
        # Locked: a concurrent password change must end this session too.
        user = await self._session.get(User, verified.id, with_for_update={"read": True})
        if user is None or not user.is_active or user.hashed_password != verified.hashed_password:
            raise InvalidCredentialsError
        user.hashed_password = hashed
        now = datetime.now(UTC)
        await self._session.execute(
            delete(Session).where(Session.user_id == user.id, Session.expires_at < now)
        )
        claims = TokenClaims(user.id, uuid4(), uuid4())
        session = Session(id=claims.session_id, user_id=user.id, refresh_token_id=claims.token_id)
        session.expires_at = now + tokens.lifetimes["refresh"]
        self._session.add(session)
        return token_pair(claims, tokens)

    async def refresh(self, refresh_token: str, tokens: TokenCodec) -> TokenPair | None:
        """Exchange a refresh token for a new pair.

        Returns None if the token was used before, which means that it was stolen. The session has
        ended then; the caller must commit that before refusing the request.
        """
        claims = tokens.decode("refresh", refresh_token)
        new = replace(claims, token_id=uuid4())
        now = datetime.now(UTC)
        rotated = await self._session.scalar(
            update(Session)
            .where(
                Session.id == claims.session_id,
                Session.user_id == claims.user_id,
                Session.refresh_token_id == claims.token_id,
                Session.expires_at > now,
                Session.user_id.in_(select(User.id).where(User.is_active)),
            )
            .values(refresh_token_id=new.token_id, expires_at=now + tokens.lifetimes["refresh"])
            .returning(Session.id)
        )
        if rotated is None:
            await self.end_session(claims.session_id)
            return None
        return token_pair(new, tokens)

    async def authenticate(self, claims: TokenClaims) -> Caller:
        """Return the caller; raises UnauthorizedError if the session has ended."""
        values = {"user_id": claims.user_id, "session_id": claims.session_id}
        row = (await self._session.execute(CALLER, values)).first()
        if row is None:
            raise UnauthorizedError
        return Caller(*row, claims.session_id)

    async def require_recent_login(self, caller: Caller) -> None:
        """Raise StaleLoginError unless the session was opened within ten minutes."""
        # Only a log-in with a password opens a session; refreshing tokens does not renew it.
        recent = select(Session.id).where(
            Session.id == caller.session_id, Session.created_at > datetime.now(UTC) - RECENT
        )
        if await self._session.scalar(recent) is None:
            raise StaleLoginError

    async def end_session(self, session_id: UUID) -> None:
        await self._session.execute(delete(Session).where(Session.id == session_id))
