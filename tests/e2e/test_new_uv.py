"""Lock and install: with an index, and without."""

import re
import shutil
import subprocess
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from fastgen.names import reserved
from support import Cli

OFFLINE = {"UV_OFFLINE": "1"}
# A dependency that cannot be had without an index, and a project that needs none.
NEEDY = '[project]\nname = "{{ project_name }}"\nversion = "0"\ndependencies = ["idna"]\n'


def test_without_a_network_the_project_stays(
    tmp_path: Path, tiny: Cli, retemplate: Callable[..., None]
) -> None:
    files = {"pyproject.toml.jinja": NEEDY, ".env.example": "SECRET_KEY=\n", "README.md": "x\n"}
    retemplate(files=files)
    env = {**OFFLINE, "UV_CACHE_DIR": str(tmp_path / "empty")}
    result = tiny.run("new", "myapi", env=env)
    project = tiny.cwd / "myapi"
    assert result.code == 3
    assert result.out == f"{project}\n"
    assert "note: not locked: uv: no network: uv works offline, and its" in result.err
    assert "unsatisfiable" not in result.err
    assert re.search(rf"note: to do it later: cd {project} && \S*uv sync\n", result.err)
    assert "Traceback" not in result.err
    assert tiny.git("ls-files", cwd=project).split() == [
        ".copier-answers.yml",
        ".env.example",
        ".fastgen/files/project.yml",
        "README.md",
        "pyproject.toml",
    ]
    report = tiny.run("new", "other", "--json", env=env).json
    assert {step["name"]: step["status"] for step in report["steps"]} == {
        "render": "done",
        "lock": "failed",
        "commit": "done",
        "install": "skipped",
    }


def test_an_index_that_cannot_be_reached_is_no_network(
    tmp_path: Path, tiny: Cli, retemplate: Callable[..., None]
) -> None:
    files = {"pyproject.toml.jinja": NEEDY, ".env.example": "SECRET_KEY=\n"}
    retemplate(files=files)
    env = {
        "UV_CACHE_DIR": str(tmp_path / "empty"),
        "UV_DEFAULT_INDEX": "http://ada:secret@127.0.0.1:1/simple",
        "UV_HTTP_RETRIES": "0",
        "FORCE_COLOR": "1",
    }
    result = tiny.run("new", "myapi", env=env)
    assert result.code == 3
    assert "note: not locked: uv: no network: 127.0.0.1:1 cannot be reached\n" in result.err


# What a shell or a CI job has set for projects that are locked already.
FOR_OTHERS = {
    "UV_FROZEN": "1",
    "UV_LOCKED": "1",
    "UV_NO_DEFAULT_GROUPS": "1",
    "UV_NO_DEV": "1",
    "UV_NO_EDITABLE": "1",
    "UV_NO_GROUP": "dev",
    "UV_NO_INSTALL_LOCAL": "1",
    "UV_NO_INSTALL_PROJECT": "1",
    "UV_NO_INSTALL_WORKSPACE": "1",
    "UV_RESOLUTION": "lowest",
    "UV_WORKING_DIR": "/elsewhere",
    "UV_CACHE_DIR": "",
    "UV_PYTHON": "",
    "UV_PROJECT": "",
}
DEVELOPED = """\
[project]
name = "{{ project_name }}"
version = "0"
requires-python = ">=3.11"

[dependency-groups]
dev = ["idna"]

[build-system]
requires = ["uv_build"]
build-backend = "uv_build"

[tool.uv.build-backend]
module-name = "app"
"""


@pytest.mark.slow
def test_what_is_set_for_other_projects_changes_neither_lock_nor_install(
    tiny: Cli, retemplate: Callable[..., None]
) -> None:
    """Needs the package index, or uv's cache."""
    cache = tiny.env["UV_CACHE_DIR"]
    (tiny.home / ".cache").symlink_to(Path(cache).parent)
    files = {
        "pyproject.toml.jinja": DEVELOPED,
        ".env.example": "SECRET_KEY=\n",
        "src/app/__init__.py": "",
    }
    retemplate(files=files)
    result = tiny.run("new", "myapi", env=FOR_OTHERS)
    assert (result.code, result.err) == (0, "")
    project = tiny.cwd / "myapi"
    assert "options" not in tomllib.loads((project / "uv.lock").read_text())
    python = project / ".venv" / "bin" / "python"
    where = [str(python), "-c", "import app, idna; print(app.__file__)"]
    told = subprocess.run(where, capture_output=True, text=True, check=True).stdout
    assert told == f"{project}/src/app/__init__.py\n"


@pytest.mark.slow
def test_the_command_for_later_works_where_uv_is_told_to_lock_nothing(
    tmp_path: Path, tiny: Cli
) -> None:
    broken = {"UV_CONFIG_FILE": str(tmp_path / "nowhere.toml"), "UV_LOCKED": "1"}
    result = tiny.run("new", "myapi", env=broken)
    assert result.code == 3
    command = result.err.partition("note: to do it later: ")[2].partition("\n")[0]
    env = {**tiny.env, **OFFLINE, "UV_LOCKED": "1"}
    subprocess.run(["sh", "-c", command], env=env, check=True, capture_output=True)
    assert (tiny.cwd / "myapi" / "uv.lock").exists()


def test_the_environment_of_fastgen_does_not_leak(tiny: Cli, tmp_path: Path) -> None:
    foreign = tmp_path / "foreign"
    env = {**OFFLINE, "VIRTUAL_ENV": str(foreign), "UV_PROJECT_ENVIRONMENT": str(foreign)}
    result = tiny.run("new", "myapi", env=env)
    assert (result.code, result.err) == (0, "")
    assert (tiny.cwd / "myapi" / ".venv" / "bin" / "python").exists()
    assert not foreign.exists()


@pytest.mark.slow
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


@pytest.mark.slow
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
