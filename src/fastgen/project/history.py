"""What git can bring back: the only things that may be overwritten or lost."""

import shlex
from collections.abc import Collection, Iterable
from pathlib import Path

from fastgen import git
from fastgen.errors import Refused
from fastgen.git import Git, GitError

# Not `git diff` and the like, which bring git's index up to date: a dry run writes nothing.
STAGED = ("diff-index", "--cached", "--name-only", "--relative", "-z", "HEAD")


def uncommitted(root: Path, paths: Collection[str]) -> set[str]:
    """Return those of `paths` whose content git does not have; all of them without git."""
    if not paths or not git.available():
        return set(paths)
    try:
        tracked = _listed(root, paths, "ls-files", "-z")
        edited = _listed(root, paths, "ls-files", "--modified", "-z")
        staged = _listed(root, paths, *STAGED)
    except GitError:
        return set(paths)
    return set(paths) - tracked | edited | staged


def _listed(root: Path, paths: Collection[str], *command: str) -> set[str]:
    done = Git(root).must("--literal-pathspecs", *command, "--", *paths)
    return set(done.split("\0")) - {""}


def is_kept(root: Path) -> bool:
    """Whether the project at `root` is in a repository at all."""
    return git.available() and (
        git.has_repository(root) or git.enclosing_repository(root) is not None
    )


def refuse_to_lose(root: Path, paths: Iterable[str]) -> None:
    """Raise `Refused` when overwriting `paths` would lose what git does not have."""
    lost = sorted(uncommitted(root, list(paths)))
    if lost:
        names = " ".join(map(shlex.quote, lost))
        raise Refused(
            f"--force would lose what is not committed: {', '.join(lost)}",
            f'git add -f {names} && git commit -m "Keep my changes"'
            if is_kept(root)
            else "git init && git add . && git commit -m Start",
        )
