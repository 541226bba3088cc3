"""The first commit: made where it can be, and told where it cannot."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

import support
from support import Cli, snapshot

FLAGS = ("--no-install",)


def fresh(tiny: Cli, *, ignores: str | None = None) -> Path:
    target = tiny.cwd / "myapi"
    target.mkdir()
    tiny.git("init", "-q", "-b", "trunk", cwd=target)
    (target / "LICENSE").write_text("theirs\n")
    (target / "README.md").write_text("theirs\n")
    if ignores is not None:
        (target / ".gitignore").write_text(ignores)
    return target


def tracked(tiny: Cli, project: Path) -> set[str]:
    return set(tiny.git("ls-files", cwd=project).splitlines())


def test_a_new_project_is_committed_on_main_without_its_secrets(tiny: Cli) -> None:
    report = tiny.run("new", "myapi", *FLAGS, "--json").json
    project = tiny.cwd / "myapi"
    assert tracked(tiny, project) == set(report["files"]) - {".env"}
    assert tiny.git("status", "--porcelain", cwd=project) == ""
    assert tiny.git("log", "--format=%D|%an|%s", cwd=project).startswith("HEAD -> main|Ada|Gener")
    key = (project / ".env").read_text().rpartition("SECRET_KEY=")[2].strip()
    assert len(key) > 50
    assert (project / ".env").stat().st_mode & 0o777 == 0o600
    assert key not in tiny.git("log", "-p", cwd=project)
    assert key not in (project / ".env.example").read_text()
    tiny.git("fsck", "--strict", cwd=project)


def test_two_projects_have_two_keys(tiny: Cli) -> None:
    for name in ("one", "two"):
        tiny.run("new", name, *FLAGS, "--no-git")
    one, two = ((tiny.cwd / name / ".env").read_text() for name in ("one", "two"))
    assert one != two


def test_a_fresh_repository_is_kept_and_committed_onto(tiny: Cli) -> None:
    target = fresh(tiny)
    tiny.git("add", "LICENSE", cwd=target)
    tiny.git("commit", "-qm", "Start", cwd=target)
    result = tiny.run("new", "myapi", *FLAGS)
    assert (result.code, result.err) == (0, "")
    assert (target / "README.md").read_text() == "theirs\n"
    assert tiny.git("log", "--format=%s", cwd=target).splitlines()[1:] == ["Start"]
    assert "pyproject.toml" in tracked(tiny, target)
    # It was there before us, and untracked: whether it is committed is not ours to say.
    assert tiny.git("status", "--porcelain", cwd=target) == "?? README.md\n"


def test_what_was_staged_stays_staged(tiny: Cli) -> None:
    target = fresh(tiny)
    tiny.git("add", "README.md", cwd=target)
    assert tiny.run("new", "myapi", *FLAGS).code == 0
    assert "README.md" not in tiny.git("show", "--stat", cwd=target)
    assert tiny.git("status", "--porcelain", cwd=target) == "A  README.md\n?? LICENSE\n"


def test_a_kept_gitignore_does_not_let_the_key_out(tiny: Cli) -> None:
    target = fresh(tiny, ignores="*.log\n")
    result = tiny.run("new", "myapi", *FLAGS)
    assert result.code == 0
    assert "your .gitignore was kept: add .env, .venv/ to it" in result.err
    assert (target / ".gitignore").read_text() == "*.log\n"
    tiny.git("add", "-A", cwd=target)
    assert ".env" not in tracked(tiny, target)


@pytest.mark.parametrize("repository", [True, False])
def test_nor_does_it_without_a_commit(tiny: Cli, repository: bool) -> None:
    if repository:
        target = fresh(tiny, ignores="*.log\n")
    else:
        target = tiny.cwd / "myapi"
        target.mkdir()
        (target / ".gitignore").write_text("*.log\n")
    result = tiny.run("new", "myapi", *FLAGS, "--no-git")
    assert result.code == 0
    assert "your .gitignore was kept" in result.err
    assert ".env" in result.err
    if repository:
        tiny.git("add", "-A", cwd=target)
        assert ".env" not in tracked(tiny, target)


def test_an_empty_folder_keeps_its_mode(tiny: Cli) -> None:
    (tiny.cwd / "myapi").mkdir(mode=0o700)
    assert tiny.run("new", "myapi", *FLAGS, "--no-git").code == 0
    assert (tiny.cwd / "myapi").stat().st_mode & 0o777 == 0o700


def test_a_gitignore_that_has_all_is_no_reason_for_a_note(tiny: Cli) -> None:
    (tiny.cwd / "myapi").mkdir()
    (tiny.cwd / "myapi" / ".gitignore").write_text("*.log\n.venv/\n.env\n")
    result = tiny.run("new", "myapi", *FLAGS, "--no-git")
    assert (result.code, result.err) == (0, "")


def test_no_git_means_no_repository(tiny: Cli) -> None:
    result = tiny.run("new", "myapi", *FLAGS, "--no-git")
    assert (result.code, result.err) == (0, "")
    assert not (tiny.cwd / "myapi" / ".git").exists()


def test_without_git_the_project_is_made_and_the_rest_told(tiny: Cli, tmp_path: Path) -> None:
    tools = tmp_path / "tools"
    tools.mkdir()
    result = tiny.run("new", "myapi", *FLAGS, env={"PATH": str(tools)})
    assert result.code == 0
    assert "note: not committed: git is not installed\n" in result.err
    assert f"later: cd {tiny.cwd}/myapi && git init -b main && git add ." in result.err
    assert (tiny.cwd / "myapi" / "pyproject.toml").exists()


def test_without_an_identity_there_is_no_commit(tiny: Cli) -> None:
    (tiny.home / ".gitconfig").write_text("")
    result = tiny.run("new", "myapi", *FLAGS)
    assert result.code == 0
    told = result.err.partition("note: not committed: git does not know your name: ")[2]
    assert not (tiny.cwd / "myapi" / ".git").exists()
    pasted, _, later = told.partition("\nnote: to do it later: ")
    subprocess.run(["sh", "-c", f"{pasted} && {later}"], cwd="/", env=tiny.env, check=True)
    assert "Add myapi" in tiny.git("log", cwd=tiny.cwd / "myapi")


def test_in_a_monorepo_the_outer_repository_is_left_alone(tiny: Cli) -> None:
    tiny.git("init", "-q")
    before = snapshot(tiny.cwd / ".git")
    result = tiny.run("new", "myapi", *FLAGS, "--output", "services/myapi")
    assert result.code == 0
    assert f"not committed: it is inside the repository {tiny.cwd}" in result.err
    assert "services/myapi && git add . && git commit -m 'Add myapi'\n" in result.err
    assert snapshot(tiny.cwd / ".git") == before


@pytest.mark.others_slow
@pytest.mark.parametrize("flag", ["--git", "--no-git"])
def test_in_a_monorepo_ci_is_told_to_be_inactive(
    tiny: Cli, retemplate: Callable[..., None], flag: str
) -> None:
    retemplate(files={**support.TINY_FILES, ".github/workflows/ci.yaml": "on: push\n"})
    flags = [*FLAGS, *([flag] if flag == "--no-git" else [])]
    assert "CI is" not in tiny.run("new", "alone", *flags).err
    tiny.git("init", "-q")
    note = f"CI is not active: GitHub reads only {tiny.cwd}/.github, not {tiny.cwd}/services/"
    assert (
        f"note: {note}myapi/.github\n"
        in tiny.run("new", "myapi", *flags, "--output", "services/myapi").err
    )
    report = tiny.run("new", "two", *flags, "--output", "services/two", "--json").json
    assert report["notes"] == [f"{note}two/.github"]


def test_without_ci_there_is_no_such_note(tiny: Cli) -> None:
    tiny.git("init", "-q")
    assert "CI is" not in tiny.run("new", "myapi", *FLAGS, "--output", "services/myapi").err


def test_foreign_git_variables_lead_nowhere(tiny: Cli, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    tiny.git("init", "-q", cwd=other)
    env = {"GIT_DIR": str(other / ".git"), "GIT_WORK_TREE": str(other)}
    assert tiny.run("new", "myapi", *FLAGS, env=env).code == 0
    assert "Generate myapi" in tiny.git("log", cwd=tiny.cwd / "myapi")
    assert not (other / ".git" / "index").exists()


@pytest.mark.parametrize(
    "name", ["GIT_COMMON_DIR", "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_QUARANTINE_PATH"]
)
def test_variables_of_a_running_git_command_do_no_harm(
    tiny: Cli, tmp_path: Path, name: str
) -> None:
    result = tiny.run("new", "myapi", *FLAGS, env={name: str(tmp_path)})
    assert (result.code, result.err) == (0, "")
    tiny.git("fsck", "--strict", cwd=tiny.cwd / "myapi")


def test_empty_variables_are_not_set(tiny: Cli) -> None:
    env = {"GIT_DIR": "", "GIT_AUTHOR_NAME": "", "GIT_CONFIG_GLOBAL": ""}
    assert tiny.run("new", "myapi", *FLAGS, env=env).code == 0
    assert tiny.git("log", "--format=%an", cwd=tiny.cwd / "myapi") == "Ada\n"


@pytest.mark.parametrize("into_repository", [False, True])
def test_a_refusing_hook_is_a_failed_step(tiny: Cli, into_repository: bool) -> None:
    hooks = tiny.home / "hooks"
    hooks.mkdir()
    hook = hooks / "pre-commit"
    hook.write_text("#!/bin/sh\necho 'not on Fridays' >&2\nexit 1\n")
    hook.chmod(0o755)
    tiny.git("config", "--global", "core.hooksPath", str(hooks))
    if into_repository:
        fresh(tiny)
    result = tiny.run("new", "myapi", *FLAGS)
    assert result.code == 3
    assert "note: not committed: git commit: not on Fridays\n" in result.err
    assert "note: to do it later: cd " in result.err
    project = tiny.cwd / "myapi"
    assert (project / ".git").exists() == into_repository
    if into_repository:
        assert "A " not in tiny.git("status", "--porcelain", cwd=project)


@pytest.mark.parametrize("entry", ["main.py", ".github", "README-old/x", "docs/x"])
def test_a_folder_with_anything_else_is_refused(tiny: Cli, entry: str) -> None:
    target = fresh(tiny)
    (target / entry).parent.mkdir(exist_ok=True)
    (target / entry).write_text("mine")
    before = snapshot(target)
    result = tiny.run("new", "myapi", *FLAGS)
    assert result.code == 1
    assert f"it contains {entry.split('/', maxsplit=1)[0]} " in result.err
    assert f"--output {target}-2\n" in result.err
    assert snapshot(target) == before


def test_a_file_in_the_way(tiny: Cli) -> None:
    (tiny.cwd / "myapi").write_text("mine")
    result = tiny.run("new", "myapi", *FLAGS)
    assert result.code == 1
    assert "myapi exists and is not a folder" in result.err
    below = tiny.run("new", "myapi", "--output", "myapi/below", *FLAGS)
    assert below.code == 1
    assert "myapi is not a folder" in below.err


def test_links(tiny: Cli, tmp_path: Path) -> None:
    (tiny.cwd / "myapi").symlink_to(tmp_path / "nowhere")
    result = tiny.run("new", "myapi", *FLAGS)
    assert result.code == 1
    assert "a broken link" in result.err
    (tiny.cwd / "loop").symlink_to(tiny.cwd / "loop")
    assert "a broken link" in tiny.run("new", "loop", *FLAGS).err
    (tmp_path / "nowhere").mkdir()
    result = tiny.run("new", "myapi", *FLAGS)
    assert (result.code, result.err) == (0, "")
    assert (tiny.cwd / "myapi").is_symlink()
    assert (tmp_path / "nowhere" / "pyproject.toml").exists()


def test_a_project_in_a_project_is_refused(tiny: Cli) -> None:
    tiny.run("new", "outer", *FLAGS)
    before = snapshot(tiny.cwd)
    for cwd, arguments in (
        (tiny.cwd, ("--output", "outer/inner")),
        (tiny.cwd / "outer" / "src", ("--output", "deep/inner")),
    ):
        result = tiny.run("new", "inner", *arguments, *FLAGS, cwd=cwd)
        assert result.code == 1
        assert f"is inside the fastgen project {tiny.cwd}/outer" in result.err
    assert snapshot(tiny.cwd) == before


def test_another_templates_project_is_no_obstacle(tiny: Cli) -> None:
    (tiny.cwd / ".copier-answers.yml").write_text("_src_path: gh:x/y\n_commit: v1\n")
    assert tiny.run("new", "myapi", *FLAGS).code == 0


@pytest.mark.slow
def test_the_umask_is_respected(tiny: Cli) -> None:
    process = tiny.start("new", "myapi", *FLAGS, "--no-git", preexec_fn=lambda: os.umask(0o027))
    process.communicate(timeout=60)
    project = tiny.cwd / "myapi"
    assert project.stat().st_mode & 0o777 == 0o750
    assert (project / "pyproject.toml").stat().st_mode & 0o777 == 0o640
    assert (project / ".env").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("name", ["dir with space", "dé", "a'b", "-dash"])
def test_output_may_be_any_folder(tiny: Cli, name: str) -> None:
    result = tiny.run("new", "myapi", f"--output={name}", *FLAGS)
    assert (result.code, result.err) == (0, "")
    assert (tiny.cwd / name / ".git" / "HEAD").exists()
