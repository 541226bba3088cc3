import asyncio
import getpass
import io
import sys

import pytest
from sqlalchemy import select

from app import __main__ as commands
from app.config import Settings
from app.models import User
from app.resources import open_resources
from conftest import PASSWORD


@pytest.fixture
def configured(committed_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setattr(commands, "get_settings", lambda: committed_settings)
    return committed_settings


def type_in(monkeypatch: pytest.MonkeyPatch, *passwords: str) -> None:
    answers = iter(passwords)
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
    monkeypatch.setattr(getpass, "getpass", lambda _prompt: next(answers))


async def stored_user(settings: Settings, email: str) -> User:
    async with (
        open_resources(settings) as resources,
        resources.database.transaction(read_only=True) as session,
    ):
        user = (await session.scalars(select(User).where(User.email == email))).one()
        assert await resources.passwords.verify(PASSWORD, user.hashed_password)
        return user


def test_makes_an_admin_with_a_password_from_the_terminal(
    configured: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    type_in(monkeypatch, PASSWORD, PASSWORD)
    commands.main(["create-admin", "Root@Example.com"])

    assert capsys.readouterr().out == "root@example.com is an administrator now.\n"
    assert asyncio.run(stored_user(configured, "root@example.com")).is_admin


def test_makes_an_admin_with_a_password_from_a_pipe(
    configured: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{PASSWORD}\n"))
    commands.main(["create-admin", "root@example.com"])

    assert asyncio.run(stored_user(configured, "root@example.com")).is_admin


@pytest.mark.usefixtures("configured")
@pytest.mark.parametrize(
    ("email", "passwords", "message"),
    [
        ("root@example.com", ["one password", "another one"], "The passwords differ."),
        ("root@example.com", ["short", "short"], "password: Value should have at least 8"),
        ("no address", [PASSWORD, PASSWORD], "email: value is not a valid email"),
        ("root@example.com", ["password123"] * 2, "The password is too common"),
    ],
)
def test_says_what_is_wrong(
    monkeypatch: pytest.MonkeyPatch, email: str, passwords: list[str], message: str
) -> None:
    type_in(monkeypatch, *passwords)
    with pytest.raises(SystemExit) as refusal:
        commands.main(["create-admin", email])

    assert str(refusal.value).startswith(message)


def test_needs_a_command() -> None:
    with pytest.raises(SystemExit):
        commands.main([])
