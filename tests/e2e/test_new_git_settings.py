"""The first commit is whole and made, or its reason told, whatever a person has set for git."""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from support import Cli

FLAGS = ("--no-install",)
# Lock files, READMEs and folders of the template.
IGNORES = "*.lock\nREADME*\nsrc\n.env*\n"
KEY = "no gpg key of that name, here or elsewhere"


def ignore_by_setting(tiny: Cli) -> None:
    (tiny.home / "ignore").write_text(IGNORES)
    tiny.git("config", "--global", "core.excludesFile", "~/ignore")


def ignore_by_default_file(tiny: Cli) -> None:
    file = tiny.home / ".config" / "git" / "ignore"
    file.parent.mkdir(parents=True)
    file.write_text(IGNORES)


def ignore_by_template(tiny: Cli) -> None:
    file = tiny.home / "template" / "info" / "exclude"
    file.parent.mkdir(parents=True)
    file.write_text(IGNORES)
    tiny.git("config", "--global", "init.templateDir", "~/template")


def ignore_by_kept_file(tiny: Cli) -> None:
    target = tiny.cwd / "myapi"
    target.mkdir()
    tiny.git("init", "-q", cwd=target)
    (target / ".gitignore").write_text(IGNORES)


WAYS = [ignore_by_setting, ignore_by_default_file, ignore_by_template, ignore_by_kept_file]


def type_later(tiny: Cli, err: str) -> None:
    """Type what was told to make the commit later, as it was printed."""
    command = err.partition("note: to do it later: ")[2].partition("\n")[0]
    subprocess.run(["sh", "-c", command], cwd="/", env=tiny.env, check=True)


def committed(tiny: Cli, project: Path) -> set[str]:
    return set(tiny.git("ls-tree", "-r", "--name-only", "HEAD", cwd=project).splitlines())


@pytest.mark.parametrize("ignore", WAYS)
def test_what_a_person_has_git_ignore_is_in_the_first_commit(
    tiny: Cli, ignore: Callable[[Cli], None]
) -> None:
    ignore(tiny)
    result = tiny.run("new", "myapi", *FLAGS, "--json")
    project = tiny.cwd / "myapi"
    assert result.code == 0
    assert committed(tiny, project) == set(result.json["files"]) - {".env"}
    assert any("git ignores" in note and "src in " in note for note in result.json["notes"])
    tiny.git("clone", "-q", str(project), "clone")
    assert (tiny.cwd / "clone" / "src" / "app" / "main.py").exists()


def test_so_it_is_after_the_command_that_is_told_for_later(tiny: Cli) -> None:
    ignore_by_setting(tiny)
    settings = (tiny.home / ".gitconfig").read_text()
    (tiny.home / ".gitconfig").write_text(settings.replace("name = Ada", ""))
    result = tiny.run("new", "myapi", *FLAGS)
    assert "not committed: git does not know your name" in result.err
    (tiny.home / ".gitconfig").write_text(settings)
    type_later(tiny, result.err)
    project = tiny.cwd / "myapi"
    assert {"src/app/main.py", "README.md"} < committed(tiny, project)
    assert ".env" not in committed(tiny, project)


def test_in_a_monorepo_that_ignores_some_of_it_the_told_command_adds_all(tiny: Cli) -> None:
    tiny.git("init", "-q")
    (tiny.cwd / ".gitignore").write_text(IGNORES)
    result = tiny.run("new", "myapi", *FLAGS)
    assert "it is inside the repository" in result.err
    type_later(tiny, result.err)
    assert {"src/app/main.py", "README.md", ".env.example"} < committed(tiny, tiny.cwd / "myapi")
    assert ".env" not in committed(tiny, tiny.cwd / "myapi")


@pytest.mark.parametrize("rule", ["*", "/scratch/", "scratch/my*"])
def test_a_repository_around_that_ignores_it_is_no_obstacle(tiny: Cli, rule: str) -> None:
    tiny.git("init", "-q")
    (tiny.cwd / ".gitignore").write_text(f"{rule}\n")
    result = tiny.run("new", "myapi", *FLAGS, "--output", "scratch/myapi", "--json")
    assert (result.code, result.json["notes"]) == (0, [])
    assert committed(tiny, tiny.cwd / "scratch" / "myapi") == set(result.json["files"]) - {".env"}
    assert "scratch" not in tiny.git("status", "--porcelain")


def test_nor_is_it_for_the_command_that_is_told_for_later(tiny: Cli) -> None:
    tiny.git("init", "-q")
    (tiny.cwd / ".gitignore").write_text("scratch/\n")
    (tiny.home / ".gitconfig").write_text("")
    result = tiny.run("new", "myapi", *FLAGS, "--output", "scratch/myapi")
    tiny.git("config", "--global", "user.name", "Ada")
    tiny.git("config", "--global", "user.email", "ada@example.org")
    type_later(tiny, result.err)
    assert "src/app/main.py" in committed(tiny, tiny.cwd / "scratch" / "myapi")


@pytest.mark.others_slow
@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"user.signingKey": KEY}, "gpg failed to sign the data"),
        ({"gpg.program": "/no/such/gpg"}, "cannot run /no/such/gpg"),
        ({"gpg.format": "ssh"}, "either user.signingkey or gpg.ssh.defaultKeyCommand needs"),
        ({"gpg.format": "ssh", "user.signingKey": "/no/key"}, "Couldn't load public key /no/key"),
    ],
)
@pytest.mark.parametrize("into_repository", [False, True])
def test_without_a_key_to_sign_with_the_reason_is_told(
    tiny: Cli, settings: dict[str, str], reason: str, into_repository: bool
) -> None:
    if {"gpg.format"} == set(settings) - {"user.signingKey"} and not shutil.which("ssh-keygen"):
        pytest.skip("needs ssh-keygen")
    tiny.env["LANGUAGE"] = "de"
    for name, value in {"commit.gpgSign": "true", **settings}.items():
        tiny.git("config", "--global", name, value)
    if into_repository:
        tiny.git("init", "-q", "myapi")
    result = tiny.run("new", "myapi", *FLAGS)
    assert result.code == 3
    told = result.err.partition("note: not committed: git commit: ")[2].partition("\n")[0]
    assert told.startswith(reason)
    type_later(tiny, result.err)
    assert "pyproject.toml" in committed(tiny, tiny.cwd / "myapi")


def test_settings_that_git_cannot_read_are_the_reason(tiny: Cli) -> None:
    (tiny.home / ".gitconfig").write_text("[user\n")
    result = tiny.run("new", "myapi", *FLAGS)
    assert result.code == 3
    assert "note: not committed: git config: bad config line 1 in file" in result.err


@pytest.mark.others_slow
@pytest.mark.parametrize(
    "setting",
    [
        "core.bare=true",
        "core.worktree=/elsewhere",
        "core.splitIndex=true",
        "core.sparseCheckout=true",
        "core.fsmonitor=true",
        "commit.template=/no/such/file",
        "commit.cleanup=verbatim",
        "init.templateDir=/no/such/folder",
        "init.defaultBranch=trunk",
        "status.showUntrackedFiles=no",
        "feature.manyFiles=true",
        "color.ui=always",
    ],
)
def test_other_settings_are_no_obstacle(tiny: Cli, setting: str) -> None:
    tiny.git("config", "--global", *setting.split("="))
    tiny.git("config", "--global", "core.autocrlf", "true")
    result = tiny.run("new", "myapi", *FLAGS, "--json")
    assert (result.code, result.err) == (0, "")
    (tiny.home / ".gitconfig").write_text("")
    assert committed(tiny, tiny.cwd / "myapi") == set(result.json["files"]) - {".env"}
