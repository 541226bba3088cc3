"""The image as `compose.yaml` runs it: read-only, without rights, and behind a migrator."""

import dataclasses
import json

import pytest

from .compose import Compose
from .container import Container

pytestmark = [pytest.mark.container, pytest.mark.slow]

USER = {"email": "ada@example.com", "password": "correct horse battery"}


def test_it_is_ready_once_the_migrator_has_run(container: Container, compose: Compose) -> None:
    with container.running() as app:
        app.wait_until_up()
        assert app.fetch("/health").status == 200
        assert app.fetch("/ready").status == 503

        migrated = container.run(*compose.service("migrator")["command"])
        assert migrated.returncode == 0, migrated.stdout

        assert app.fetch("/ready").status == 200
        created = app.fetch("/api/v1/users", USER)
        assert (created.status, json.loads(created.body)["email"]) == (201, USER["email"])
        assert app.fetch("/api/v1/users", USER).status == 409
        assert app.stop() == 0
        assert "ERROR" not in app.log()


def test_migrating_again_changes_nothing(container: Container, compose: Compose) -> None:
    for _ in range(2):
        migrated = container.run(*compose.service("migrator")["command"])
        assert migrated.returncode == 0, migrated.stdout


def test_its_root_is_read_only_and_it_gets_no_rights(container: Container) -> None:
    status = container.run("grep", "-E", "^(Cap|NoNewPrivs)", "/proc/self/status").stdout
    assert "NoNewPrivs:\t1" in status
    assert {line.split("\t")[1] for line in status.splitlines() if "Cap" in line} == {"0" * 16}

    for path in ("/app/new", "/new", "/app/.venv/new", "/var/tmp/new"):
        assert "Read-only file system" in container.run("touch", path).stdout
    assert container.run("touch", "/tmp/new").returncode == 0


def test_the_health_check_fails_without_a_server(container: Container) -> None:
    _, *command = container.image.config["Healthcheck"]["Test"]

    assert container.run(*command).returncode != 0


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("SECRET_KEY", "short"),
        # What else is refused tests/e2e/test_safe_settings.py shows by day.
        pytest.param("SECRET_KEY", "", marks=pytest.mark.nightly),
        pytest.param("CORS_ORIGINS", "*", marks=pytest.mark.nightly),
        pytest.param("DEBUG", "true", marks=pytest.mark.nightly),
    ],
)
def test_it_refuses_to_start_unsafely(container: Container, setting: str, value: str) -> None:
    unsafe = dataclasses.replace(container, environment={**container.environment, setting: value})

    done = unsafe.run(*container.image.config["Cmd"])

    assert done.returncode != 0
    assert setting.lower() in done.stdout.lower()
