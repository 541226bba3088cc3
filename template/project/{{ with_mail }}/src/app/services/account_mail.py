import secrets
from datetime import timedelta
from hashlib import sha256

import structlog
from sqlalchemy import case, delete, exists, func, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.exceptions import ForbiddenError
from app.core.mailer import MailKind
from app.engine import insert
from app.models import AccountMail, Session, User
from app.models.mixins import utc_now

LIFETIMES = {"password-reset": timedelta(hours=1), "verify-email": timedelta(days=2)}
PAUSE_PER_ADDRESS = timedelta(minutes=5)
LONGEST_INTERVAL = timedelta(hours=1)
LONGEST_DELAY = timedelta(days=1)
# Longer than any token is valid, and no different for addresses without an account.
KEPT = LONGEST_DELAY + max(LIFETIMES.values())
logger = structlog.get_logger(__name__)


class InvalidTokenError(ForbiddenError):
    error_code = "INVALID_TOKEN"
    default_detail = "The token is wrong, used or expired: request another mail"


class UnverifiedEmailError(ForbiddenError):
    error_code = "EMAIL_NOT_VERIFIED"
    default_detail = "The e-mail address is not verified: see the verification mail"


class AccountMailService:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def queue(self, kind: MailKind, email: str) -> None:
        """Queue a mail to be sent after the commit, whether the address has an account or not."""
        mail = insert(AccountMail).values(kind=kind, email=email)
        now, soonest = mail.excluded.asked_at, AccountMail.not_before
        due_at = func.coalesce(AccountMail.due_at, case((soonest > now, soonest), else_=now))
        key, changes = ["kind", "email"], {"asked_at": now, "due_at": due_at}
        # One statement for all addresses, as a second one could be told by its time.
        await self._session.execute(mail.on_conflict_do_update(index_elements=key, set_=changes))

    async def verify_new(self, email: str) -> None:
        """Queue the verification mail for the new address of an account; older tokens end."""
        await self.end_tokens(email, *LIFETIMES)
        await self.queue("verify-email", email)

    async def claim(self, retry_after: timedelta) -> tuple[AccountMail, str | None] | None:
        """Reserve the mail that is due first; its new token is None if it must not be sent."""
        now = utc_now()
        due = select(AccountMail).where(AccountMail.due_at <= now).order_by(AccountMail.due_at)
        mail = await self._session.scalar(due.limit(1).with_for_update(skip_locked=True))
        if mail is None:
            return None
        waited = now - mail.asked_at
        wanted = await self._has_reader(mail)
        if not wanted or waited > LONGEST_DELAY:
            if wanted:
                logger.warning("mail_given_up", kind=mail.kind)
            await self.settle(mail)
            return mail, None
        mail.due_at = now + max(retry_after, min(waited, LONGEST_INTERVAL))
        token = secrets.token_urlsafe(32)
        mail.token_hash = sha256(token.encode()).hexdigest()
        mail.expires_at = now + LIFETIMES.get(mail.kind, timedelta())
        return mail, token

    async def _has_reader(self, mail: AccountMail) -> bool:
        users = exists().where(User.email == mail.email, User.is_active)
        if mail.kind == "verify-email":
            users = users.where(~User.is_verified)
        return mail.kind not in LIFETIMES or bool(await self._session.scalar(select(users)))

    async def settle(self, mail: AccountMail) -> None:
        """Mark a mail as sent, and delete some old ones."""
        key = tuple_(AccountMail.kind, AccountMail.email)
        row = await self._session.get_one(AccountMail, (mail.kind, mail.email), with_for_update=True)
        row.not_before = utc_now() + PAUSE_PER_ADDRESS
        # A mail that was asked for meanwhile is sent too.
        row.due_at = row.not_before if row.asked_at > mail.asked_at else None
        old = select(AccountMail.kind, AccountMail.email).where(AccountMail.due_at.is_(None))
        old = old.where(AccountMail.asked_at < utc_now() - KEPT).with_for_update(skip_locked=True)
        await self._session.execute(delete(AccountMail).where(key.in_(old.limit(100))))

    async def read_token(self, kind: MailKind, token: str) -> tuple[AccountMail, User]:
        """Lock what a token belongs to, so that one request can use it; raises InvalidTokenError."""
        found = await self._session.execute(
            select(AccountMail, User)
            # Accounts are locked before their mails, as everywhere.
            .join_from(User, AccountMail, AccountMail.email == User.email)
            .where(AccountMail.token_hash == sha256(token.encode()).hexdigest())
            .where(AccountMail.kind == kind, AccountMail.expires_at > utc_now(), User.is_active)
            .with_for_update()
        )
        if (row := found.one_or_none()) is None:
            raise InvalidTokenError
        return row

    async def verify_email(self, token: str, kind: MailKind = "verify-email") -> User:
        mail, user = await self.read_token(kind, token)
        mail.token_hash = None
        user.is_verified = True
        return user

    async def reset_password(self, token: str, hashed_password: str) -> None:
        """Set a new password, verify the address, end all sessions; raises InvalidTokenError."""
        user = await self.verify_email(token, "password-reset")
        user.hashed_password = hashed_password
        await self._session.execute(delete(Session).where(Session.user_id == user.id))

    async def end_tokens(self, email: str, *kinds: str) -> None:
        """Invalidate the tokens of these kinds that were sent to an address."""
        sent = AccountMail.email == email, AccountMail.kind.in_(kinds)
        await self._session.execute(update(AccountMail).where(*sent).values(token_hash=None))
