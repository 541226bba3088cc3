from typing import Annotated

import structlog
from fastapi import APIRouter, Depends, status
from fastapi.security import OAuth2PasswordRequestForm

from app.api.deps import Auth, CurrentSession, LoginThrottle, RefreshedTokens
from app.api.errors import documented
from app.core.exceptions import InvalidCredentialsError
from app.dependencies import RateLimit, RequestContext
from app.schemas.auth import TokenPair

logger = structlog.get_logger(__name__)

router = APIRouter()


@router.post(
    "/token",
    dependencies=[Depends(RateLimit("60/minute"))],
    responses=documented(401, 429),
)
async def log_in(
    form: Annotated[OAuth2PasswordRequestForm, Depends()],
    auth: Auth,
    attempts: LoginThrottle,
    context: RequestContext,
) -> TokenPair:
    """Log in with an e-mail address, as `username`, and a password."""
    await attempts.count(form.username)
    try:
        tokens = await auth.log_in(form.username, form.password)
    except InvalidCredentialsError:
        logger.warning("login_failed", client=context.client_ip, agent=context.user_agent)
        raise
    await attempts.forget(form.username)
    return tokens


@router.post("/refresh", responses=documented(401))
async def refresh(tokens: RefreshedTokens) -> TokenPair:
    """Exchange a refresh token, once, for a new pair; a second time ends the session."""
    return tokens


@router.post("/logout", status_code=status.HTTP_204_NO_CONTENT, responses=documented(401))
async def log_out(session: CurrentSession, auth: Auth) -> None:
    """End the session: its access and refresh tokens are refused from now on."""
    await auth.end_session(session.id)
