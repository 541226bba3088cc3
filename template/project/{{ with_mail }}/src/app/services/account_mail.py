import secrets
from contextlib import suppress
from datetime import timedelta
from hashlib import sha256

import structlog
from sqlalchemy import delete, exists, select, tuple_, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.exceptions import ForbiddenError
from app.core.mailer import MailKind
from app.models import Session, User
from app.models.account_mail import AccountMail
from app.models.mixins import utc_now

LIFETIMES = {"password-reset": timedelta(hours=1), "verify-email": timedelta(days=2)}
PAUSE_PER_ADDRESS = timedelta(minutes=5)
LONGEST_WAIT, LONGEST_DELAY = timedelta(hours=1), timedelta(days=1)
# Longer than any token is valid, and no different for addresses without an account.
KEPT = LONGEST_DELAY + max(LIFETIMES.values())
logger = structlog.get_logger(__name__)


class InvalidTokenError(ForbiddenError):
    error_code = "INVALID_TOKEN"
    default_detail = "The token is wrong, used or expired: ask for another mail"


class UnverifiedEmailError(ForbiddenError):
    error_code = "EMAIL_NOT_VERIFIED"
    default_detail = "The e-mail address is not verified: a mail tells how"


class AccountMailService:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def queue(self, kind: MailKind, email: str) -> None:
        """Queue a mail to be sent after the commit, whether the address has an account or not."""
        now = utc_now()
        mail = await self._session.get(AccountMail, (kind, email), with_for_update=True)
        if mail:
            mail.asked_at, mail.due_at = now, mail.due_at or max(now, mail.not_before)
            return
        # Another request may insert it at the same time, with the same effect.
        with suppress(IntegrityError):
            async with self._session.begin_nested():
                self._session.add(AccountMail(kind=kind, email=email))

    async def is_due(self) -> bool:
        due = select(exists().where(AccountMail.due_at <= utc_now()))
        return bool(await self._session.scalar(due))

    async def claim(self, retry_after: timedelta) -> tuple[AccountMail, str] | None:
        """Reserve the mail that is due first and create its token; it is due again unless settled.

        Returns None if it is not to be sent, or if another process has taken it.
        """
        now = utc_now()
        due = select(AccountMail).where(AccountMail.due_at <= now).order_by(AccountMail.due_at)
        mail = await self._session.scalar(due.limit(1).with_for_update(skip_locked=True))
        if mail is None:
            return None
        waited, wanted = now - mail.asked_at, await self._has_reader(mail)
        if not wanted or waited > LONGEST_DELAY:
            if wanted:
                logger.warning("mail_given_up", kind=mail.kind)
            await self.settle(mail)
            return None
        # The longer it has failed, the longer the next interval.
        mail.due_at = now + max(retry_after, min(waited, LONGEST_WAIT))
        token = secrets.token_urlsafe(32)
        if lifetime := LIFETIMES.get(mail.kind):
            mail.token_hash, mail.expires_at = sha256(token.encode()).hexdigest(), now + lifetime
        return mail, token

    async def _has_reader(self, mail: AccountMail) -> bool:
        users = exists().where(User.email == mail.email, User.is_active)
        if mail.kind == "verify-email":
            users = users.where(~User.is_verified)
        return mail.kind not in LIFETIMES or bool(await self._session.scalar(select(users)))

    async def settle(self, mail: AccountMail) -> None:
        """Mark a mail as sent, and delete old ones."""
        now, key = utc_now(), tuple_(AccountMail.kind, AccountMail.email)
        sent = update(AccountMail).where(key == (mail.kind, mail.email))
        await self._session.execute(sent.values(due_at=None, not_before=now + PAUSE_PER_ADDRESS))
        old = select(AccountMail.kind, AccountMail.email).with_for_update(skip_locked=True)
        old = old.where(AccountMail.due_at.is_(None), AccountMail.asked_at < now - KEPT)
        await self._session.execute(delete(AccountMail).where(key.in_(old)))

    async def read_token(self, kind: MailKind, token: str) -> tuple[AccountMail, User]:
        """Lock what a token belongs to, so that one request can use it; raises InvalidTokenError."""
        found = await self._session.execute(
            select(AccountMail, User)
            # Accounts are locked before their mails, as everywhere.
            .join_from(User, AccountMail, AccountMail.email == User.email)
            .where(AccountMail.token_hash == sha256(token.encode()).hexdigest())
            .where(AccountMail.expires_at > utc_now(), AccountMail.asked_at >= User.created_at)
            .where(AccountMail.kind == kind, User.is_active)
            .with_for_update()
        )
        if (row := found.one_or_none()) is None:
            raise InvalidTokenError
        return row

    async def verify_email(self, token: str) -> None:
        mail, user = await self.read_token("verify-email", token)
        mail.token_hash, user.is_verified = None, True

    async def reset_password(self, token: str, hashed_password: str) -> None:
        """Set a new password and end all sessions; raises InvalidTokenError."""
        mail, user = await self.read_token("password-reset", token)
        # Whoever has the token can read mail to the address.
        mail.token_hash, user.is_verified, user.hashed_password = None, True, hashed_password
        await self._session.execute(delete(Session).where(Session.user_id == user.id))

    async def end_resets(self, *emails: str) -> None:
        """Invalidate the tokens of password resets that were sent to these addresses."""
        resets = AccountMail.kind == "password-reset", AccountMail.email.in_(emails)
        await self._session.execute(update(AccountMail).where(*resets).values(token_hash=None))
