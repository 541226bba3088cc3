import asyncio
import re
import ssl
import sys
from contextlib import suppress
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import localtime, make_msgid
from functools import cache
from html import escape
from pathlib import Path
from string import Template
from typing import Literal

from aiosmtplib import SMTP, SMTPException
from anyio import Path as AsyncPath
from email_validator import validate_email

from app.config import Settings

TEMPLATES = Path(__file__).parents[1] / "mails"
# Created once, and in a thread, because reading certificates is slow.
tls_context = cache(ssl.create_default_context)
# Each is the name of a template in `mails/`, and of the route that takes the token.
MailKind = Literal["password-reset", "verify-email", "email-changed"]


def compose(settings: Settings, kind: str, email: str, token: str) -> EmailMessage:
    """Return a mail made from the template of its kind."""
    app_name = " ".join(settings.app_name.split())
    reset, verify = settings.password_reset_url, settings.email_verify_url
    url = {"password-reset": reset, "verify-email": verify}.get(kind)
    route = f"POST {settings.root_path}/api/v1/auth/{kind}/confirm\ntoken: {token}"
    action = url.replace("{token}", token) if url else route
    template = Template((TEMPLATES / f"{kind}.txt").read_text("utf-8"))
    subject, _, text = template.substitute(app_name=app_name, action=action).partition("\n\n")
    linked = f'<a href="{escape(action)}">{escape(action)}</a>' if url else escape(action)
    html = Template((TEMPLATES / "layout.html").read_text("utf-8")).substitute(
        app_name=escape(app_name), text=escape(text.strip()).replace(escape(action), linked)
    )
    sender = _address(settings.mail_from or "noreply@example.com", app_name)
    message = EmailMessage()
    message["Subject"] = subject
    message["From"] = sender
    message["To"] = _address(email)
    message["Date"] = localtime()
    message["Message-ID"] = make_msgid(domain=sender.domain)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text)
    message.add_alternative(html, subtype="html")
    return message


def _address(email: str, name: str = "") -> Address:
    # ASCII where possible: some servers map the domain "faß.de" to "fass.de".
    valid = validate_email(email, check_deliverability=False)
    local, _, domain = (valid.ascii_email or valid.normalized).rpartition("@")
    # Without punctuation: Python folds a long name that needs quotes in the wrong place.
    return Address(re.sub(r"[^\w\s&'-]", "", name), local, domain)


async def send(settings: Settings, message: EmailMessage) -> None:
    """Send a mail within `smtp_timeout_seconds`; raises SMTPException or OSError."""
    if settings.mail_backend == "smtp":
        await _send_by_smtp(settings, message)
    elif settings.mail_backend == "console":
        sys.stdout.write(f"To: {message['To']}\n{message.get_body(('plain',))}\n")
    elif settings.mail_backend == "file":
        await AsyncPath("mails").mkdir(exist_ok=True)
        file = AsyncPath("mails", f"{message['Message-ID'].strip('<>')}.eml")
        await file.write_bytes(bytes(message))


async def _send_by_smtp(settings: Settings, message: EmailMessage) -> None:
    client = SMTP(
        hostname=settings.smtp_host or "localhost",
        port=settings.smtp_port,
        username=settings.smtp_user or None,
        password=settings.smtp_password.get_secret_value() or None,
        use_tls=settings.smtp_security == "tls",
        start_tls=settings.smtp_security == "starttls",
        tls_context=await asyncio.to_thread(tls_context),
    )
    try:
        async with asyncio.timeout(settings.smtp_timeout_seconds):
            await client.connect()
            await client.send_message(message)
        # The mail is already accepted, however the connection ends.
        with suppress(SMTPException):
            await client.quit(timeout=1)
    finally:
        client.close()
