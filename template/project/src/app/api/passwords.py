"""Password checks, outside of transactions because hashing is slow."""

from typing import Annotated

from fastapi import Depends
from limits import parse
from pydantic import Secret

from app.api.breached_passwords import refuse_breached
from app.api.deps import Claims, get_current_user
from app.core.exceptions import ValidationError, WrongPasswordError
from app.core.password_policy import refuse_guessable
from app.core.security import TokenClaims
from app.dependencies import AppResources
from app.models import User
from app.resources import Resources
from app.schemas.user import UserUpdate
from app.services.auth import AuthService

PASSWORD_GUESSES = parse("5 per 5 minutes")


async def read_account(claims: TokenClaims, resources: Resources) -> User:
    """Read the caller's account in a transaction of its own."""
    async with resources.database.transaction(read_only=True) as session:
        caller = await AuthService(session).authenticate(claims)
        return await get_current_user(caller, session)


async def confirm_password(resources: Resources, user: User, password: Secret[str]) -> None:
    """Raise WrongPasswordError unless the password is the account's."""
    # Guesses are counted per account: a stolen token may be used from many addresses.
    key = ("password-guesses", str(user.id))
    await resources.rate_limiter.hit(PASSWORD_GUESSES, *key)
    if not await resources.passwords.verify(password.get_secret_value(), user.hashed_password):
        raise WrongPasswordError
    await resources.rate_limiter.clear(PASSWORD_GUESSES, *key)


async def hash_new_password(
    resources: Resources, password: Secret[str], email: str, *, field: str = "password"
) -> str:
    """Return the hash of a new password; raise ValidationError if it is easy to guess."""
    plain = password.get_secret_value()
    await refuse_guessable(plain, email, field=field)
    await refuse_breached(resources, plain, field=field)
    return await resources.passwords.hash(plain)


async def confirm_account_change(
    data: UserUpdate, claims: Claims, resources: AppResources
) -> UserUpdate:
    """Require the current password if the e-mail address changes."""
    if "email" not in data.model_fields_set:
        return data
    user = await read_account(claims, resources)
    if data.email != user.email:
        if "current_password" not in data.model_fields_set:
            detail = "Changing the e-mail address needs the current password"
            raise ValidationError(detail, fields=["current_password"])
        await confirm_password(resources, user, data.current_password)
    return data


AccountChange = Annotated[UserUpdate, Depends(confirm_account_change)]
