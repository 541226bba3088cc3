"""The session, who calls, and the services that serve them: each as a typed alias."""

from typing import Annotated

from fastapi import Depends, Path, Request
from fastapi.security import OAuth2PasswordBearer
from fastapi.security.base import SecurityBase
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.convertors import IntegerConvertor, register_url_convertor

from app.api.routing import get_db
from app.core.cache import Cache
from app.core.exceptions import ForbiddenError, UnauthorizedError
from app.core.security import MAX_ID, Caller, TokenClaims, TokenType
from app.dependencies import AppResources, AppSettings, opened
from app.models import User
from app.services.auth import AuthService
from app.services.health import HealthService
from app.services.password_policy import PasswordPolicy
from app.services.user import UserService

oauth2_scheme = OAuth2PasswordBearer(tokenUrl="/api/v1/auth/token", auto_error=False)


class ShortIntegerConvertor(IntegerConvertor):
    """`:int` in paths: Python converts no text of more than 4300 digits."""

    regex = "[0-9]{1,100}"


register_url_convertor("int", ShortIntegerConvertor())

RowId = Annotated[int, Path(ge=1, le=MAX_ID)]
DbSession = Annotated[AsyncSession, Depends(get_db)]


async def get_auth_service(session: DbSession, resources: AppResources) -> AuthService:
    return AuthService(session, resources.tokens)


async def get_password_policy(settings: AppSettings, resources: AppResources) -> PasswordPolicy:
    return PasswordPolicy(resources.http, settings.pwned_passwords_url)


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


class AccessToken(SecurityBase):
    """The token of a request, for what is to be known by it."""

    def __init__(self, scheme: OAuth2PasswordBearer) -> None:
        self.model, self.scheme_name = scheme.model, scheme.scheme_name
        self._scheme = scheme

    async def _read(self, request: Request) -> TokenClaims:
        token = await self._scheme(request)
        if token is None:
            raise UnauthorizedError("Not authenticated")
        return opened(request).tokens.decode(TokenType.ACCESS, token)


class ReadClaims(AccessToken):
    """What a valid token says; that its session still runs, `CurrentCaller` tells."""

    async def __call__(self, request: Request) -> TokenClaims:
        return await self._read(request)


class ReadCaller(AccessToken):
    """Who calls, by a token whose session runs; raises UnauthorizedError."""

    async def __call__(self, request: Request) -> Caller:
        claims = await self._read(request)
        # Not as a dependency: it would cost each request another fiftieth of its time.
        session = await get_db(request)
        return await AuthService(session, opened(request).tokens).authenticate(claims)


get_claims = ReadClaims(oauth2_scheme)
get_caller = ReadCaller(oauth2_scheme)
Claims = Annotated[TokenClaims, Depends(get_claims)]
CurrentCaller = Annotated[Caller, Depends(get_caller)]


async def get_current_user(caller: CurrentCaller, auth: Auth) -> User:
    """The caller's whole account, for what reads or changes it."""
    return await auth.account(caller)


CurrentUser = Annotated[User, Depends(get_current_user)]


async def require_recent_login(_: CurrentCaller, claims: Claims, auth: Auth) -> None:
    """For what a stolen token must not be enough: the password was typed minutes ago."""
    await auth.require_recent_login(claims.session_id)


async def require_admin(caller: CurrentCaller) -> Caller:
    if not caller.is_admin:
        raise ForbiddenError
    return caller


AdminUser = Annotated[Caller, Depends(require_admin)]


async def get_user_cache(caller: CurrentCaller, resources: AppResources) -> Cache:
    return resources.cache.scoped(f"user-{caller.id}")


UserCache = Annotated[Cache, Depends(get_user_cache)]
