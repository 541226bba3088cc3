"""Clients that generators make from the contract of a project with every type of field.

The generators for TypeScript come from npm, the one for Python from an environment of its own
(it needs an older Typer). Without npm or its registry these tests are skipped with the reason.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from uv import find_uv_bin

from generated import variants
from generated.projects import Project, Workshop
from generated.server import Server, migrated
from generated.service import GUNICORN, development
from generated.services import give_up
from generated.shop import EVERY_TYPE, RESOURCES
from support import ROOT

pytestmark = pytest.mark.slow

FILES = ROOT / "tests/generated/clients"
PYTHON_GENERATOR = "openapi-python-client@0.29.1"
LONGEST_SECONDS = 600


@pytest.fixture(scope="module")
def project(workshop: Workshop) -> Project:
    answers = variants.default() | {"database": "sqlite"}
    resources = (EVERY_TYPE, *RESOURCES)
    return workshop.project("clients", answers, resources=resources)


@pytest.fixture(scope="module")
def server(project: Project, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("clients")
    env = development(f"sqlite+aiosqlite:///{folder}/app.db")
    with migrated(project, folder, *GUNICORN, env=env) as server:
        yield server


@pytest.fixture(scope="module")
def document(project: Project, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("document") / "openapi.json"
    path.write_text(project.uv_run("python", "-m", "app", "openapi").must_succeed(), "utf-8")
    return path


@pytest.fixture(scope="module")
def typescript(document: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the generators for TypeScript and what they made."""
    if shutil.which("npm") is None:
        give_up("No npm on PATH")
    folder = tmp_path_factory.mktemp("typescript")
    shutil.copytree(FILES, folder, dirs_exist_ok=True)
    shutil.copy(document, folder)
    installed = run(folder, "npm", "install", "--no-audit", "--no-fund", "--no-package-lock")
    if installed.returncode:
        give_up(f"npm install failed: {installed.stdout}")
    for command in (
        ("openapi-typescript", "openapi.json", "-o", "schema.d.ts"),
        ("openapi-ts",),
    ):
        must_be_silent(run(folder, "npx", "--no-install", *command))
    must_be_silent(run(folder, "npx", "--no-install", "tsc", "-p", "."))
    return folder


def test_typescript_clients_compile_strictly(typescript: Path) -> None:
    assert (typescript / "built/client/zod.gen.js").exists()
    assert (typescript / "schema.d.ts").exists()


def test_a_validating_client_works_with_rows(typescript: Path, server: Server) -> None:
    origin = f"http://127.0.0.1:{server.port}"
    done = run(typescript, "node", "built/rows.js", origin)

    assert done.returncode == 0, done.stdout


def test_python_client(document: Path, tmp_path: Path) -> None:
    # It formats what it made with the ruff on PATH.
    ruff = Path(sys.executable).parent
    path = os.pathsep.join([str(ruff), os.environ["PATH"]])
    command = (find_uv_bin(), "tool", "run", PYTHON_GENERATOR, "generate")
    done = run(tmp_path, *command, "--path", str(document), "--output-path", "client", path=path)

    must_be_silent(done)
    assert (tmp_path / "client/pyproject.toml").exists()


def run(folder: Path, *command: str, path: str | None = None) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, "PATH": path or os.environ["PATH"], "NO_COLOR": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=LONGEST_SECONDS,
        check=False,
    )


def must_be_silent(done: "subprocess.CompletedProcess[str]") -> None:
    """Require success without a warning."""
    assert done.returncode == 0, done.stdout
    assert "warn" not in done.stdout.lower(), done.stdout
