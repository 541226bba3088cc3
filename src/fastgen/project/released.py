"""Finds the migrations that databases outside of this clone may have, with git."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from fastgen.names import layout
from fastgen.project.migrations import Migration, heads
from fastgen.system import git
from fastgen.system.git import Git, GitError

# The names of a main branch, if the remote does not say which it is.
MAIN = ("main", "master")
ADDED = ("--no-renames", "--diff-filter=A", "--name-only", "--relative", "--format=%x00")


def paths(root: Path, known: Sequence[Migration]) -> set[str]:
    """Return the paths of the migrations among `known` that were released.

    They are those in a tag and those in the main branch of a remote; without one, those that the
    local main branch had when its history last had one head, as no other state of it can be
    released. Where git cannot tell, all are.
    """
    every = {one.path for one in known}
    if not git.available():
        return every
    repository = Git(root)
    try:
        published = _remote_mains(repository)
        found = {path for one in _added(repository, *published) for path in one}
        found |= _tagged(repository)
        return found if published else found | _of_local_main(repository, known)
    except GitError:
        return every


def _remote_mains(repository: Git) -> list[str]:
    """Return the main branch of each remote that has one here."""
    found = []
    for remote in repository.must("remote").split():
        names = (f"refs/remotes/{remote}/{name}" for name in ("HEAD", *MAIN))
        found += [name for name in names if _exists(repository, name)][:1]
    return found


def _exists(repository: Git, ref: str) -> bool:
    return not repository.run("rev-parse", "--verify", "--quiet", f"{ref}^{{commit}}").code


def _added(repository: Git, *arguments: str) -> Iterator[list[str]]:
    """Yield the migrations that each commit reached by `arguments` added, the newest first."""
    if not arguments:
        return
    command = ("-c", "core.quotePath=false", "log", *ADDED, *arguments, "--", layout.VERSIONS)
    for one in repository.must(*command).split("\0")[1:]:
        yield one.split("\n")


def _tagged(repository: Git) -> set[str]:
    tags = repository.must("for-each-ref", "--count=1", "refs/tags")
    found = _added(repository, "--tags") if tags else ()
    return {path for one in found for path in one}


def _of_local_main(repository: Git, known: Sequence[Migration]) -> set[str]:
    mains = [ref for name in MAIN if _exists(repository, ref := f"refs/heads/{name}")]
    if not mains:
        return {one.path for one in known}
    steps = list(_added(repository, "--first-parent", "-m", mains[0]))
    there = {path for one in steps for path in one}
    for step in steps:
        if len(heads(one for one in known if one.path in there)) <= 1:
            break
        there -= set(step)
    return there
