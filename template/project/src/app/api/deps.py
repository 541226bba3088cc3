"""The session, who calls, and the services that serve them: each as a typed alias."""

from collections.abc import AsyncGenerator
from hashlib import sha256
from typing import Annotated

from fastapi import Depends, Path, Request
from fastapi.security import OAuth2PasswordBearer
from limits import parse
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.cache import Cache
from app.core.exceptions import ForbiddenError, TooManyRequestsError, UnauthorizedError
from app.core.security import MAX_ID
from app.core.text import normalize_email
from app.dependencies import AppResources, AppSettings, HttpClient, RequestContext
from app.models import Session, User
from app.schemas.auth import RefreshRequest, TokenPair
from app.services.auth import AuthService
from app.services.health import HealthService
from app.services.password_policy import PasswordPolicy
from app.services.user import UserService

FAILED_LOGINS = parse("5 per 5 minutes")

oauth2_scheme = OAuth2PasswordBearer(tokenUrl="/api/v1/auth/token", auto_error=False)

RowId = Annotated[int, Path(ge=1, le=MAX_ID)]


async def get_db(request: Request, resources: AppResources) -> AsyncGenerator[AsyncSession]:
    """One session a request, committed when the endpoint has returned."""
    read_only = request.method in {"GET", "HEAD"}
    async with resources.database.transaction(read_only=read_only) as session:
        yield session


# The scope makes the commit happen before the reply is sent. It is part of the session's
# identity: a second `Depends(get_db)` without it would open a second session.
DbSession = Annotated[AsyncSession, Depends(get_db, scope="function")]


def get_auth_service(session: DbSession, resources: AppResources) -> AuthService:
    return AuthService(session, resources.passwords, resources.tokens)


def get_user_service(
    session: DbSession, resources: AppResources, settings: AppSettings, http: HttpClient
) -> UserService:
    url = settings.pwned_passwords_url
    policy = PasswordPolicy(http, str(url) if url else None)
    return UserService(session, resources.passwords, policy)


def get_health_service(resources: AppResources) -> HealthService:
    return HealthService(resources.database, resources.redis)


Auth = Annotated[AuthService, Depends(get_auth_service)]
Users = Annotated[UserService, Depends(get_user_service)]
HealthChecks = Annotated[HealthService, Depends(get_health_service)]


async def authenticate(
    auth: Auth, token: Annotated[str | None, Depends(oauth2_scheme)]
) -> tuple[User, Session]:
    if token is None:
        raise UnauthorizedError("Not authenticated")
    return await auth.authenticate(token)


Authenticated = Annotated[tuple[User, Session], Depends(authenticate)]


def get_current_user(authenticated: Authenticated) -> User:
    return authenticated[0]


def get_current_session(authenticated: Authenticated) -> Session:
    return authenticated[1]


CurrentUser = Annotated[User, Depends(get_current_user)]
CurrentSession = Annotated[Session, Depends(get_current_session)]


def require_admin(user: CurrentUser) -> User:
    if not user.is_admin:
        raise ForbiddenError
    return user


AdminUser = Annotated[User, Depends(require_admin)]


def get_user_cache(user: CurrentUser, resources: AppResources) -> Cache:
    return resources.cache.scoped(f"user-{user.id}")


UserCache = Annotated[Cache, Depends(get_user_cache)]


class LoginAttempts:
    """Counts the failed logins of one client for one address."""

    def __init__(self, resources: AppResources, context: RequestContext) -> None:
        self._limiter = resources.rate_limiter
        self._client_ip = context.client_ip

    async def count(self, email: str) -> None:
        """Count before the password is looked at, so that tries at once count as well."""
        status = await self._limiter.hit(FAILED_LOGINS, *self._key(email))
        if not status.allowed:
            raise TooManyRequestsError(headers=status.headers)

    async def forget(self, email: str) -> None:
        await self._limiter.clear(FAILED_LOGINS, *self._key(email))

    def _key(self, email: str) -> tuple[str, ...]:
        digest = sha256(normalize_email(email).encode(errors="replace")).hexdigest()
        return "failed-logins", self._client_ip, digest


LoginThrottle = Annotated[LoginAttempts, Depends()]


async def refresh_tokens(body: RefreshRequest, resources: AppResources) -> TokenPair:
    """Exchange a refresh token in a transaction of its own.

    Ending a stolen session must last although the request is refused.
    """
    async with resources.database.transaction() as session:
        auth = AuthService(session, resources.passwords, resources.tokens)
        tokens = await auth.refresh(body.refresh_token)
    if tokens is None:
        raise UnauthorizedError
    return tokens


RefreshedTokens = Annotated[TokenPair, Depends(refresh_tokens)]
