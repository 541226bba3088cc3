"""The wheel: it carries the whole template, and works where nothing else of this is."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from support import ROOT, UV_CACHE, Cli

pytestmark = pytest.mark.slow


def uv() -> str:
    from uv import find_uv_bin

    return find_uv_bin()


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [uv(), "build", "--quiet", "--wheel", "--out-dir", folder, ROOT],
        check=True,
        env={**os.environ, "UV_CACHE_DIR": UV_CACHE},
    )
    (built,) = folder.glob("*.whl")
    return built


def test_it_has_every_file_of_the_template(wheel: Path) -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "template"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    wanted = {name for name in listed.split("\0") if name and (ROOT / name).exists()}
    names = zipfile.ZipFile(wheel).namelist()
    prefix = "fastgen/_template/"
    assert {name.removeprefix(prefix) for name in names if name.startswith(prefix)} == {
        *wanted,
        "copier.yml",
    }


def test_no_file_of_the_template_is_ignored() -> None:
    ignored = subprocess.run(
        ["git", "ls-files", "--others", "--ignored", "--exclude-standard", "template"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert [line for line in ignored.splitlines() if "__pycache__" not in line] == []


def test_it_works_from_an_environment_of_its_own(wheel: Path, tmp_path: Path, cli: Cli) -> None:
    python = tmp_path / "venv" / "bin" / "python"
    env = {**os.environ, "UV_CACHE_DIR": UV_CACHE}
    subprocess.run(
        [uv(), "venv", "-q", "-p", sys.executable, python.parents[1]], check=True, env=env
    )
    subprocess.run([uv(), "pip", "install", "-q", "-p", python, wheel], check=True, env=env)
    cli.command = (str(python.parent / "fastgen"),)
    result = cli.run("new", "myapi", "--no-install")
    assert (result.code, result.err) == (0, "")
    fresh = {p.relative_to(cli.cwd / "myapi") for p in (cli.cwd / "myapi").rglob("*")}
    cli.command = (sys.executable, "-m", "fastgen")
    cli.run("new", "twin", "--no-install")
    twin = {p.relative_to(cli.cwd / "twin") for p in (cli.cwd / "twin").rglob("*")}
    assert {p for p in fresh if p.parts[0] != ".git"} == {p for p in twin if p.parts[0] != ".git"}
