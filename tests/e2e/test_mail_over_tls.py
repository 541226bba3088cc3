"""Mail goes over TLS, to a server whose certificate is trusted, or not at all."""

import time
from pathlib import Path

import pytest
import trustme

from generated.mail_over_tls import serving_mail_over
from generated.mailbox import Mailbox
from generated.ports import free_port
from generated.projects import Project
from generated.server import Server, migrated
from generated.service import GUNICORN, Account, production

pytestmark = [pytest.mark.slow, pytest.mark.by_day("sqlite")]

LONGEST_SECONDS = 60


@pytest.mark.parametrize("security", ["starttls", pytest.param("tls", marks=pytest.mark.nightly)])
def test_mail_waits_for_a_server_that_is_trusted(
    shop: Project, database_url: str, tmp_path: Path, security: str
) -> None:
    authority, stranger, mailbox = trustme.CA(), trustme.CA(), Mailbox(free_port())
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    env = production(database_url) | {
        "WEB_CONCURRENCY": "1",
        "MAIL_BACKEND": "smtp",
        "MAIL_FROM": "shop@example.com",
        "SMTP_HOST": "127.0.0.1",
        "SMTP_PORT": str(mailbox.port),
        "SMTP_SECURITY": security,
        "SMTP_TIMEOUT_SECONDS": "1",
        "SSL_CERT_FILE": str(tmp_path / "ca.pem"),
    }
    with migrated(shop, tmp_path / "logs", *GUNICORN, env=env) as server:
        account = Account(server)
        assert account.register().status == 201
        # A server without TLS, and one that nobody vouches for.
        for other in (None, stranger):
            with serving_mail_over(security, mailbox, other):
                wait_for_failures(server, failures(server) + 2)
        assert mailbox.received == []
        with serving_mail_over(security, mailbox, authority):
            mailbox.wait_for(account.email)
        assert account.email not in server.output


def failures(server: Server) -> int:
    return server.output.count("mail_not_delivered")


def wait_for_failures(server: Server, count: int) -> None:
    give_up_at = time.monotonic() + LONGEST_SECONDS
    while failures(server) < count:
        assert time.monotonic() < give_up_at, server.output
        time.sleep(0.1)
