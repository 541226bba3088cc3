"""What is in the image, and what is not."""

import json
import tomllib
from pathlib import Path

import pytest
from packaging.utils import canonicalize_name
from uv import find_uv_bin

from .container import Container, Image
from .tools import run

pytestmark = [pytest.mark.container, pytest.mark.slow]

INSTALLED = """
import json
from importlib.metadata import distributions
print(json.dumps(sorted(found.name for found in distributions())))
"""


def test_it_runs_as_a_user_without_rights(image: Image) -> None:
    done = Container(image).run("python", "-c", "import os; print(os.getuid(), os.getgroups())")

    assert done.stdout == f"{image.user[0]} []\n"
    assert min(image.user) >= 10_000


def test_nothing_of_the_app_is_writable(image: Image) -> None:
    app = image.root / image.config["WorkingDir"].lstrip("/")

    writable = [
        path
        for path in (app, *app.rglob("*"))
        if not path.is_symlink() and (path.stat().st_uid != 0 or path.stat().st_mode & 0o022)
    ]

    # uv leaves an empty lock that anyone may take.
    assert [path for path in writable if path.name != ".lock"] == []


def test_a_checkout_that_only_its_owner_may_read_makes_an_image_that_starts(
    image: Image, project: Path
) -> None:
    assert (project / "gunicorn.conf.py").stat().st_mode & 0o077 == 0

    done = Container(image).run("cat", "gunicorn.conf.py", "pyproject.toml")

    assert (done.returncode, "wsgi_app" in done.stdout) == (0, True)


def test_it_holds_what_runs_and_nothing_else(image: Image) -> None:
    app = image.root / image.config["WorkingDir"].lstrip("/")

    assert {path.name for path in app.iterdir()} == {".venv", "gunicorn.conf.py", "pyproject.toml"}
    assert not (image.root / "usr/local/bin/uv").exists()
    assert not (image.root / "root/.cache").exists()


def test_no_secret_is_in_it(image: Image, project: Path) -> None:
    lines = (project / ".env").read_text().splitlines()
    [key] = [line.partition("=")[2] for line in lines if line.startswith("SECRET_KEY=")]
    assert len(key) >= 32

    app = image.root / image.config["WorkingDir"].lstrip("/")
    files = [path for path in app.rglob("*") if path.is_file() and not path.is_symlink()]

    assert not [path for path in files if path.name.startswith(".env")]
    assert not [path for path in files if key.encode() in path.read_bytes()]
    assert "SECRET_KEY" not in image.environment


def test_only_what_the_app_needs_is_installed(image: Image, project: Path) -> None:
    name = tomllib.loads((project / "pyproject.toml").read_text())["project"]["name"]
    flags = ("--frozen", "--no-dev", "--no-hashes", "--no-annotate", "--no-header")
    needed = run(find_uv_bin(), "export", *flags, "--no-emit-project", cwd=project)

    done = Container(image).run("python", "-c", INSTALLED)

    installed = {canonicalize_name(found) for found in json.loads(done.stdout)}
    assert {"gunicorn", "fastapi", "alembic", name} <= installed
    assert installed - {name} <= {line.partition("==")[0] for line in needed.splitlines()}


def test_its_modules_are_compiled(image: Image) -> None:
    packages = next((image.root / "app/.venv/lib").glob("python*/site-packages"))

    assert list((packages / "app" / "__pycache__").glob("main.*.pyc"))
    assert list((packages / "fastapi" / "__pycache__").glob("routing.*.pyc"))


def test_it_starts_gunicorn_and_says_how_to_check_it(image: Image) -> None:
    assert image.config["Cmd"] == ["gunicorn"]
    assert list(image.config["ExposedPorts"]) == ["8000/tcp"]
    assert image.config["Healthcheck"]["Test"][0] == "CMD"
    assert image.environment["ENVIRONMENT"] == "production"
