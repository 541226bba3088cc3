"""Finds files that git cannot restore, which are not overwritten or deleted."""

import shlex
from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path

from fastgen.errors import Refused
from fastgen.slices import digests
from fastgen.system import git
from fastgen.system.git import Git, GitError

# Not `git diff`, which refreshes git's index: a dry run writes nothing.
NOT_FETCHING = ("-c", "protocol.allow=never")
# How far back the history of a file is searched.
VERSIONS = 50
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
            f"--force would lose uncommitted changes: {', '.join(lost)}",
            f'git add -f {names} && git commit -m "Keep my changes"'
            if is_kept(root)
            else "git init && git add . && git commit -m Start",
        )


def blob(root: Path, name: str, path: str) -> bytes | None:
    """Return the version of the file `path` with the id `name`, None if git does not have it.

    The id is that of the file with line feeds as line ends, in repositories with SHA-1; where git
    has other ids, versions in the history of the file are compared. In a partial clone nothing is
    fetched.
    """
    if not is_kept(root):
        return None
    repository = Git(root)
    found = _blob(repository, name)
    return found if found is not None else _by_content(repository, name, path)


def _by_content(repository: Git, name: str, path: str) -> bytes | None:
    """Return the version of `path` in its history that would have the id `name`, None if none."""
    raw = ("log", f"-{VERSIONS}", "--format=", "--raw", "--no-abbrev", "--no-renames", "-z")
    done = repository.run(*NOT_FETCHING, "--literal-pathspecs", *raw, "--", path)
    # Each change is told as `:MODE MODE ID ID STATUS`.
    ids = (one.split(" ")[2:4] for one in done.stdout.split("\0") if one.startswith(":"))
    for one in dict.fromkeys(id_ for pair in ids for id_ in pair if id_.strip("0")):
        content = _blob(repository, one)
        if content is not None and digests.blob(content.replace(b"\r\n", b"\n")) == name:
            return content
    return None


def _blob(repository: Git, name: str) -> bytes | None:
    done = repository.run(*NOT_FETCHING, "cat-file", "blob", name)
    return None if done.code else done.stdout.encode(errors="surrogateescape")
