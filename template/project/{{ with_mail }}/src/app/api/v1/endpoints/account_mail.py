from fastapi import Depends, Response
from starlette.status import HTTP_202_ACCEPTED, HTTP_204_NO_CONTENT

from app.api.deps import DbSession
from app.api.errors import documented
from app.api.passwords import hash_new_password
from app.api.routing import Router
from app.core.exceptions import ServiceUnavailableError
from app.dependencies import AppResources, AppSettings, rate_limit
from app.schemas.account_mail import EmailRequest, PasswordReset, TokenFromMail
from app.services.account_mail import AccountMailService


class MailOffError(ServiceUnavailableError):
    error_code = "MAIL_OFF"
    default_detail = "This server does not send mail"


async def require_mail(settings: AppSettings) -> None:
    if settings.mail_backend == "off":
        raise MailOffError


LIMITS = [Depends(require_mail), rate_limit("10/minute")]
router = Router(prefix="/auth", tags=["auth"], dependencies=LIMITS, responses=documented(429))


@router.post("/password-reset", status_code=HTTP_202_ACCEPTED, response_class=Response)
async def request_password_reset(body: EmailRequest, session: DbSession) -> None:
    """Send a mail with a token to set a new password, if the address has an account."""
    await AccountMailService(session).queue("password-reset", body.email)


@router.post("/password-reset/confirm", status_code=HTTP_204_NO_CONTENT, responses=documented(403))
async def reset_password(body: PasswordReset, resources: AppResources) -> None:
    """Set a new password with the token of a mail; all sessions of the account end."""
    async with resources.database.transaction(read_only=True) as session:
        _, user = await AccountMailService(session).read_token("password-reset", body.token)
    hashed = await hash_new_password(
        resources, body.new_password, user.email, field="new_password"
    )
    async with resources.database.transaction() as session:
        await AccountMailService(session).reset_password(body.token, hashed)


@router.post("/verify-email", status_code=HTTP_202_ACCEPTED, response_class=Response)
async def request_email_verification(body: EmailRequest, session: DbSession) -> None:
    """Send another verification mail, if an account with this address is not verified."""
    await AccountMailService(session).queue("verify-email", body.email)


@router.post("/verify-email/confirm", status_code=HTTP_204_NO_CONTENT, responses=documented(403))
async def verify_email(body: TokenFromMail, session: DbSession) -> None:
    """Verify an address with the token of a mail."""
    await AccountMailService(session).verify_email(body.token)
