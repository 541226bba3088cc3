"""The commands of README's Start, typed as they are there, and the places that repeat them."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from support import ROOT, Cli, snapshot

README = (ROOT / "README.md").read_text("utf-8")
START = README.partition("\n## Start\n")[2].partition("\n## ")[0]
TESTS = "uv run pytest"


def commands(text: str) -> list[str]:
    """Return the commands in the first block of `text`, without their comments."""
    block = text.partition("```sh\n")[2].partition("```")[0]
    return [line.partition("  #")[0].rstrip() for line in block.splitlines()]


def test_two_commands_do_everything() -> None:
    made, tested = commands(START)
    assert re.fullmatch(r"pip install \. && fastgen new \.\./\w+", made)
    assert re.fullmatch(rf"pip install uv && {TESTS}", tested)


def test_the_tests_are_run_by_the_same_command_everywhere() -> None:
    assert TESTS in commands((ROOT / "CONTRIBUTING.md").read_text("utf-8"))
    stages = (ROOT / ".ci" / "run").read_text("utf-8")
    assert f'"${{uv[@]}}" {TESTS.removeprefix("uv ")} ' in stages
    jobs = yaml.safe_load((ROOT / ".github" / "workflows" / "ci.yml").read_text("utf-8"))["jobs"]
    assert any(str(step.get("run")).startswith(TESTS) for step in jobs["quick"]["steps"])
    assert f"`{TESTS}`" in (ROOT / ".github" / "pull_request_template.md").read_text("utf-8")


def test_the_distribution_is_named_as_it_is() -> None:
    project = (ROOT / "pyproject.toml").read_text("utf-8")
    assert '\nname = "fastapi-fastgen"\n' in project
    assert "`fastapi-fastgen`" in START


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A clone of this repository as it is now."""
    folder = tmp_path / "clone"
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    for name in filter(None, listed.split("\0")):
        file = folder / name
        if (ROOT / name).is_file():
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes((ROOT / name).read_bytes())
    return folder


@pytest.fixture
def newcomer(cli: Cli, clone: Path, tmp_path: Path) -> Cli:
    """Somebody in the clone who has Python with pip, git, and nothing else."""
    python = tmp_path / "python"
    subprocess.run([sys.executable, "-m", "venv", python], check=True)
    cli.env["PATH"] = f"{python}/bin:{cli.home}/.local/bin:/usr/bin:/bin"
    cli.cwd = clone
    cli.command = ("sh", "-c")
    return cli


@pytest.mark.slow
def test_the_first_command_installs_it_and_makes_a_project_elsewhere(newcomer: Cli) -> None:
    """Needs the package index."""
    before = snapshot(newcomer.cwd)
    made = newcomer.run(commands(START)[0])
    assert made.code == 0, made.err
    project = newcomer.cwd.parent / "myapi"
    assert made.out.endswith(f"\n{project}\n")
    assert snapshot(newcomer.cwd) == before
    # Every later command of README finds it, and the next block begins where the project is.
    enters = commands(START.partition("```sh")[2])[0]
    later = newcomer.run(f"{enters} && fastgen add resource item name:str:20 && fastgen check")
    assert later.code == 0, later.err
    tested = newcomer.run(f"{enters} && .venv/bin/pytest -q tests/test_health.py")
    assert tested.code == 0, tested.out


@pytest.mark.slow
def test_the_second_command_tests_fastgen(newcomer: Cli) -> None:
    """Needs the package index. Only a few of the tests, as all of them would contain this one."""
    tested = newcomer.run(f"{commands(START)[1]} -n0 tests/names/test_plurals.py")
    assert tested.code == 0, tested.out + tested.err
    assert re.search(r"\d+ passed", tested.out)


def set_version(clone: Path, version: str) -> None:
    file = clone / "src" / "fastgen" / "__init__.py"
    file.write_text(re.sub('= ".+"', f'= "{version}"', file.read_text()))


@pytest.mark.slow
def test_uvx_takes_the_clone_as_it_is_now(newcomer: Cli) -> None:
    """Needs the package index."""
    newcomer.run("pip install uv")
    for version in ("0.1.0.dev1000", "0.1.0.dev2000"):
        set_version(newcomer.cwd, version)
        told = newcomer.run("uvx --from . fastgen --version")
        assert (told.code, told.out) == (0, f"fastgen {version}\n"), told.err


@pytest.mark.slow
@pytest.mark.nightly
@pytest.mark.parametrize("installing", ["pip install", "pip install uv && uv tool install"])
def test_the_hint_of_an_installed_copy_installs_the_version_of_a_project(
    newcomer: Cli, installing: str
) -> None:
    """Needs the package index."""
    newcomer.git("init", "--quiet", "--initial-branch=main")
    for number in (1, 2):
        set_version(newcomer.cwd, f"0.1.0.dev{number}000")
        newcomer.git("add", "--all")
        newcomer.git("commit", "--quiet", f"--message={number}")
    made = newcomer.run(f"{installing} . && fastgen new ../myapi --no-install")
    assert made.code == 0, made.err
    project = newcomer.cwd.parent / "myapi"
    assert list(project.rglob("__pycache__")) == []
    answers = project / ".copier-answers.yml"
    answers.write_text(answers.read_text().replace("0.1.0.dev2000", "0.1.0.dev1000"))
    refused = newcomer.run("fastgen add resource item name:str:20", cwd=project)
    assert refused.code == 1
    hint = refused.err.partition("hint: ")[2].strip()
    helped = newcomer.run(hint, cwd=project)
    assert helped.code == 0, helped.err
    added = newcomer.run("fastgen --version && fastgen add resource item name:str:20", cwd=project)
    assert added.code == 0, added.err
    assert added.out.startswith("fastgen 0.1.0.dev1000\n")
