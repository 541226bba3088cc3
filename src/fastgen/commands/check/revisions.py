"""Checks that the migrations are in a row."""

import contextlib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from fastgen.commands.check.difference import Difference, quoted
from fastgen.names import layout
from fastgen.project import branches, migrations
from fastgen.project.migrations import MERGE, Migration
from fastgen.project.project import Project
from fastgen.system.git import Git, GitError


def differences(project: Project, known: Sequence[Migration]) -> Iterator[Difference]:
    """Find several heads, missing parents, cycles, and duplicate revisions."""
    heads = {head.revision: PurePosixPath(head.path).name for head in migrations.heads(known)}
    if len(heads) > 1:
        listed = ", ".join(f"{revision} ({name})" for revision, name in heads.items())
        told = f"there are {len(heads)} heads: {listed}"
        if line := branches.one_line(project.root, known):
            told += f"; after a rebase, one line puts them in a row instead: {line}"
        yield Difference(layout.VERSIONS, told, MERGE)
    if known and not heads:
        told = "each migration follows another: they form a cycle"
        yield Difference(layout.VERSIONS, told, f"grep -rn ^down_revision {layout.VERSIONS}")
    by_revision: defaultdict[str, list[str]] = defaultdict(list)
    for one in known:
        by_revision[one.revision].append(one.path)
    for revision, paths in by_revision.items():
        if len(paths) > 1:
            told = f"the revision {revision} is also that of {PurePosixPath(paths[0]).name}"
            aside = quoted([paths[-1], f"{paths[-1]}.other"])
            yield Difference(paths[-1], told, f"mv {aside}")
    for one in known:
        for parent in sorted(set(one.parents) - by_revision.keys()):
            told = f"it follows {parent}, which does not exist"
            yield Difference(one.path, told, bringing_back(project, parent))


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
