"""Puts branches of migrations one after the other, as after a merge or a rebase."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import permutations
from pathlib import Path

from fastgen.changes.plan import Edit
from fastgen.names import layout
from fastgen.project import released
from fastgen.project.migrations import IDENTIFIER, Migration, heads
from fastgen.system import git
from fastgen.system.git import Git, GitError
from fastgen.wiring.down_revisions import follow
from fastgen.wiring.results import Edited

ADDED = ("log", "--format=", "--name-only", "--relative", "--diff-filter=A", "--", layout.VERSIONS)
WHY = "the order of the migrations"


@dataclass(frozen=True, slots=True)
class Row:
    """The edits after which the history has one head, unless `merged` revisions are left to merge.

    The notes tell databases apart that have a moved migration already.
    """

    edits: tuple[Edit, ...] = ()
    merged: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Move:
    """A branch of migrations that goes behind another: its revisions, and the first of them."""

    end: Migration
    own: frozenset[str]
    firsts: tuple[Migration, ...]
    behind: Migration


def in_a_row(root: Path, known: Sequence[Migration]) -> Row:
    """Return how the branches of the history `known` get one head.

    A branch of which nothing was released goes behind another, the newer one if both could.
    Returns nothing to do for a history with one head, or with a missing or an ambiguous revision.
    """
    if len(heads(known)) <= 1 or not is_whole(known):
        return Row()
    kept, newest = released.paths(root, known), _newest_first(root, known)
    now = {one.revision: one for one in known}
    notes = []
    while move := _next(now, kept, newest):
        for first in move.firsts:
            now[first.revision] = _behind(first, move.behind.revision) or first
        notes.append(_note(move))
    before = {one.path: one.source for one in known}
    edits = (
        Edit(one.path, before[one.path], one.source, WHY)
        for one in now.values()
        if one.source != before[one.path]
    )
    ends = sorted(one.revision for one in heads(now.values()))
    return Row(tuple(edits), tuple(ends) if len(ends) > 1 else (), tuple(notes))


def is_whole(known: Sequence[Migration]) -> bool:
    """Whether each revision in the history `known` is one migration, and none is missing."""
    revisions = {one.revision for one in known}
    parents = {parent for one in known for parent in one.parents}
    readable = all(map(IDENTIFIER.fullmatch, revisions))
    return len(revisions) == len(known) and parents <= revisions and readable


def _next(now: dict[str, Migration], kept: set[str], newest: Sequence[str]) -> Move | None:
    """Return the next branch to move: none if all that remain were released."""
    pairs = permutations(heads(now.values()), 2)
    moves = [
        one
        for one in (_move(now, end, behind) for end, behind in pairs)
        if not any(now[revision].path in kept for revision in one.own)
        and all(_behind(first, one.behind.revision) for first in one.firsts)
    ]
    return min(moves, key=lambda one: newest.index(one.firsts[0].path), default=None)


def _move(now: dict[str, Migration], end: Migration, behind: Migration) -> Move:
    own = frozenset(_line_of(end, now) - _line_of(behind, now))
    firsts = (now[one] for one in sorted(own) if not own & {*now[one].parents})
    return Move(end, own, tuple(firsts), behind)


def _line_of(end: Migration, now: dict[str, Migration]) -> set[str]:
    """Return the revisions that lead to `end`, including its own."""
    found: set[str] = set()
    left = [end.revision]
    while left:
        revision = left.pop()
        if revision not in found:
            found.add(revision)
            left += now[revision].parents
    return found


def _behind(migration: Migration, parent: str) -> Migration | None:
    """Return `migration` following `parent`, None if its source cannot be edited safely."""
    result = follow(migration.source, parent)
    if not isinstance(result, Edited):
        return None
    return replace(migration, parents=(parent,), source=result.source)


def _note(move: Move) -> str:
    names = " and ".join(Path(one.path).name for one in move.firsts)
    parents = sorted({parent for one in move.firsts for parent in one.parents})
    [back, *_] = [*parents, "base"]
    end, behind = move.end.revision, move.behind.revision
    steps = (f"stamp {back}", f"upgrade {behind}", f"stamp {end}")
    commands = " && ".join(f"uv run alembic {one}" for one in steps)
    return f"{names} now follows {behind}; for a database that already has it: {commands}"


def _newest_first(root: Path, known: Sequence[Migration]) -> list[str]:
    """Return the paths of all migrations: first those not yet in git, then the newest in git."""
    paths = sorted((one.path for one in known), reverse=True)
    try:
        committed = Git(root).must(*ADDED).split("\n") if git.available() else []
    except GitError:
        committed = []
    return [*(path for path in paths if path not in committed), *committed]
