"""A mail server as there are in production, whose certificate is of an authority made here."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from ssl import Purpose, SSLContext, create_default_context
from typing import Any

import trustme
from aiosmtpd.smtp import SMTP

from generated.mailbox import Mailbox
from generated.server import LOOPBACK


class Postman:
    """Puts what is sent over TLS into a mailbox, and refuses the rest."""

    def __init__(self, mailbox: Mailbox) -> None:
        self._mailbox = mailbox

    async def handle_DATA(self, server: Any, _session: object, envelope: Any) -> str:  # noqa: N802
        """Take a mail."""
        assert server.transport.get_extra_info("ssl_object")
        mail = message_from_bytes(envelope.content, EmailMessage, policy=policy.default)
        self._mailbox.received.append(mail)
        return "250 taken"


@contextmanager
def serving_mail_over(
    security: str, mailbox: Mailbox, authority: trustme.CA | None
) -> Iterator[None]:
    """Serve SMTP on the mailbox's port, over `tls` or after `starttls`.

    Without an authority there is no STARTTLS.
    """
    context = _context(authority) if authority else None
    at_once, asked_for = (context, None) if security == "tls" else (None, context)
    loop, stop = asyncio.new_event_loop(), asyncio.Event()

    async def listen() -> asyncio.Server:
        return await loop.create_server(
            lambda: SMTP(Postman(mailbox), tls_context=asked_for, loop=loop),
            LOOPBACK,
            mailbox.port,
            ssl=at_once,
        )

    listener = loop.run_until_complete(listen())
    thread = threading.Thread(target=loop.run_until_complete, args=[stop.wait()], daemon=True)
    thread.start()
    try:
        yield
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join()
        listener.close()
        for task in asyncio.all_tasks(loop):
            task.cancel()
        # The listener's socket is closed, and connections end, in the next turn.
        loop.run_until_complete(asyncio.sleep(0.1))
        loop.close()


def _context(authority: trustme.CA) -> SSLContext:
    context = create_default_context(Purpose.CLIENT_AUTH)
    authority.issue_cert(LOOPBACK).configure_cert(context)
    return context
