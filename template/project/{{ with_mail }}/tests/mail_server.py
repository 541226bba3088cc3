"""An SMTP server for the tests, and the paths of the API that need one."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.smtp import SMTP, Envelope

from conftest import AUTH

RESET, VERIFY = f"{AUTH}/password-reset", f"{AUTH}/verify-email"
MAIL_PATHS = [RESET, f"{RESET}/confirm", VERIFY, f"{VERIFY}/confirm"]


class MailServer:
    """Keeps what it receives; answers with `reply`."""

    def __init__(self) -> None:
        self.port = 0
        self.reply = "250 OK"
        self.received: list[EmailMessage] = []

    async def handle_DATA(self, _server: object, _session: object, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.content
        assert isinstance(content, bytes)
        self.received.append(message_from_bytes(content, EmailMessage, policy=policy.default))
        return self.reply


@asynccontextmanager
async def running_mail_server() -> AsyncGenerator[MailServer]:
    mail_server, loop = MailServer(), asyncio.get_running_loop()
    listener = await loop.create_server(
        lambda: SMTP(mail_server, enable_SMTPUTF8=True, loop=loop), "127.0.0.1", 0
    )
    mail_server.port = listener.sockets[0].getsockname()[1]
    yield mail_server
    listener.close()
