"""Finds the one line that puts two branches of migrations in a row."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from fastgen.names import layout
from fastgen.project.migrations import Migration, heads
from fastgen.system import git
from fastgen.system.git import Git, GitError

ADDED = ("log", "--format=", "--name-only", "--relative", "--diff-filter=A", "--", layout.VERSIONS)


def one_line(root: Path, known: Sequence[Migration]) -> str | None:
    """Return which `down_revision` to change if there are two heads, as after a rebase.

    It is on the newer branch, as databases may already have the older one.
    """
    ends = heads(known)
    if len(ends) != 2:  # noqa: PLR2004 - more are not one line
        return None
    by_revision = {one.revision: one for one in known}
    one, other = ((end, _line_of(end, by_revision)) for end in ends)
    branches = [
        (_firsts(one[1] - other[1], by_revision), other[0].revision),
        (_firsts(other[1] - one[1], by_revision), one[0].revision),
    ]
    newest = _newest_first(root, known)
    firsts, parent = min(branches, key=lambda branch: newest.index(branch[0][0].path))
    return f'down_revision = "{parent}" in {Path(firsts[0].path).name}'


def _line_of(end: Migration, by_revision: Mapping[str, Migration]) -> set[str]:
    """Return the revisions that lead to `end`, including its own."""
    found: set[str] = set()
    left = [end.revision]
    while left:
        revision = left.pop()
        if revision in by_revision and revision not in found:
            found.add(revision)
            left += by_revision[revision].parents
    return found


def _firsts(own: set[str], by_revision: Mapping[str, Migration]) -> list[Migration]:
    """Return the migrations among the revisions `own` that follow none of them."""
    return [by_revision[one] for one in sorted(own) if not own & {*by_revision[one].parents}]


def _newest_first(root: Path, known: Sequence[Migration]) -> list[str]:
    """Return the paths of all migrations: first those not yet in git, then the newest in git."""
    paths = sorted((one.path for one in known), reverse=True)
    try:
        committed = Git(root).must(*ADDED).split("\n") if git.available() else []
    except GitError:
        committed = []
    return [*(path for path in paths if path not in committed), *committed]
