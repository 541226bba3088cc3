"""Checks that the migrations form one line."""

import contextlib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from fastgen.changes.plan import Change
from fastgen.commands.check.difference import Difference, quoted
from fastgen.errors import Refused
from fastgen.names import layout
from fastgen.project import branches, migrations
from fastgen.project.migrations import FIX, Migration
from fastgen.project.project import Project
from fastgen.slices.finish import finish
from fastgen.slices.render import Renderer
from fastgen.system.git import Git, GitError


def differences(project: Project, known: Sequence[Migration]) -> Iterator[Difference]:
    """Find several heads, missing parents, cycles, and duplicate revisions."""
    heads = {head.revision: PurePosixPath(head.path).name for head in migrations.heads(known)}
    if len(heads) > 1 and branches.is_whole(known):
        listed = ", ".join(f"{revision} ({name})" for revision, name in heads.items())
        yield Difference(layout.VERSIONS, f"there are {len(heads)} heads: {listed}", FIX)
    if known and not heads:
        told = "each migration follows another: they form a cycle"
        yield Difference(layout.VERSIONS, told, f"grep -rn ^down_revision {layout.VERSIONS}")
    by_revision: defaultdict[str, list[str]] = defaultdict(list)
    for one in known:
        by_revision[one.revision].append(one.path)
    for revision, paths in by_revision.items():
        if len(paths) > 1:
            told = f"the revision {revision} is also the one of {PurePosixPath(paths[0]).name}"
            aside = quoted([paths[-1], f"{paths[-1]}.other"])
            yield Difference(paths[-1], told, f"mv {aside}")
    for one in known:
        for parent in sorted(set(one.parents) - by_revision.keys()):
            told = f"it follows {parent}, which does not exist"
            yield Difference(one.path, told, bringing_back(project, parent))


def in_a_row(project: Project) -> tuple[list[Change], tuple[str, ...]]:
    """Return the changes after which the history of `project` has one head, and notes about them.

    Nothing for a history that cannot be read.
    """
    try:
        found = branches.in_a_row(project.root, migrations.load(project.root))
    except Refused:
        return [], ()
    if not found.merged:
        return [*found.edits], found.notes
    merging = Renderer(project.root).merging(found.merged)
    [made] = finish(project.root, [{merging.path: merging.text}])
    return [*found.edits, *migrations.created(project.root, made.files)], found.notes


def bringing_back(project: Project, revision: str) -> str:
    """Return the command that restores the migration `revision`, or one that searches for it."""
    search = ("log", "--all", "-1", "--diff-filter=AM", "--format=%h", "--name-only", "--relative")
    looked_for = f"-G^revision\\b.*{re.escape(revision)}", "--", layout.VERSIONS
    with contextlib.suppress(GitError, ValueError, OSError):
        commit, path = Git(project.root).must(*search, *looked_for).split()
        return f"git checkout {commit} -- {quoted([path])}"
    return f"git log --all --oneline -S {quoted([revision])} -- {layout.VERSIONS}"


def tables(known: Iterable[Migration], names: Iterable[str]) -> set[str]:
    """Return which of the tables `names` exist after all migrations."""
    ordered = migrations.in_order(known)
    return {name for name in names if migrations.makes(_about(ordered, name), name)}


def _about(ordered: Iterable[Migration], table: str) -> list[Migration]:
    """Return the migrations that may concern `table`, in order."""
    quoted = (f'"{table}"'.encode(), f"'{table}'".encode())
    found: list[Migration] = []
    for one in ordered:
        if any(text in one.source for text in quoted):
            found.append(replace(one, parents=(found[-1].revision,) if found else ()))
    return found
