"""Projects that somebody else has made: nothing in them is run, and nothing outside is reached."""

import hashlib
import json
import os
import shlex
import stat
import subprocess
from pathlib import Path

import pytest

from living import ITEM, Living
from support import Cli, snapshot

HOOK = ".git/hooks/post-index-change"
SCRIPT = b"#!/bin/sh\ntouch ran\n"
COMMANDS = [
    ("info",),
    ("check",),
    ("check", "--fix"),
    (*ITEM, "--dry-run"),
    (*ITEM, "--diff"),
    ITEM,
    ("templates", "list"),
    ("templates", "eject", "service"),
]
SOMEBODY = 1234
only_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")


def plant(project: Living, path: str, script: bytes) -> None:
    """Commit a journal as it was once kept, that puts `script` to `path`."""
    home = project.root / ".fastgen/journal"
    for name in ("old", "new"):
        (home / name).mkdir(parents=True)
    (home / "old/0").write_bytes(script)
    (home / "old/0").chmod(0o755)
    digest = hashlib.sha256(script).hexdigest()
    step = {"path": path, "old": digest, "new": None}
    journal = {"version": 1, "steps": [step], "made": [], "modes": {}, "keep_home": True}
    (home / "journal.json").write_text(json.dumps(journal))
    project.git("add", "-f", ".fastgen")
    project.git("commit", "-qm", "Journal")


@pytest.mark.others_slow
@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_committed_journal_is_not_followed(project: Living, command: tuple[str, ...]) -> None:
    plant(project, HOOK, SCRIPT)
    assert project.run(*command).code in {0, 1}
    assert not (project.root / HOOK).exists()
    project.git("status")
    assert not (project.root / "ran").exists()


@pytest.mark.slow
def test_a_committed_stage_is_not_moved(cli: Cli) -> None:
    cli.git("init", "-q")
    tree = cli.cwd / ".fastgen-abcd1234/tree/bait"
    tree.mkdir(parents=True)
    (tree / "commondir").write_text("../evil\n")
    (cli.cwd / ".fastgen-abcd1234/journal.json").write_text('{"project": "bait", "target": ".git"}')
    result = cli.run("new", "shop", "--yes", "--no-install", "--no-git")
    assert result.code == 0, result
    assert not (cli.cwd / ".git/commondir").exists()


def bare(project: Living) -> None:
    """Let the project look like a repository without a work tree, which can be committed."""
    for name in ("objects", "refs"):
        (project.root / name).mkdir()
    project.write("HEAD", "ref: refs/heads/main\n")
    command = f"touch {project.root}/ran; false"
    project.write("config", f'[core]\nbare = false\nworktree = .\nfsmonitor = "{command}"\n')


@pytest.mark.others_slow
@pytest.mark.parametrize("command", [("info",), ITEM, (*ITEM, "--force")], ids=" ".join)
def test_a_folder_that_looks_like_a_repository_is_none(
    project: Living, command: tuple[str, ...]
) -> None:
    outer = project.root.with_name("outer")
    project.root.rename(outer)
    (outer / "api").mkdir()
    for entry in [*outer.iterdir()]:
        if entry.name not in {".git", "api"}:
            entry.rename(outer / "api" / entry.name)
    inner = Living(project.user, outer / "api")
    bare(inner)
    assert inner.run(*command).code == 0
    assert not (inner.root / "ran").exists()
    # Else a journal could be committed.
    assert not (inner.root / "fastgen").exists()


def give_away(path: Path) -> None:
    os.chown(path, SOMEBODY, SOMEBODY, follow_symlinks=False)


def refused(project: Living, what: str, cwd: Path | None = None) -> str:
    """See that the project is refused because of `what`, and return the hint."""
    before = snapshot(project.root)
    for command in (ITEM, (*ITEM, "--dry-run"), ("info",)):
        result = project.run(*command, cwd=cwd)
        assert result.code == 1
        assert f"{project.root / what} belongs to user {SOMEBODY}" in result.err
    assert snapshot(project.root) == before
    return result.err.partition("hint: ")[2].strip()


@pytest.mark.others_slow
@only_root
@pytest.mark.parametrize(
    "what", ["", ".copier-answers.yml", ".fastgen", ".fastgen/templates/resource"]
)
def test_a_project_of_somebody_else_is_refused(project: Living, what: str) -> None:
    project.must("templates", "eject", "service")
    give_away(project.root / what)
    hint = refused(project, what)
    assert hint == f"git config --global --add safe.directory {project.root}"
    subprocess.run(shlex.split(hint), env=project.user.env, check=True)
    project.must("info")
    project.must(*ITEM)


@only_root
def test_templates_of_somebody_else_behind_a_link_are_refused(project: Living) -> None:
    theirs = project.user.cwd / "theirs"
    theirs.mkdir()
    give_away(theirs)
    (project.root / ".fastgen").mkdir(exist_ok=True)
    (project.root / ".fastgen/templates").symlink_to(theirs)
    refused(project, ".fastgen/templates")


@only_root
def test_a_project_of_somebody_else_above_is_refused(project: Living) -> None:
    deep = project.root / "mine/deep"
    deep.mkdir(parents=True)
    give_away(project.root)
    refused(project, "", cwd=deep)


@only_root
def test_who_became_root_by_sudo_keeps_what_is_theirs(project: Living) -> None:
    give_away(project.root)
    assert project.run("info", SUDO_UID=str(SOMEBODY)).code == 0
    assert project.run("info", SUDO_UID="4321").code == 1


@only_root
@pytest.mark.parametrize(
    ("values", "allowed"),
    [
        (["*"], True),
        (["{root}"], True),
        (["{above}/*"], True),
        (["{link}"], True),
        (["~/../{above.name}/shop"], True),
        (["*", ""], False),
        (["", "{root}"], True),
        (["{above}"], False),
        (["{root}/src"], False),
        (["shop"], False),
    ],
)
def test_gits_list_of_safe_folders_is_ours(
    project: Living, values: list[str], *, allowed: bool
) -> None:
    link = project.user.home / "link"
    link.symlink_to(project.root)
    above = project.root.parent
    give_away(project.root)
    for value in values:
        shown = value.format(root=project.root, above=above, link=link)
        project.user.git("config", "--global", "--add", "safe.directory", shown)
    assert project.run("info").code == (0 if allowed else 1)


@only_root
def test_the_list_of_the_system_counts_and_that_of_the_repository_does_not(
    project: Living, tmp_path: Path
) -> None:
    give_away(project.root)
    project.user.git("config", "--file", ".git/config", "safe.directory", "*", cwd=project.root)
    assert project.run("info").code == 1
    (tmp_path / "system").write_text("[safe]\ndirectory = *\n")
    system = {"GIT_CONFIG_NOSYSTEM": "0", "GIT_CONFIG_SYSTEM": str(tmp_path / "system")}
    assert project.user.run("info", cwd=project.root, env=system).code == 0


@pytest.mark.slow
@only_root
def test_a_recipe_of_somebody_else_above_does_not_hinder_a_new_project(cli: Cli) -> None:
    (cli.cwd / ".copier-answers.yml").write_text("_src_path: fastapi-fastgen\n_commit: 0.1.0\n")
    assert cli.run("new", "shop", "--yes", "--dry-run").code == 1
    give_away(cli.cwd / ".copier-answers.yml")
    assert cli.run("new", "shop", "--yes", "--dry-run").code == 0


def test_compiled_templates_are_in_the_users_cache(project: Living, tmp_path: Path) -> None:
    assert project.run(*ITEM, XDG_CACHE_HOME=str(tmp_path / "cache")).code == 0
    [kept] = (tmp_path / "cache").iterdir()
    assert kept.name == "fastgen"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o700
    assert list(kept.iterdir())


@pytest.mark.slow
def test_without_a_setting_the_cache_is_in_the_home_folder(project: Living) -> None:
    for value in ("", "relative"):
        assert project.run(*ITEM, "--dry-run", XDG_CACHE_HOME=value).code == 0
    assert list((project.user.home / ".cache/fastgen").iterdir())
    assert not (project.root / "relative").exists()


@pytest.mark.others_slow
@pytest.mark.parametrize("kind", ["link", "writable", "file"])
def test_a_cache_that_is_not_ours_alone_is_left_alone(
    project: Living, tmp_path: Path, kind: str
) -> None:
    victim, place = tmp_path / "victim", tmp_path / "cache/fastgen"
    victim.mkdir()
    victim.chmod(0o777)
    place.parent.mkdir()
    if kind == "link":
        place.symlink_to(victim)
    elif kind == "writable":
        place.mkdir()
        place.chmod(0o777)
    else:
        place.write_text("theirs")
    before = snapshot(tmp_path / "cache"), snapshot(victim), victim.stat().st_mode
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    (temporary / f"_jinja2-cache-{os.getuid()}").symlink_to(victim)
    env = {"XDG_CACHE_HOME": str(place.parent), "TMPDIR": str(temporary)}
    assert project.user.run(*ITEM, cwd=project.root, env=env).code == 0
    assert (snapshot(tmp_path / "cache"), snapshot(victim), victim.stat().st_mode) == before
