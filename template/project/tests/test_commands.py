import asyncio
import getpass
import io
import json
import sys
from pathlib import Path

import pytest
from sqlalchemy import select

from app import __main__ as commands
from app.config import Settings
from app.models import User
from app.resources import open_resources
from app.schemas.user import UserBase
from app.services.user import UserService
from conftest import ME, PASSWORD, make_settings
from databases import UNREACHABLE_URL


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


async def register(settings: Settings, email: str) -> None:
    async with open_resources(settings) as resources, resources.database.transaction() as session:
        hashed = await resources.passwords.hash(PASSWORD)
        await UserService(session).register(UserBase(email=email), hashed)


def test_promotes_who_has_an_account_once_that_is_confirmed(
    configured: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asyncio.run(register(configured, "root@example.com"))
    monkeypatch.setattr(sys, "stdin", io.StringIO("y\n"))
    commands.main(["create-admin", "Root@Example.com"])

    assert capsys.readouterr().out == (
        "root@example.com has an account. Make it an administrator? [y/N] "
        "root@example.com is an administrator now.\n"
    )
    assert asyncio.run(stored_user(configured, "root@example.com")).is_admin


def test_promotes_nobody_without_a_yes(
    configured: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    asyncio.run(register(configured, "root@example.com"))
    for answer in ("n\n", f"{PASSWORD}\n", ""):
        monkeypatch.setattr(sys, "stdin", io.StringIO(answer))
        with pytest.raises(SystemExit, match="Nothing was done"):
            commands.main(["create-admin", "root@example.com"])

    assert not asyncio.run(stored_user(configured, "root@example.com")).is_admin


def test_writes_the_document_without_any_configuration(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ROOT_PATH", "/shop")
    commands.main(["openapi"])

    document = json.loads(capsys.readouterr().out)
    assert document["servers"] == [{"url": "/shop"}]
    assert ME in document["paths"]


@pytest.mark.usefixtures("configured")
@pytest.mark.parametrize(
    ("email", "passwords", "message"),
    [
        ("root@example.com", ["one password", "another one"], "The passwords differ."),
        ("root@example.com", ["short"] * 2, "password: String should have at least 8 characters"),
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


def test_says_which_settings_are_wrong(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SECRET_KEY", "x" * 32)
    monkeypatch.setenv("DATABASE_URL", UNREACHABLE_URL)
    with pytest.raises(SystemExit, match="SECRET_KEY"):
        commands.main(["create-admin", "root@example.com"])


def test_says_how_to_migrate(empty_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands, "get_settings", lambda: empty_settings)
    with pytest.raises(SystemExit, match="alembic upgrade head"):
        commands.main(["create-admin", "root@example.com"])


def test_says_how_to_get_a_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands, "get_settings", lambda: make_settings(UNREACHABLE_URL))
    with pytest.raises(SystemExit, match="DATABASE_URL"):
        commands.main(["create-admin", "root@example.com"])


@pytest.mark.usefixtures("configured")
def test_can_be_left(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(_prompt: str) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
    monkeypatch.setattr(getpass, "getpass", interrupt)
    with pytest.raises(SystemExit, match="Nothing was done"):
        commands.main(["create-admin", "root@example.com"])


def test_needs_a_command() -> None:
    with pytest.raises(SystemExit):
        commands.main([])
