"""Log-in, token refresh and password changes, which use short transactions of their own.

Passwords are hashed between transactions: hashing is slow, and an open transaction would hold a
database connection meanwhile.
"""

from hashlib import sha256
from typing import Annotated

import structlog
from fastapi import Depends, Request, Response
from fastapi.security import OAuth2PasswordRequestForm
from limits import parse
from pydantic import SecretStr

from app.api.deps import Claims
from app.core.exceptions import (
    InvalidCredentialsError,
    TooManyRequestsError,
    UnauthorizedError,
    ValidationError,
    WrongPasswordError,
)
from app.core.rate_limit import RateLimiter, counted_as
from app.core.security import TokenClaims
from app.dependencies import AppResources, RateLimit, RequestContext, RequestInfo
from app.models import User
from app.resources import Resources
from app.schemas.auth import RefreshRequest, TokenPair
from app.schemas.user import PasswordChange, UserUpdate
from app.services.auth import AuthService, address_of, check_password
from app.services.user import UserService

FAILED_LOGINS = parse("5 per 5 minutes")
PASSWORD_GUESSES = parse("5 per 5 minutes")
LIMIT_BY_ADDRESS = RateLimit("60/minute")

logger = structlog.get_logger(__name__)


class LoginAttempts:
    """Counts the failed log-ins of one client to one account."""

    def __init__(self, limiter: RateLimiter, context: RequestInfo) -> None:
        self._limiter = limiter
        self._context = context

    async def count(self, name: str) -> None:
        """Count an attempt before the password is checked, so that parallel attempts count too.

        Raises TooManyRequestsError over the limit.
        """
        status = await self._limiter.hit(FAILED_LOGINS, *self._key(name))
        if not status.allowed:
            self._log("login_throttled")
            raise TooManyRequestsError(headers=status.headers)

    async def succeed(self, name: str) -> None:
        """Reset the count of failures."""
        await self._limiter.clear(FAILED_LOGINS, *self._key(name))
        self._log("login_succeeded")

    def fail(self) -> None:
        self._log("login_failed")

    def _log(self, event: str) -> None:
        logger.info(event, client=self._context.client_ip, agent=self._context.user_agent)

    def _key(self, name: str) -> tuple[str, ...]:
        digest = sha256(name.encode(errors="replace")).hexdigest()
        return "failed-logins", counted_as(self._context.client_ip), digest


async def get_login_attempts(resources: AppResources, context: RequestContext) -> LoginAttempts:
    return LoginAttempts(resources.rate_limiter, context)


async def log_in(
    form: Annotated[OAuth2PasswordRequestForm, Depends()],
    attempts: Annotated[LoginAttempts, Depends(get_login_attempts)],
    resources: AppResources,
) -> TokenPair:
    """Exchange an address and a password for tokens."""
    address = address_of(form.username)
    counted = address or form.username
    # Before an attempt is counted: attempts during an outage must not lock anybody out after it.
    async with resources.database.transaction(read_only=True) as session:
        user = await AuthService(session, resources.tokens).find_user(address)
    await attempts.count(counted)
    try:
        verified = await check_password(resources.passwords, user, form.password)
        async with resources.database.transaction() as session:
            tokens = await AuthService(session, resources.tokens).begin_session(verified)
    except InvalidCredentialsError:
        attempts.fail()
        raise
    await attempts.succeed(counted)
    return tokens


async def refresh(body: RefreshRequest, resources: AppResources) -> TokenPair:
    """Exchange a refresh token for new ones.

    The end of a stolen session is committed before the request is refused.
    """
    async with resources.database.transaction() as session:
        tokens = await AuthService(session, resources.tokens).refresh(body.refresh_token)
    if tokens is None:
        raise UnauthorizedError
    return tokens


async def read_account(claims: TokenClaims, resources: Resources) -> User:
    """Read the caller's account in a transaction that ends before the password is checked."""
    async with resources.database.transaction(read_only=True) as session:
        auth = AuthService(session, resources.tokens)
        return await auth.account(await auth.authenticate(claims))


async def confirm_password(resources: Resources, user: User, password: SecretStr) -> None:
    """Raise WrongPasswordError unless the password is the account's.

    Guesses are counted per account: a stolen token may be used from many addresses.
    """
    key = ("password-guesses", str(user.id))
    status = await resources.rate_limiter.hit(PASSWORD_GUESSES, *key)
    if not status.allowed:
        raise TooManyRequestsError(headers=status.headers)
    if not await resources.passwords.verify(password.get_secret_value(), user.hashed_password):
        raise WrongPasswordError
    await resources.rate_limiter.clear(PASSWORD_GUESSES, *key)


async def confirm_account_change(
    data: UserUpdate, claims: Claims, resources: AppResources, request: Request, response: Response
) -> UserUpdate:
    """Require the current password if the e-mail address changes."""
    if "email" not in data.model_fields_set:
        return data
    # Registered addresses must not be enumerated by trying to change to them.
    await LIMIT_BY_ADDRESS(request, response)
    user = await read_account(claims, resources)
    if data.email != user.email:
        if "current_password" not in data.model_fields_set:
            detail = "Changing the e-mail address needs the current password"
            raise ValidationError(detail, fields=["current_password"])
        await confirm_password(resources, user, data.current_password)
    return data


async def hash_new_password(
    resources: Resources, password: SecretStr, email: str, *, field: str = "password"
) -> str:
    """Check a new password against the policy and return its hash; raises ValidationError."""
    await resources.password_policy.check(password.get_secret_value(), email, field=field)
    return await resources.passwords.hash(password.get_secret_value())


async def change_password(data: PasswordChange, claims: Claims, resources: AppResources) -> None:
    """Set a new password and end all other sessions of the account."""
    user = await read_account(claims, resources)
    await confirm_password(resources, user, data.current_password)
    hashed = await hash_new_password(
        resources, data.new_password, user.email, field="new_password"
    )
    async with resources.database.transaction() as session:
        await UserService(session).set_password(user, hashed, keep=claims.session_id)


TokensByPassword = Annotated[TokenPair, Depends(log_in)]
TokensByRefresh = Annotated[TokenPair, Depends(refresh)]
AccountChange = Annotated[UserUpdate, Depends(confirm_account_change)]
ChangedPassword = Annotated[None, Depends(change_password)]
