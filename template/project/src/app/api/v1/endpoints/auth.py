from hashlib import sha256
from typing import Annotated

import structlog
from fastapi import Depends, Request, status
from fastapi.security import OAuth2PasswordRequestForm
from limits import parse

from app.api.deps import CurrentCaller, DbSession
from app.api.errors import documented
from app.api.routing import Router
from app.core.exceptions import InvalidCredentialsError, TooManyRequestsError, UnauthorizedError
from app.core.rate_limit import counted_as
from app.dependencies import AppResources, client_address, rate_limit
from app.schemas.auth import RefreshRequest, TokenPair
from app.services.auth import AuthService, address_of, check_password

FAILED_LOGINS = parse("5 per 5 minutes")
FORM = "application/x-www-form-urlencoded"
PHRASE = "a phrase that only Ada knows"
LOGIN_EXAMPLE = {"username": "ada@example.com", "password": PHRASE}

logger = structlog.get_logger(__name__)
router = Router(prefix="/auth", tags=["auth"])


@router.post(
    "/token",
    dependencies=[rate_limit("60/minute")],
    responses=documented(401, 429),
    openapi_extra={"requestBody": {"content": {FORM: {"example": LOGIN_EXAMPLE}}}},
)
async def log_in(
    form: Annotated[OAuth2PasswordRequestForm, Depends()], resources: AppResources, request: Request
) -> TokenPair:
    """Log in with an e-mail address, as `username`, and a password."""
    client = client_address(request)
    log = logger.bind(client=client, agent=request.headers.get("User-Agent", "")[:200])
    address = address_of(form.username)
    account = sha256((address or form.username).encode(errors="replace")).hexdigest()
    key = ("failed-logins", counted_as(client), account)
    # No transaction is open while the password is hashed: that is slow, and would hold a connection.
    async with resources.database.transaction(read_only=True) as session:
        user = await AuthService(session).find_user(address)
    try:
        # Before the password is checked, so that parallel attempts count; after the database has
        # answered, so that attempts during an outage do not.
        await resources.rate_limiter.hit(FAILED_LOGINS, *key)
        verified, renewed_hash = await check_password(resources.passwords, user, form.password)
        async with resources.database.transaction() as session:
            auth = AuthService(session)
            tokens = await auth.begin_session(verified, renewed_hash, resources.tokens)
    except (TooManyRequestsError, InvalidCredentialsError) as error:
        log.info("login_failed", reason=error.error_code)
        raise
    await resources.rate_limiter.clear(FAILED_LOGINS, *key)
    log.info("login_succeeded")
    return tokens


@router.post("/refresh", responses=documented(401))
async def refresh(body: RefreshRequest, resources: AppResources) -> TokenPair:
    """Exchange a refresh token, once, for a new pair; a second time ends the session."""
    # The end of a session must be committed although the request is refused.
    async with resources.database.transaction() as session:
        tokens = await AuthService(session).refresh(body.refresh_token, resources.tokens)
    if tokens is None:
        raise UnauthorizedError
    return tokens


@router.post("/logout", status_code=status.HTTP_204_NO_CONTENT, responses=documented(401))
async def log_out(caller: CurrentCaller, session: DbSession) -> None:
    """End the session: its access and refresh tokens are refused from now on."""
    await AuthService(session).end_session(caller.session_id)
