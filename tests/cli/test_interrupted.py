"""What a killed run has left: commands that only look tell it, those that write put it right."""

import json
import shlex
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

import living
import preloaded
from living import ITEM, ROUTER, SERVICE, Living
from preloaded import Preloaded
from support import Cli, snapshot

HOOK = """\
import os, signal, sys

def look(event, arguments):
    if event == "os.rename" and str(arguments[1]).endswith(os.environ["KILLED_AT"]):
        os.kill(os.getpid(), signal.SIGKILL)

sys.addaudithook(look)
"""
LOOKING = [
    ("info",),
    ("info", "--json"),
    ("check",),
    ("check", "--json"),
    ("check", "--fix", "--dry-run"),
    (*ITEM, "--dry-run"),
    (*ITEM, "--diff"),
    ("add", "field", "item", "note:text:optional", "--dry-run"),
    ("remove", "resource", "item", "--diff"),
    ("templates", "eject", "--dry-run"),
]
HALF = "note: an interrupted run has left the project half changed: its journal is "


@pytest.fixture(scope="module")
def killer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Preloaded]:
    """A fastgen that is killed just before it puts the file `KILLED_AT` into its place."""
    folder = tmp_path_factory.mktemp("killer")
    hook = folder / "hook.py"
    hook.write_text(HOOK)
    with preloaded.started(Cli(folder, folder / "home").env, hook) as fastgen:
        yield fastgen


def kill(project: Living, killer: Preloaded, at: str = ROUTER, **env: str) -> None:
    """Add a resource, and be killed at the file `at`."""
    env = {**project.user.env, **env, "KILLED_AT": at}
    code, _, err = killer.run(*ITEM, cwd=project.root, env=env)
    assert code == -signal.SIGKILL, err


@pytest.fixture(scope="module")
def fresh_half(
    tmp_path_factory: pytest.TempPathFactory, fresh_project: Path, killer: Preloaded
) -> Path:
    """A project in which the first of the files of a resource are there, to copy."""
    folder = tmp_path_factory.mktemp("half")
    project = living.settle(Cli(folder, folder / "home"), fresh_project)
    kill(project, killer)
    return project.root


@pytest.fixture
def half(cli: Cli, fresh_half: Path) -> Living:
    """A person in a project in which the first of the files of a resource are there."""
    return living.settle(cli, fresh_half)


@pytest.mark.others_slow
@pytest.mark.parametrize("command", LOOKING, ids=" ".join)
def test_a_command_that_only_looks_tells_it_and_changes_nothing(
    half: Living, command: tuple[str, ...]
) -> None:
    before = snapshot(half.root)
    result = half.run(*command)
    assert HALF in result.err, result
    assert result.code in {0, 1}, result
    assert "; this repairs it: fastgen check --fix\n" in result.err
    assert snapshot(half.root) == before


def test_a_command_that_looks_at_no_project_does_nothing(half: Living) -> None:
    before = snapshot(half.root)
    assert half.run("templates", "list").code == 0
    assert snapshot(half.root) == before


def test_check_does_not_call_it_agreed(half: Living) -> None:
    result = half.run("check", "--json")
    assert result.code == 1
    [said] = [one for one in result.json["differences"] if one["path"] == "."]
    assert said["hint"] == "fastgen check --fix"


def test_what_is_printed_puts_it_right(half: Living, fresh_project: Path) -> None:
    said = half.run("info").err.partition("this repairs it: ")[2]
    fixed = half.run(*shlex.split(said)[1:])
    assert "undid the changes of an interrupted run: " in fixed.err
    assert half.texts() == Living(half.user, fresh_project).texts()
    assert not half.run("info").err


def test_a_command_that_is_refused_tells_what_it_has_put_right(half: Living) -> None:
    result = half.run("add", "field", "nothing", "note:text:optional")
    assert result.code == 1
    assert "note: undid the changes of an interrupted run: " in result.err


def places(project: Living) -> list[Path]:
    """Return the journals in the folder that git says is its own."""
    told = project.git("rev-parse", "--path-format=absolute", "--git-path", "fastgen")
    return [path for path in Path(told.strip()).glob("*") if path.suffix != ".migrations"]


def test_git_cannot_carry_it(half: Living) -> None:
    assert len(places(half)) == 1
    half.commit()
    clone = half.root.with_name("clone")
    half.git("clone", "-q", ".", str(clone))
    assert "half changed" not in half.run("info", cwd=clone).err
    assert not list(clone.glob(".fastgen-changes-*"))


def test_it_moves_with_the_repository(half: Living) -> None:
    moved = Living(half.user, half.root.rename(half.root.with_name("moved")))
    assert HALF in moved.run("info").err
    assert "undid" in moved.run("check", "--fix").err


def test_in_a_worktree_it_is_that_ones(project: Living, killer: Preloaded) -> None:
    other = Living(project.user, project.root.with_name("other"))
    project.git("worktree", "add", "-q", str(other.root))
    kill(other, killer)
    assert not project.run("info").err
    assert HALF in other.run("info").err
    assert len(places(other)) == 1
    assert "undid" in other.run("check", "--fix").err
    assert places(project) == places(other) == []


@pytest.mark.slow
def test_in_a_submodule_it_is_that_ones(project: Living, killer: Preloaded) -> None:
    outer = project.user.cwd / "outer"
    project.user.git("init", "-q", str(outer))
    allow = ("-c", "protocol.file.allow=always")
    project.user.git(*allow, "submodule", "-q", "add", str(project.root), "api", cwd=outer)
    inner = Living(project.user, outer / "api")
    kill(inner, killer)
    assert HALF in inner.run("info").err
    kept = (outer / ".git/modules/api/fastgen").iterdir()
    assert [one for one in kept if one.suffix != ".migrations"] == places(inner)
    assert "undid" in inner.run("check", "--fix").err


@pytest.mark.slow
def test_two_projects_in_one_repository_have_their_own(project: Living, killer: Preloaded) -> None:
    outer = project.user.cwd / "outer"
    project.user.git("init", "-q", str(outer))
    both = []
    for name in ("one", "two"):
        shutil.copytree(project.root, outer / name, ignore=shutil.ignore_patterns(".git"))
        both.append(Living(project.user, outer / name))
    one, two = both
    kill(one, killer)
    kill(two, killer, at=SERVICE)
    assert len(places(one)) == 2
    assert "undid" in one.run("check", "--fix").err
    assert HALF in two.run("info").err
    assert "undid" in two.run("check", "--fix").err
    assert one.texts() == two.texts()


def alone(project: Living) -> Living:
    """Take the project out of its repository."""
    shutil.rmtree(project.root / ".git")
    return project


def test_outside_of_a_repository_it_is_in_the_state_folder(
    project: Living, tmp_path: Path, killer: Preloaded
) -> None:
    kill(alone(project), killer, XDG_STATE_HOME=str(tmp_path / "state"))
    [place] = (tmp_path / "state/fastgen").iterdir()
    assert (place / "journal.json").is_file()
    assert "undid" in project.run("check", "--fix", XDG_STATE_HOME=str(tmp_path / "state")).err


@pytest.mark.slow
def test_a_repository_that_was_made_since_does_not_hide_it(
    project: Living, killer: Preloaded
) -> None:
    kill(alone(project), killer)
    assert (project.user.home / ".local/state/fastgen").is_dir()
    project.git("init", "-q")
    assert HALF in project.run("info").err
    assert "undid" in project.run("check", "--fix").err


def test_a_project_that_was_moved_away_from_its_journal_is_told(
    project: Living, killer: Preloaded
) -> None:
    kill(alone(project), killer)
    moved = Living(project.user, project.root.rename(project.root.with_name("moved")))
    [contents] = moved.root.glob(".fastgen-changes-*")
    for command in (("info",), ("check", "--fix")):
        assert f"{contents} was left by an interrupted run" in moved.run(*command).err
    assert contents.is_dir()


def test_a_state_folder_that_others_can_write_to_is_not_used(
    project: Living, tmp_path: Path
) -> None:
    (tmp_path / "state").mkdir()
    (tmp_path / "state/fastgen").mkdir(mode=0o777)
    (tmp_path / "state/fastgen").chmod(0o777)
    result = alone(project).run(*ITEM, XDG_STATE_HOME=str(tmp_path / "state"))
    assert result.code == 1
    assert f"no place for the journal of the changes: {tmp_path}/state/fastgen" in result.err
    hint = result.err.partition("hint: ")[2]
    script = f"{hint.strip()}; {project.user.typed} {shlex.join(ITEM)}"
    subprocess.run(["sh", "-c", script], cwd=project.root, env=project.user.env, check=True)


def test_a_journal_is_data(half: Living) -> None:
    [place] = places(half)
    (place / "journal.json").write_text("[" * 30_000)
    for command in (("check", "--fix"), ITEM):
        result = half.run(*command)
        assert result.code == 1
        assert "is not a journal of this fastgen" in result.err
    assert json.loads(half.run("info", "--json").out)["project"] == "shop"
