"""The session, who calls, and the services that serve them: each as a typed alias."""

from collections.abc import AsyncGenerator
from typing import Annotated

from fastapi import Depends, Path, Request
from fastapi.security import OAuth2PasswordBearer
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.cache import Cache
from app.core.exceptions import ForbiddenError, UnauthorizedError
from app.core.security import MAX_ID
from app.dependencies import AppResources, AppSettings, HttpClient
from app.models import Session, User
from app.services.auth import AuthService
from app.services.health import HealthService
from app.services.password_policy import PasswordPolicy
from app.services.user import UserService

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


async def get_auth_service(session: DbSession, resources: AppResources) -> AuthService:
    return AuthService(session, resources.tokens)


async def get_password_policy(settings: AppSettings, http: HttpClient) -> PasswordPolicy:
    return PasswordPolicy(http, settings.pwned_passwords_url)


Policy = Annotated[PasswordPolicy, Depends(get_password_policy)]


async def get_user_service(
    session: DbSession, resources: AppResources, policy: Policy
) -> UserService:
    return UserService(session, resources.passwords, policy)


async def get_health_service(resources: AppResources) -> HealthService:
    return HealthService(resources.database, resources.redis)


Auth = Annotated[AuthService, Depends(get_auth_service)]
Users = Annotated[UserService, Depends(get_user_service)]
HealthChecks = Annotated[HealthService, Depends(get_health_service)]


async def get_token(token: Annotated[str | None, Depends(oauth2_scheme)]) -> str:
    if token is None:
        raise UnauthorizedError("Not authenticated")
    return token


Token = Annotated[str, Depends(get_token)]


async def authenticate(auth: Auth, token: Token) -> tuple[User, Session]:
    return await auth.authenticate(token)


Authenticated = Annotated[tuple[User, Session], Depends(authenticate)]


async def get_current_user(authenticated: Authenticated) -> User:
    return authenticated[0]


async def get_current_session(authenticated: Authenticated) -> Session:
    return authenticated[1]


CurrentUser = Annotated[User, Depends(get_current_user)]
CurrentSession = Annotated[Session, Depends(get_current_session)]


async def require_admin(user: CurrentUser) -> User:
    if not user.is_admin:
        raise ForbiddenError
    return user


AdminUser = Annotated[User, Depends(require_admin)]


async def get_user_cache(user: CurrentUser, resources: AppResources) -> Cache:
    return resources.cache.scoped(f"user-{user.id}")


UserCache = Annotated[Cache, Depends(get_user_cache)]
