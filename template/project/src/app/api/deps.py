"""Dependencies of endpoints as typed aliases: the session and the caller."""

from collections.abc import AsyncGenerator
from typing import Annotated

from fastapi import Depends, HTTPException, Path, status
from fastapi.requests import HTTPConnection
from fastapi.security import OAuth2PasswordBearer
from fastapi.security.base import SecurityBase
from fastapi.security.utils import get_authorization_scheme_param
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.middleware.body_limit import MAX_BODY_SIZE_SCOPE_KEY

from app.core.exceptions import ForbiddenError, UnauthorizedError
from app.core.security import MAX_ID, Caller, TokenClaims
from app.dependencies import get_resources
from app.models import User
from app.services.auth import AuthService

LOGIN_PATH = "/api/v1/auth/token"
oauth2_scheme = OAuth2PasswordBearer(tokenUrl=LOGIN_PATH, auto_error=False)

RowId = Annotated[int, Path(ge=1, le=MAX_ID)]


async def open_session(connection: HTTPConnection) -> AsyncGenerator[AsyncSession | None]:
    """Open the session of a request; commit it before the reply is sent."""
    if connection.scope["type"] == "websocket":
        # A session would hold a database connection until the socket is closed.
        yield None
        return
    read_only = connection.scope["method"] in {"GET", "HEAD"}
    # An endpoint may write without reading the body.
    limit = connection.scope.get(MAX_BODY_SIZE_SCOPE_KEY)
    if limit and not read_only and int(connection.headers.get("Content-Length", "0")) > limit:
        raise HTTPException(status.HTTP_413_CONTENT_TOO_LARGE)
    resources = await get_resources(connection)
    async with resources.database.transaction(read_only=read_only) as session:
        yield session


# Function scope ends before the reply; request scope, FastAPI's default, would commit after it.
OpenSession = Annotated[AsyncSession | None, Depends(open_session, scope="function")]


async def get_db(session: OpenSession) -> AsyncSession:
    """Return the session of the request, which all its dependencies share."""
    if session is None:
        raise RuntimeError(
            "a WebSocket has no DbSession: use `resources.database.transaction()` for each message"
        )
    return session


DbSession = Annotated[AsyncSession, Depends(get_db, scope="function")]


class AccessToken(SecurityBase):
    """Base of the dependencies that read the access token; adds it to the OpenAPI document."""

    model = oauth2_scheme.model
    scheme_name = oauth2_scheme.scheme_name


class ReadClaims(AccessToken):
    """Returns the claims of a valid token, even if its session has ended."""

    async def __call__(self, connection: HTTPConnection) -> TokenClaims:
        header = connection.headers.get("Authorization")
        if header is None and connection.scope["type"] == "websocket":
            # Browsers can set no other header: `new WebSocket(url, ["bearer", token])`.
            header = " ".join(connection.scope["subprotocols"][:2])
        scheme, token = get_authorization_scheme_param(header)
        if scheme.lower() != "bearer" or not token:
            raise UnauthorizedError("Not authenticated")
        return (await get_resources(connection)).tokens.decode("access", token)


get_claims = ReadClaims()
Claims = Annotated[TokenClaims, Depends(get_claims)]


class ReadCaller(AccessToken):
    """Returns the caller; raises UnauthorizedError if the token's session has ended."""

    async def __call__(self, connection: HTTPConnection, session: OpenSession) -> Caller:
        claims = await get_claims(connection)
        if session is not None:
            return await AuthService(session).authenticate(claims)
        resources = await get_resources(connection)
        async with resources.database.transaction(read_only=True) as own_session:
            return await AuthService(own_session).authenticate(claims)


get_caller = ReadCaller()
CurrentCaller = Annotated[Caller, Depends(get_caller)]


async def get_current_user(caller: CurrentCaller, session: DbSession) -> User:
    """Return the caller's account as an entity."""
    user = await session.get(User, caller.id)
    if user is None:
        raise UnauthorizedError
    return user


CurrentUser = Annotated[User, Depends(get_current_user)]


async def require_recent_login(caller: CurrentCaller, session: DbSession) -> None:
    """Require a log-in within the last ten minutes, so that a stolen token is not enough."""
    await AuthService(session).require_recent_login(caller)


RecentLogin = Annotated[None, Depends(require_recent_login)]


async def require_admin(caller: CurrentCaller) -> Caller:
    if not caller.is_admin:
        raise ForbiddenError
    return caller


AdminUser = Annotated[Caller, Depends(require_admin)]
