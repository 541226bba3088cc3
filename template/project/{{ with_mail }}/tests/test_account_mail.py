import asyncio
import re
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtplib import SMTPException
from anyio import Path as AsyncPath
from fastapi import FastAPI
from httpx2 import AsyncClient
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from structlog.testing import capture_logs

from app.config import Settings
from app.core.mailer import compose, send
from app.models import AccountMail
from app.resources import Resources
from app.services import mail_delivery
from app.services.account_mail import AccountMailService
from app.services.mail_delivery import deliver_next, delivering_mail
from conftest import ME, PASSWORD, TOKEN, USERS, Account, log_in, registration
from mail_server import MAIL_PATHS, RESET, VERIFY, MailServer, running_mail_server

NEW_PASSWORD = "a new and better one"
SOON, LATER = timedelta(minutes=6), timedelta(days=3)


class Mailbox:
    """Delivers the queued mail, and returns what arrived."""

    def __init__(self, app: FastAPI, server: MailServer) -> None:
        self._app = app
        self.server = server

    @property
    def settings(self) -> Settings:
        resources: Resources = self._app.state.resources
        return resources.settings

    async def mails(self) -> list[EmailMessage]:
        self.server.received.clear()
        while await deliver_next(self.settings, self._app.state.resources.database):
            pass
        return self.server.received

    async def token(self) -> str:
        """Return the token of the one mail that arrives."""
        [mail] = await self.mails()
        return token_of(mail)


def text_of(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def token_of(mail: EmailMessage) -> str:
    route = rf"^POST (?:{'|'.join(MAIL_PATHS)})\s+token: ([\w-]{{43}})\s"
    [token] = re.findall(route, text_of(mail), re.MULTILINE)
    return str(token)


@contextmanager
def changed_settings(app: FastAPI, **changes: Any) -> Iterator[Settings]:
    before: Resources = app.state.resources
    settings = before.settings.model_copy(update=changes)
    app.state.resources = replace(before, settings=settings)
    yield settings
    app.state.resources = before


async def pass_time(session: AsyncSession, passed: timedelta) -> None:
    """Make all mails older."""
    for mail in await session.scalars(select(AccountMail)):
        mail.asked_at -= passed
        mail.not_before -= passed
        mail.due_at = mail.due_at and mail.due_at - passed
        mail.expires_at = mail.expires_at and mail.expires_at - passed
    await session.commit()


@pytest.fixture(scope="module")
async def mail_server() -> AsyncGenerator[MailServer]:
    async with running_mail_server() as mail_server:
        yield mail_server


@pytest.fixture
async def mailbox(app: FastAPI, mail_server: MailServer) -> AsyncGenerator[Mailbox]:
    mail_server.reply = "250 OK"
    changes = {
        "mail_backend": "smtp",
        "smtp_host": "127.0.0.1",
        "smtp_port": mail_server.port,
        "smtp_security": "none",
    }
    with changed_settings(app, **changes):
        yield Mailbox(app, mail_server)


class TestPasswordReset:
    async def test_sets_a_new_password_once(
        self, client: AsyncClient, alice: Account, mailbox: Mailbox
    ) -> None:
        response = await client.post(RESET, json={"email": alice.email.upper()})
        assert (response.status_code, response.content) == (202, b"")
        token = await mailbox.token()
        body = {"token": token, "new_password": NEW_PASSWORD}
        assert (await client.post(f"{RESET}/confirm", json=body)).status_code == 204

        assert (await client.get(ME, headers=alice.headers)).status_code == 401
        await log_in(client, alice.email, NEW_PASSWORD)
        response = await client.post(f"{RESET}/confirm", json=body)
        assert response.status_code == 403
        assert response.json()["error_code"] == "INVALID_TOKEN"

    async def test_answers_the_same_for_every_address(
        self, client: AsyncClient, admin: Account, alice: Account, bob: Account, mailbox: Mailbox
    ) -> None:
        path = f"{USERS}/{bob.id}"
        await client.patch(path, json={"is_active": False}, headers=admin.headers)
        emails = ["nobody@example.com", bob.email, alice.email]
        answers = [await client.post(RESET, json={"email": email}) for email in emails]

        assert [(answer.status_code, answer.content) for answer in answers] == [(202, b"")] * 3
        assert [mail["To"] for mail in await mailbox.mails()] == [alice.email]

    async def test_sends_an_address_few_mails(
        self, client: AsyncClient, alice: Account, session: AsyncSession, mailbox: Mailbox
    ) -> None:
        answers = [await client.post(RESET, json={"email": alice.email}) for _ in range(11)]
        assert [answer.status_code for answer in answers] == [202] * 10 + [429]
        first = await mailbox.token()
        # What is asked for too soon comes later.
        await AccountMailService(session).queue("password-reset", alice.email)
        await session.commit()
        assert await mailbox.mails() == []
        await pass_time(session, SOON)
        assert await mailbox.token() != first

    @pytest.mark.parametrize(
        ("method", "path", "change"),
        [
            ("PUT", f"{ME}/password", {"new_password": "another one of hers"}),
            ("PATCH", ME, {"email": "alice@example.org"}),
        ],
    )
    async def test_a_token_ends_when_the_account_changes(
        self, authenticated_client: AsyncClient, mailbox: Mailbox, method: str, path: str, change: dict[str, str]
    ) -> None:
        client = authenticated_client
        await client.post(RESET, json={"email": "alice@example.com"})
        body = {"token": await mailbox.token(), "new_password": NEW_PASSWORD}
        await client.request(method, path, json=change | {"current_password": PASSWORD})
        assert (await client.post(f"{RESET}/confirm", json=body)).status_code == 403

    async def test_a_token_expires(
        self, client: AsyncClient, alice: Account, session: AsyncSession, mailbox: Mailbox
    ) -> None:
        await client.post(RESET, json={"email": alice.email})
        body = {"token": await mailbox.token(), "new_password": NEW_PASSWORD}
        await pass_time(session, timedelta(hours=1))
        assert (await client.post(f"{RESET}/confirm", json=body)).status_code == 403

    @pytest.mark.parametrize("body", [{"token": "x"}, {"new_password": "password123"}])
    async def test_refuses_other_bodies(
        self, client: AsyncClient, alice: Account, mailbox: Mailbox, body: dict[str, str]
    ) -> None:
        await client.post(RESET, json={"email": alice.email})
        right = {"token": await mailbox.token(), "new_password": NEW_PASSWORD}
        response = await client.post(f"{RESET}/confirm", json=right | body)
        assert response.status_code == 422
        # The token is still good.
        assert (await client.post(f"{RESET}/confirm", json=right)).status_code == 204

    async def test_a_token_is_not_for_the_next_account_of_its_address(
        self, client: AsyncClient, alice: Account, mailbox: Mailbox
    ) -> None:
        await client.post(RESET, json={"email": alice.email})
        body = {"token": await mailbox.token(), "new_password": NEW_PASSWORD}
        assert (await client.delete(ME, headers=alice.headers)).status_code == 204
        await client.post(USERS, json=registration(alice.email))
        await client.post(RESET, json={"email": alice.email})
        assert (await client.post(f"{RESET}/confirm", json=body)).status_code == 403


class TestVerification:
    async def test_verifies_a_new_account(self, client: AsyncClient, mailbox: Mailbox) -> None:
        user = (await client.post(USERS, json=registration())).json()
        assert user["is_verified"] is False
        token = await mailbox.token()
        reset = {"token": token, "new_password": NEW_PASSWORD}
        assert (await client.post(f"{RESET}/confirm", json=reset)).status_code == 403
        answers = [await client.post(f"{VERIFY}/confirm", json={"token": token}) for _ in "12"]
        assert [answer.status_code for answer in answers] == [204, 403]

        tokens = await log_in(client, user["email"])
        headers = {"Authorization": f"Bearer {tokens['access_token']}"}
        assert (await client.get(ME, headers=headers)).json()["is_verified"] is True
        # There is nothing to verify any more.
        await client.post(VERIFY, json={"email": user["email"]})
        assert await mailbox.mails() == []

    async def test_verifies_a_changed_address_and_tells_the_old_one(
        self, authenticated_client: AsyncClient, alice: Account, mailbox: Mailbox
    ) -> None:
        await authenticated_client.post(VERIFY, json={"email": alice.email})
        old = await mailbox.token()
        change = {"email": "alice@example.org", "current_password": PASSWORD}
        changed = (await authenticated_client.patch(ME, json=change)).json()
        assert changed["is_verified"] is False
        mails = {mail["To"]: mail for mail in await mailbox.mails()}
        assert mails.keys() == {alice.email, "alice@example.org"}
        assert "has another e-mail address" in text_of(mails[alice.email])

        tokens = [old, token_of(mails["alice@example.org"])]
        bodies = [{"token": token} for token in tokens]
        path = f"{VERIFY}/confirm"
        answers = [await authenticated_client.post(path, json=body) for body in bodies]
        assert [answer.status_code for answer in answers] == [403, 204]

    async def test_may_be_required_to_log_in(
        self, app: FastAPI, client: AsyncClient, mailbox: Mailbox
    ) -> None:
        body = registration()
        form = {"username": body["email"], "password": body["password"]}
        await client.post(USERS, json=body)
        with changed_settings(app, require_verified_email=True):
            response = await client.post(TOKEN, data=form)
            assert response.status_code == 403
            assert response.json()["error_code"] == "EMAIL_NOT_VERIFIED"
            wrong = await client.post(TOKEN, data=form | {"password": "a guess"})
            assert wrong.status_code == 401
            await client.post(f"{VERIFY}/confirm", json={"token": await mailbox.token()})
            await log_in(client, body["email"])


async def test_without_mail_the_routes_are_unavailable(
    app: FastAPI, client: AsyncClient
) -> None:
    with changed_settings(app, mail_backend="off"):
        for path in MAIL_PATHS:
            response = await client.post(path, json={"email": "alice@example.com"})
            assert response.status_code == 503
            assert response.json()["error_code"] == "MAIL_OFF"


class TestDelivery:
    async def test_a_mail_waits_for_its_server(
        self, client: AsyncClient, alice: Account, session: AsyncSession, mailbox: Mailbox
    ) -> None:
        await client.post(RESET, json={"email": alice.email})
        mailbox.server.reply = "451 try again"
        with pytest.raises(SMTPException):
            await mailbox.mails()
        mailbox.server.reply = "250 OK"
        assert await mailbox.mails() == []
        await pass_time(session, SOON)
        assert len(await mailbox.mails()) == 1

    async def test_a_mail_is_given_up_and_forgotten_in_the_end(
        self, client: AsyncClient, alice: Account, session: AsyncSession, mailbox: Mailbox
    ) -> None:
        await client.post(RESET, json={"email": alice.email})
        await pass_time(session, LATER)
        with capture_logs() as logs:
            assert await mailbox.mails() == []
        line = {"event": "mail_given_up", "log_level": "warning", "kind": "password-reset"}
        assert logs == [line]
        await pass_time(session, LATER)
        await client.post(RESET, json={"email": "bob@example.com"})
        assert len(await mailbox.mails()) == 1
        assert await session.scalar(select(func.count()).select_from(AccountMail)) == 1

    async def test_only_one_process_takes_a_mail(
        self, client: AsyncClient, alice: Account, session: AsyncSession
    ) -> None:
        await client.post(RESET, json={"email": alice.email})
        mails = AccountMailService(session)
        assert await mails.claim(SOON)
        assert await mails.claim(SOON) is None

    async def test_goes_on_after_errors_until_the_app_stops(
        self, settings: Settings, app: FastAPI, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        results: list[Callable[[], bool]] = [lambda: True, lambda: 1 // 0 > 0, lambda: False]
        done = asyncio.Event()

        async def deliver_next(*_: object) -> bool:
            if not results:
                done.set()
                return False
            return results.pop(0)()

        monkeypatch.setattr(mail_delivery, "deliver_next", deliver_next)
        monkeypatch.setattr(mail_delivery, "POLL_SECONDS", 0)
        monkeypatch.setattr(mail_delivery, "PAUSE_SECONDS", 0)
        with capture_logs() as logs:
            async with delivering_mail(settings, app.state.resources.database):
                await done.wait()
        assert [line["error"] for line in logs] == ["ZeroDivisionError"]


class TestMail:
    def test_has_a_link_and_the_name_of_the_app(self, settings: Settings) -> None:
        changes = {
            "app_name": "Shop\r\nBcc: eve@example.com <b>",
            "password_reset_url": "https://app.example.com/reset?a=1&token={token}",
            "mail_from": "shop@fa\u00df.de",
        }
        settings = settings.model_copy(update=changes)
        mail = compose(settings, "password-reset", "ada@fa\u00df.de", "abc")

        assert mail["To"] == "ada@xn--fa-hia.de"
        [sender] = mail["From"].addresses
        assert sender.addr_spec == "shop@xn--fa-hia.de"
        assert sender.display_name == "Shop Bcc eveexamplecom b"
        assert mail["Bcc"] is None
        assert "\nhttps://app.example.com/reset?a=1&token=abc\n" in text_of(mail)
        html = str(mail.get_body(("html",)))
        assert "&lt;b&gt;" in html
        assert "<b>" not in html

    async def test_is_refused_to_a_server_without_tls(self, mailbox: Mailbox) -> None:
        settings = mailbox.settings.model_copy(update={"smtp_security": "starttls"})
        with pytest.raises(SMTPException):
            await send(settings, compose(settings, "email-changed", "ada@example.com", ""))

    @pytest.mark.parametrize("backend", ["console", "file", "off"])
    async def test_may_stay_on_the_machine(
        self,
        settings: Settings,
        monkeypatch: pytest.MonkeyPatch,
        tmp_path: Path,
        capsys: pytest.CaptureFixture[str],
        backend: str,
    ) -> None:
        monkeypatch.chdir(tmp_path)
        settings = settings.model_copy(update={"mail_backend": backend})
        await send(settings, compose(settings, "verify-email", "ada@example.com", "abc"))

        printed = capsys.readouterr().out.count("token: abc")
        written = len([file async for file in AsyncPath(tmp_path).rglob("*.eml")])
        expected = {"console": (1, 0), "file": (0, 1), "off": (0, 0)}
        assert (printed, written) == expected[backend]
