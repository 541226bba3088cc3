"""Lock and install: with an index, and without."""

import re
import shutil
import subprocess
import tomllib
from pathlib import Path

from fastgen import reserved
from support import Cli, install

OFFLINE = {"UV_OFFLINE": "1"}
# A dependency that cannot be had without an index, and a project that needs none.
NEEDY = '[project]\nname = "{{ project_name }}"\nversion = "0"\ndependencies = ["idna"]\n'


def test_without_a_network_the_project_stays(tmp_path: Path, cli: Cli) -> None:
    files = {"pyproject.toml.jinja": NEEDY, ".env.example": "SECRET_KEY=\n", "README.md": "x\n"}
    cli.env.update(install(tmp_path / "other", files=files))
    env = {**OFFLINE, "UV_CACHE_DIR": str(tmp_path / "empty")}
    result = cli.run("new", "myapi", env=env)
    project = cli.cwd / "myapi"
    assert result.code == 3
    assert result.out == f"{project}\n"
    assert "note: not locked: uv: No solution found when resolving dependencies" in result.err
    assert re.search(rf"note: to do it later: cd {project} && \S*uv sync\n", result.err)
    assert "Traceback" not in result.err
    assert cli.git("ls-files", cwd=project).split() == [
        ".copier-answers.yml",
        ".env.example",
        "README.md",
        "pyproject.toml",
    ]
    report = cli.run("new", "other", "--json", env=env).json
    assert {step["name"]: step["status"] for step in report["steps"]} == {
        "render": "done",
        "lock": "failed",
        "commit": "done",
        "install": "skipped",
    }


def test_the_environment_of_fastgen_does_not_leak(tiny: Cli, tmp_path: Path) -> None:
    foreign = tmp_path / "foreign"
    env = {**OFFLINE, "VIRTUAL_ENV": str(foreign), "UV_PROJECT_ENVIRONMENT": str(foreign)}
    result = tiny.run("new", "myapi", env=env)
    assert (result.code, result.err) == (0, "")
    assert (tiny.cwd / "myapi" / ".venv" / "bin" / "python").exists()
    assert not foreign.exists()


def test_next_commands_work_without_a_uv_of_ones_own(tiny: Cli, tmp_path: Path) -> None:
    tools = tmp_path / "tools"
    tools.mkdir()
    git = shutil.which("git")
    assert git
    (tools / "git").symlink_to(git)
    env = {**OFFLINE, "PATH": str(tools)}
    report = tiny.run("new", "myapi", "--json", env=env).json
    assert report["next"] == ["cd myapi", ".venv/bin/fastapi dev", ".venv/bin/pytest"]
    (tools / "uv").symlink_to("/bin/true")
    report = tiny.run("new", "other", "--json", env=env).json
    assert report["next"] == ["cd other", "uv run fastapi dev", "uv run pytest"]


def test_nor_do_they_need_one_before_the_install(tiny: Cli, tmp_path: Path) -> None:
    report = tiny.run("new", "myapi", "--no-install", "--json", env={"PATH": str(tmp_path)}).json
    command = report["next"][1].removesuffix(" run fastapi dev")
    assert subprocess.run([command, "--version"], check=True, capture_output=True).stdout


def test_the_whole_way(cli: Cli) -> None:
    """Needs the package index, or uv's cache: what is locked, committed and installed."""
    report = cli.run("new", "myapi", "--json").json
    assert [step["status"] for step in report["steps"]] == ["done"] * 4
    project = cli.cwd / "myapi"
    assert "uv.lock" in cli.git("ls-files", cwd=project).split()
    assert cli.git("status", "--porcelain", cwd=project) == ""
    assert (project / ".venv" / "bin" / "fastapi").exists()
    lock = (project / "uv.lock").read_text()
    assert str(cli.cwd) not in lock
    names = {package["name"] for package in tomllib.loads(lock)["package"]} - {"myapi"}
    unreserved = {re.sub(r"[-.]", "_", name).lower() for name in names} - set().union(
        reserved.DEPENDENCIES, reserved.STANDARD_LIBRARY
    )
    assert unreserved == set(), "add them to reserved.DEPENDENCIES"
