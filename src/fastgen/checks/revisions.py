"""Whether the migrations follow each other, one after the other."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from fastgen.checks.difference import Difference, history, quoted
from fastgen.project import migrations
from fastgen.project.migrations import FOLDER, MERGE, Migration
from fastgen.project.place import Project


def differences(project: Project, known: Sequence[Migration]) -> Iterator[Difference]:
    """Find several heads, migrations that follow none that is there, and two with one number."""
    heads = {head.revision: PurePosixPath(head.path).name for head in migrations.heads(known)}
    if len(heads) > 1:
        listed = ", ".join(f"{revision} ({name})" for revision, name in heads.items())
        yield Difference(FOLDER, f"there are {len(heads)} heads: {listed}", MERGE)
    if known and not heads:
        told = "each migration follows another: they go round in a circle"
        yield Difference(FOLDER, told, f"grep -rn ^down_revision {FOLDER}")
    by_revision: defaultdict[str, list[str]] = defaultdict(list)
    for one in known:
        by_revision[one.revision].append(one.path)
    for revision, paths in by_revision.items():
        if len(paths) > 1:
            told = f"the revision {revision} is that of {PurePosixPath(paths[0]).name} too"
            yield Difference(paths[-1], told, history(project, paths, f"diff {quoted(paths)}"))
    for one in known:
        for parent in sorted(set(one.parents) - by_revision.keys()):
            search = f"git log --all --oneline -S {quoted([parent])} -- {FOLDER}"
            yield Difference(one.path, f"it follows {parent}, which is not there", search)


def tables(known: Iterable[Migration], names: Iterable[str]) -> set[str]:
    """Return those of the tables `names` that are there after all migrations."""
    ordered = migrations.in_order(known)
    return {name for name in names if migrations.makes(_about(ordered, name), name)}


def _about(ordered: Iterable[Migration], table: str) -> list[Migration]:
    """Return the migrations that may be about `table`, each following the one before."""
    quoted = (f'"{table}"'.encode(), f"'{table}'".encode())
    found: list[Migration] = []
    for one in ordered:
        if any(text in one.source for text in quoted):
            found.append(replace(one, parents=(found[-1].revision,) if found else ()))
    return found
