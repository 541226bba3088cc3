"""Dependencies of endpoints as typed aliases: the session and the caller."""

from collections.abc import AsyncGenerator
from typing import Annotated

from fastapi import Depends, HTTPException, Path
from fastapi.requests import HTTPConnection
from fastapi.security import OAuth2PasswordBearer
from fastapi.security.base import SecurityBase
from fastapi.security.utils import get_authorization_scheme_param
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.convertors import IntegerConvertor, register_url_convertor
from starlette.middleware.body_limit import MAX_BODY_SIZE_SCOPE_KEY
from starlette.status import HTTP_413_CONTENT_TOO_LARGE

from app.core.cache import Cache
from app.core.exceptions import ForbiddenError, UnauthorizedError
from app.core.security import MAX_ID, Caller, TokenClaims
from app.dependencies import AppResources, opened
from app.models import User
from app.services.auth import AuthService

TOKEN_URL = "/api/v1/auth/token"  # noqa: S105
oauth2_scheme = OAuth2PasswordBearer(tokenUrl=TOKEN_URL, auto_error=False)


class ShortIntegerConvertor(IntegerConvertor):
    """`:int` in paths: Python refuses to convert more than 4300 digits."""

    regex = "[0-9]{1,100}"


register_url_convertor("int", ShortIntegerConvertor())

RowId = Annotated[int, Path(ge=1, le=MAX_ID)]


def refuse_announced_body(connection: HTTPConnection) -> None:
    """Raise 413 for a body that is too large, where an endpoint would write without reading it."""
    limit = connection.scope.get(MAX_BODY_SIZE_SCOPE_KEY)
    if limit and int(connection.headers.get("Content-Length", "0")) > limit:
        raise HTTPException(HTTP_413_CONTENT_TOO_LARGE)


async def open_session(connection: HTTPConnection) -> AsyncGenerator[AsyncSession | None]:
    """Open the session of a request; commit it before the reply is sent.

    WebSockets get none: it would hold a database connection until the socket is closed.
    """
    if connection.scope["type"] == "websocket":
        yield None
        return
    read_only = connection.scope["method"] in {"GET", "HEAD"}
    if not read_only:
        refuse_announced_body(connection)
    async with opened(connection).database.transaction(read_only=read_only) as session:
        yield session


# Function scope ends before the reply; request scope, FastAPI's default, would commit after it.
OpenSession = Annotated[AsyncSession | None, Depends(open_session, scope="function")]


async def get_db(session: OpenSession) -> AsyncSession:
    """Return the one session of a request, however a dependency asks for it."""
    if session is None:
        msg = (
            "a WebSocket has no DbSession:"
            " use `resources.database.transaction()` of AppResources for each message"
        )
        raise RuntimeError(msg)
    return session


DbSession = Annotated[AsyncSession, Depends(get_db, scope="function")]


class AccessToken(SecurityBase):
    """Reads the access token of a request, or of the handshake of a WebSocket."""

    def __init__(self, scheme: OAuth2PasswordBearer) -> None:
        self.model, self.scheme_name = scheme.model, scheme.scheme_name

    def _read(self, connection: HTTPConnection) -> TokenClaims:
        header = connection.headers.get("Authorization")
        if header is None and connection.scope["type"] == "websocket":
            # Browsers can send no other header: `new WebSocket(url, ["bearer", token])`.
            header = connection.headers.get("Sec-WebSocket-Protocol", "").replace(",", "", 1)
        scheme, token = get_authorization_scheme_param(header)
        if scheme.lower() != "bearer" or not token:
            raise UnauthorizedError("Not authenticated")
        return opened(connection).tokens.decode("access", token)


class ReadClaims(AccessToken):
    """Returns the claims of a valid token; its session may have ended, unlike `CurrentCaller`'s."""

    async def __call__(self, connection: HTTPConnection) -> TokenClaims:
        return self._read(connection)


class ReadCaller(AccessToken):
    """Returns the caller; raises UnauthorizedError if the token's session has ended."""

    async def __call__(self, connection: HTTPConnection, session: OpenSession) -> Caller:
        claims = self._read(connection)
        resources = opened(connection)
        if session is not None:
            return await AuthService(session, resources.tokens).authenticate(claims)
        async with resources.database.transaction(read_only=True) as own_session:
            return await AuthService(own_session, resources.tokens).authenticate(claims)


get_claims = ReadClaims(oauth2_scheme)
get_caller = ReadCaller(oauth2_scheme)
Claims = Annotated[TokenClaims, Depends(get_claims)]
CurrentCaller = Annotated[Caller, Depends(get_caller)]


async def get_current_user(
    caller: CurrentCaller, session: DbSession, resources: AppResources
) -> User:
    """Return the caller's account as an entity."""
    return await AuthService(session, resources.tokens).account(caller)


CurrentUser = Annotated[User, Depends(get_current_user)]


async def require_recent_login(
    _: CurrentCaller, claims: Claims, session: DbSession, resources: AppResources
) -> None:
    """Require a log-in of the last ten minutes, where a stolen token must not be enough."""
    await AuthService(session, resources.tokens).require_recent_login(claims.session_id)


async def require_admin(caller: CurrentCaller) -> Caller:
    if not caller.is_admin:
        raise ForbiddenError
    return caller


AdminUser = Annotated[Caller, Depends(require_admin)]


async def get_user_cache(caller: CurrentCaller, resources: AppResources) -> Cache:
    return resources.cache.scoped(f"user-{caller.id}")


UserCache = Annotated[Cache, Depends(get_user_cache)]
