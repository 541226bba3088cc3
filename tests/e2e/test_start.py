"""What people see when a server or a command cannot start, or is started as platforms do."""

import dataclasses
import re
from contextlib import suppress
from http.client import HTTPException
from pathlib import Path

import pytest

from generated.projects import Done, Project
from generated.server import START_SECONDS, running
from generated.service import USERS, Account, production
from generated.sql import connected

pytestmark = pytest.mark.slow

SERVE = ("gunicorn",)
UPGRADE = ("alembic", "upgrade", "head")
DEVELOPMENT = {"ENVIRONMENT": "development", "DEBUG": "true"}


def said(done: Done) -> list[str]:
    """Return the lines that were printed, without uv's own."""
    return [line for line in done.out.splitlines() if "file://" not in line]


@pytest.mark.by_day("postgresql")
@pytest.mark.parametrize(
    "command",
    [
        ("fastapi", "dev"),
        ("alembic", "-c", "../pyproject.toml", "current"),
        ("python", "-m", "app", "create-admin", "ada@example.com"),
    ],
)
def test_elsewhere_a_sentence_says_that_there_are_no_settings(
    project: Project, command: tuple[str, ...]
) -> None:
    elsewhere = dataclasses.replace(project, path=project.path / "src")
    done = elsewhere.run("timeout", "60", "uv", "run", *command)
    assert done.code == 1, done.out
    sentence = said(done)[-1]
    assert f"there is no {elsewhere.path}/.env" in sentence
    assert "SECRET_KEY: Field required" in sentence
    assert "Traceback" not in done.out


def test_without_a_server_migrating_is_a_sentence(project: Project, database: str) -> None:
    url = {
        "postgresql": "postgresql://app@127.0.0.1:1/app",
        "sqlite": "sqlite+aiosqlite:////no/such/folder/app.db",
    }
    done = project.uv_run(*UPGRADE, env=production(url[database]))
    assert done.code
    (sentence,) = said(done)
    assert sentence.startswith("FAILED: The database cannot be reached (")


def test_a_developer_is_told_of_a_revision_that_other_code_left(
    project: Project, database_url: str, tmp_path: Path
) -> None:
    env = production(database_url) | DEVELOPMENT
    project.python("-m", *UPGRADE, env=env).must_succeed()
    with connected(project, database_url) as sql:
        sql("UPDATE alembic_version SET version_num = 'lost'")
    with running(project, tmp_path, "fastapi", "dev", "--port", "{port}", env=env) as server:
        server.process.wait(START_SECONDS)
        with suppress(OSError, HTTPException):
            pytest.fail(f"it answers: {server.send('GET', '/health')}")
    assert "is at revision lost" in server.output
    assert "alembic downgrade" in server.output
    assert "Traceback" not in server.output


@pytest.mark.by_day("sqlite")
def test_a_platform_says_which_port(project: Project, database_url: str, tmp_path: Path) -> None:
    env = production(database_url) | {"BIND": "", "PORT": "{port}"}
    project.python("-m", *UPGRADE, env=env).must_succeed()
    with running(project, tmp_path, *SERVE, env=env) as server:
        server.wait("/ready")
        assert server.send("GET", "/ready").status == 200
        assert server.output.count("Booting worker") == 3
        assert server.stop() == 0


@pytest.mark.by_day("sqlite")
def test_a_developer_reads_requests_at_a_glance(
    project: Project, database_url: str, tmp_path: Path
) -> None:
    env = production(database_url) | DEVELOPMENT
    with running(project, tmp_path, "fastapi", "dev", "--port", "{port}", env=env) as server:
        server.wait()
        Account(server).register()
        server.wait_for(f"POST {USERS} 201")
    lines = re.findall(r"^.*(?:GET|POST) /.* [0-9]{3} in .*$", server.stdout, re.MULTILINE)
    assert lines
    assert max(map(len, lines)) < 80


@pytest.mark.parametrize("environment", ["production", "development"])
def test_a_statement_that_fails_can_be_diagnosed(
    project: Project, database_url: str, tmp_path: Path, environment: str
) -> None:
    env = production(database_url) | {"ENVIRONMENT": environment, "WEB_CONCURRENCY": "1"}
    project.python("-m", *UPGRADE, env=env).must_succeed()
    with connected(project, database_url) as sql:
        sql("ALTER TABLE users RENAME COLUMN full_name TO name_of_another_release")
    with running(project, tmp_path, *SERVE, env=env) as server:
        server.wait()
        account = Account(server)
        assert account.register().status == 500
        server.wait_for("database_error")
    assert "full_name" in server.stdout
    assert "no column" in server.stdout or "does not exist" in server.stdout
    assert "in register" in server.stdout
    assert account.email not in server.stdout
