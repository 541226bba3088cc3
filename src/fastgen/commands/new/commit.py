"""The first commit of a generated project."""

import os
import re
import shlex
from collections.abc import Sequence
from pathlib import Path

from fastgen import messages
from fastgen.placement import stage
from fastgen.system import git, interrupts
from fastgen.system.git import Git, GitError

BRANCH = "main"
IDENTIFY = (
    "git config --global user.name 'Your Name' && git config --global user.email you@example.org"
)
UNSIGNED = re.compile(r"\bsign|public key")
FROM_STDIN = ("--pathspec-from-file=-", "--pathspec-file-nul")
# Replaces the wildcards of a pattern, so that git can be asked about a path.
WILD = str.maketrans({"*": "x", "?": "x"})


def reason_against(project: Path) -> str | None:
    """Return why the project at `project` is not committed although nothing failed, else None.

    Raises `GitError`.
    """
    if not git.available():
        return "git is not installed"
    outer = git.joined_repository(project)
    if outer:
        return f"it is inside the repository {outer}"
    # If git cannot read its configuration, whether there is an identity is unknown.
    Git(project).must("config", "--list")
    if not Git(project).has_identity():
        return f"git does not know your name: {IDENTIFY}"
    return None


def later(project: Path, files: Sequence[str], refusal: str = "") -> str:
    """Return the command that commits all `files`, to be run in the folder `project`.

    Where possible it avoids `refusal`, the reason for which git refused the first commit.
    """
    unsigned = ["--no-gpg-sign"] if UNSIGNED.search(refusal) else []
    committing = messages.command(["git", "commit", *unsigned, "-m", f"Add {project.name}"])
    return f"{_adding(project, files)} && {committing}"


def _adding(project: Path, files: Sequence[str]) -> str:
    if git.has_repository(project) or git.joined_repository(project):
        ignored = sorted(Git(project).ignored(files)) if git.available() else []
        return "git add ." + (f" && git add --force {shlex.join(ignored)}" if ignored else "")
    everywhere = git.available() and Git(project).ignores_everywhere()
    option = f" -c core.excludesFile={os.devnull}" if everywhere else ""
    return f"git init -b {BRANCH} && git{option} add ."


def commit(
    project: Path, files: Sequence[str], message: str, aside: Path, ignore: Sequence[str]
) -> list[str]:
    """Commit `files` of `project`, in its repository or a new one.

    A new repository is created in the folder `aside` and moved into place once complete. Returns
    which of the patterns `ignore` had to be hidden. Raises `GitError` and leaves nothing behind.
    """
    if git.has_repository(project):
        repository = Git(project)
        hidden = hide(repository, ignore)
        _commit_onto(repository, files, message)
        return hidden
    with stage.opened(aside) as staged:
        made = staged.tree / "repository"
        Git(project).must("init", "-q", "-b", BRANCH, str(made))
        repository = Git(project, made / ".git")
        hidden = hide(repository, ignore)
        _add(repository, files)
        repository.must("commit", "-q", "-m", message)
        with interrupts.held():
            (made / ".git").rename(project / ".git")
    return hidden


def _commit_onto(repository: Git, files: Sequence[str], message: str) -> None:
    added = _add(repository, files)
    try:
        repository.must(
            "commit", "-q", "-m", message, "--only", *FROM_STDIN, stdin="\0".join(added)
        )
    except BaseException:
        with interrupts.held():
            arguments = ("rm", "-q", "--cached", "--ignore-unmatch", *FROM_STDIN)
            repository.run(*arguments, stdin="\0".join(added))
        raise


def _add(repository: Git, files: Sequence[str]) -> list[str]:
    added = sorted(set(files) - repository.tracked())
    if not added:
        raise GitError("git already has every file of the project")
    # Files that the user's or the clone's own rules ignore are part of the project all the same.
    repository.must("add", "--force", *FROM_STDIN, stdin="\0".join(added))
    return added


def hide(repository: Git, patterns: Sequence[str]) -> list[str]:
    """Add `patterns` to the exclude file of this clone, not to a file of the project.

    Returns those that were not ignored before. Raises `GitError` and `OSError`.
    """
    samples = {p: p.strip("/").translate(WILD) + ("/" if p.endswith("/") else "") for p in patterns}
    ignored = repository.ignored(samples.values())
    missing = [p for p in patterns if not p.startswith("!") and samples[p] not in ignored]
    if missing:
        path = repository.must("rev-parse", "--git-path", "info/exclude").strip()
        file = repository.work_tree / path
        file.parent.mkdir(parents=True, exist_ok=True)
        before = file.read_text(encoding="utf-8") if file.exists() else ""
        joint = "" if not before or before.endswith("\n") else "\n"
        file.write_text(before + joint + "".join(f"{p}\n" for p in missing), encoding="utf-8")
    return missing
