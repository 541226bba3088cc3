"""The ways to install it: a wheel that carries the whole template, and uv's tools from a clone."""

import email
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import yaml

from support import ROOT, UV_CACHE, Cli

pytestmark = pytest.mark.slow

DONE = {"render": "done", "lock": "done", "commit": "done", "install": "done"}
OFFLINE = {"UV_OFFLINE": "1"}


def uv() -> str:
    from uv import find_uv_bin

    return find_uv_bin()


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a wheel of this clone."""
    return build(ROOT, tmp_path_factory.mktemp("wheel"))


def build(source: Path, folder: Path) -> Path:
    subprocess.run(
        [uv(), "build", "--quiet", "--wheel", "--out-dir", folder, source],
        check=True,
        env={**os.environ, "UV_CACHE_DIR": UV_CACHE},
    )
    (built,) = folder.glob("*.whl")
    return built


def test_a_release_names_the_repository_that_made_it(tmp_path: Path) -> None:
    workflow = yaml.safe_load((ROOT / ".github/workflows/release.yml").read_text("utf-8"))
    steps = workflow["jobs"]["build"]["steps"]
    (step,) = (step for step in steps if "[project.urls]" in step.get("run", ""))
    source = tmp_path / "source"
    shutil.copytree(ROOT, source, ignore=shutil.ignore_patterns(".*", "tests", "docs"))
    subprocess.run(
        ["bash", "-euo", "pipefail", "-c", step["run"]],
        cwd=source,
        check=True,
        env={
            **os.environ,
            "GITHUB_SERVER_URL": "https://git.example",
            "GITHUB_REPOSITORY": "team/fastgen",
        },
    )
    with zipfile.ZipFile(build(source, tmp_path / "dist")) as files:
        (name,) = (name for name in files.namelist() if name.endswith(".dist-info/METADATA"))
        headers = email.message_from_bytes(files.read(name))
    urls = dict(value.split(", ", 1) for value in headers.get_all("Project-URL", []))
    assert urls == {
        "Source": "https://git.example/team/fastgen",
        "Documentation": "https://git.example/team/fastgen#readme",
        "Changelog": "https://git.example/team/fastgen/blob/HEAD/CHANGELOG.md",
        "Issues": "https://git.example/team/fastgen/issues",
    }


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


def makes_projects(user: Cli, name: str) -> None:
    """Make a project with a network, and one with what is in uv's cache since."""
    for number, env in enumerate(({}, OFFLINE)):
        result = user.run("new", f"../made/{name}-{number}", "--json", env=env)
        assert result.code == 0, result.err
        report = result.json
        assert {step["name"]: step["status"] for step in report["steps"]} == DONE
        project = user.cwd.parent / "made" / f"{name}-{number}"
        assert report["path"] == str(project)
        assert (project / ".venv" / "bin" / "fastapi").exists()


def test_a_wheel_makes_projects_without_a_network(wheel: Path, tmp_path: Path, cli: Cli) -> None:
    """Needs the package index, or uv's cache."""
    python = tmp_path / "venv" / "bin" / "python"
    creating = [uv(), "venv", "-q", "--clear", "-p", sys.executable, str(python.parents[1])]
    installing = [uv(), "pip", "install", "-q", "-p", str(python), str(wheel)]
    for env in ({}, OFFLINE):
        for command in (creating, installing):
            subprocess.run(command, check=True, env={**cli.env, **env})
    cli.command = (str(python.with_name("fastgen")),)
    makes_projects(cli, "wheel")


def test_uvx_makes_projects_from_a_clone(cli: Cli) -> None:
    """Needs the package index, or uv's cache."""
    cli.command = (uv(), "tool", "run", "--python", sys.executable, "--from", str(ROOT), "fastgen")
    makes_projects(cli, "uvx")


def test_uv_tool_install_puts_it_on_the_path(cli: Cli) -> None:
    """Needs the package index, or uv's cache."""
    command = [uv(), "tool", "install", "-q", "--force", "-p", sys.executable, str(ROOT)]
    for env in ({}, OFFLINE):
        subprocess.run(command, check=True, env={**cli.env, **env})
    cli.command = (str(cli.home / ".local" / "bin" / "fastgen"),)
    makes_projects(cli, "tool")
    told = cli.run("info", cwd=cli.cwd.parent / "made" / "tool-0")
    assert (told.code, told.err) == (0, "")
