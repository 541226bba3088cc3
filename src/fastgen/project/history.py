"""What git can restore: only that may be overwritten or deleted."""

import shlex
from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path

from fastgen.errors import Refused
from fastgen.system import git
from fastgen.system.git import Git, GitError

# Not `git diff`, which refreshes git's index: a dry run writes nothing.
STAGED = ("diff-index", "--cached", "--name-only", "--relative", "-z", "HEAD")


def uncommitted(root: Path, paths: Collection[str]) -> set[str]:
    """Return which of `paths` have content that is not in git; all of them without git."""
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


def is_new(root: Path, path: str) -> bool:
    """Whether the file `path` is not in the last commit; False where git cannot say."""
    if not is_kept(root):
        return False
    repository = Git(root)
    try:
        if repository.run("rev-parse", "--verify", "--quiet", "HEAD").code:
            return True
        return not repository.must("--literal-pathspecs", "ls-tree", "HEAD", "--", path)
    except GitError:
        return False


def is_kept(root: Path) -> bool:
    """Whether the project at `root` is in a repository."""
    return git.available() and (
        git.has_repository(root) or git.enclosing_repository(root) is not None
    )


def restoring(root: Path, path: str, is_good: Callable[[bytes], bool]) -> str | None:
    """Return the command that restores a good version of the file `path` without losing edits.

    Returns None if git has no good version.
    """
    quoted = shlex.quote(path)
    if not git.available():
        return None
    repository = Git(root)
    literal = "--literal-pathspecs"
    try:
        if repository.must(literal, "ls-files", "--unmerged", "--", path):
            return f"git checkout --ours -- {quoted}"
        told = repository.must(literal, "log", "-20", "--format=%h", "--", path).split()
        is_edited = bool(repository.must(literal, "ls-files", "--modified", "--", path))
        good = next((one for one in told if is_good(_content(repository, one, path))), None)
    except GitError:
        return None
    if good and good == told[0] and is_edited and (root / path).exists():
        return f"git stash push -- {quoted}"
    return f"git checkout {good} -- {quoted}" if good else None


def _content(repository: Git, commit: str, path: str) -> bytes:
    return repository.run("show", f"{commit}:./{path}").stdout.encode(errors="surrogateescape")


def losing(root: Path, paths: Iterable[str]) -> Iterator[Refused]:
    """Yield an error if overwriting `paths` would lose content that is not in git."""
    lost = sorted(uncommitted(root, list(paths)))
    if lost:
        names = " ".join(map(shlex.quote, lost))
        yield Refused(
            f"--force would lose what is not committed: {', '.join(lost)}",
            f'git add -f {names} && git commit -m "Keep my changes"'
            if is_kept(root)
            else "git init && git add . && git commit -m Start",
        )


def blob(root: Path, name: str) -> bytes | None:
    """Return the file to which git at `root` gives the id `name`, None if it is not there.

    In a partial clone it is not fetched.
    """
    if not is_kept(root):
        return None
    done = Git(root).run("-c", "protocol.allow=never", "cat-file", "blob", name)
    return None if done.code else done.stdout.encode(errors="surrogateescape")
