import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import timedelta

import structlog
from aiosmtplib import SMTPException

from app.config import Settings
from app.core.mailer import compose, send
from app.database import Database
from app.services.account_mail import AccountMailService

POLL_SECONDS, PAUSE_SECONDS, STOP_SECONDS = 1, 5, 0.5
logger = structlog.get_logger(__name__)


@asynccontextmanager
async def delivering_mail(settings: Settings, database: Database) -> AsyncGenerator[None]:
    """Send the queued mail in the background, until the block ends."""
    stopping = asyncio.Future[None]()
    delivery = asyncio.create_task(deliver(settings, database, stopping))
    try:
        yield
    finally:
        stopping.set_result(None)
        # Not cancelled immediately, because it may be in the middle of a transaction.
        await asyncio.wait([delivery], timeout=STOP_SECONDS)
        delivery.cancel()


async def deliver(settings: Settings, database: Database, stopping: asyncio.Future[None]) -> None:
    while not stopping.done():
        try:
            pause = 0 if await deliver_next(settings, database) else POLL_SECONDS
        except Exception as error:  # noqa: BLE001
            # Not its message, which may contain an address.
            logger.warning("mail_not_delivered", error=type(error).__name__)
            # A server that refuses one mail may accept the others.
            refused = isinstance(error, SMTPException) and not isinstance(error, OSError)
            pause = 0 if refused else PAUSE_SECONDS
        await asyncio.wait([stopping], timeout=pause)


async def deliver_next(settings: Settings, database: Database) -> bool:
    """Send the mail that is due first, outside of any transaction; return False if none is due."""
    async with database.transaction() as session:
        # Longer than sending takes, so that no other process sends it too.
        retry_after = timedelta(seconds=2 * settings.smtp_timeout_seconds)
        claimed = await AccountMailService(session).claim(retry_after)
    if claimed is None:
        return False
    mail, token = claimed
    if token:
        await send(settings, compose(settings, mail.kind, mail.email, token))
        async with database.transaction() as session:
            await AccountMailService(session).settle(mail)
    return True
