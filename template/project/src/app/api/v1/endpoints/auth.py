from fastapi import status

from app.api.deps import Claims, CurrentCaller, DbSession
from app.api.errors import documented
from app.api.logins import TokensByPassword, TokensByRefresh
from app.api.routing import Router
from app.dependencies import AppResources, rate_limit
from app.schemas.auth import TokenPair
from app.services.auth import AuthService

router = Router(prefix="/auth", tags=["auth"])


@router.post(
    "/token",
    dependencies=[rate_limit("60/minute")],
    responses=documented(401, 429),
)
async def log_in(tokens: TokensByPassword) -> TokenPair:
    """Log in with an e-mail address, as `username`, and a password."""
    return tokens


@router.post("/refresh", responses=documented(401))
async def refresh(tokens: TokensByRefresh) -> TokenPair:
    """Exchange a refresh token, once, for a new pair; a second time ends the session."""
    return tokens


@router.post("/logout", status_code=status.HTTP_204_NO_CONTENT, responses=documented(401))
async def log_out(
    _: CurrentCaller, claims: Claims, session: DbSession, resources: AppResources
) -> None:
    """End the session: its access and refresh tokens are refused from now on."""
    await AuthService(session, resources.tokens).end_session(claims.session_id)
