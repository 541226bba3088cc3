"""Finds the migrations that replaced those of a resource."""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import replace

from fastgen.project import migrations
from fastgen.project.migrations import Migration
from fastgen.project.resources import Entry
from fastgen.slices.resource import Resource


def squashed(entry: Entry, history: Sequence[Migration]) -> Entry:
    """Return `entry` with the migrations that replaced its own, if all its columns are there."""
    revisions = {one.revision for one in history}
    kept = [one for one in entry.revisions if one in revisions]
    made = migrations.makes(history, entry.resource.names.table)
    if made is None or len(kept) == len(entry.revisions):
        return entry
    columns = {column for one in history for column in _columns(one, entry.resource)}
    if not {one.column for one in entry.resource.fields} <= columns:
        return entry
    return replace(entry, revisions=(*dict.fromkeys([made.revision, *kept]),))


def _columns(migration: Migration, resource: Resource) -> Iterator[str]:
    """Yield the columns that `migration` gives the table of `resource`."""
    table = resource.names.table
    if f'"{table}"'.encode() not in migration.source:
        return
    for call, texts in calls(migration):
        if call == "create_table" and texts[:1] == [table]:
            yield from texts[1:]
        elif call in {"add_column", "alter_column"}:
            yield from texts


def calls(migration: Migration) -> Iterator[tuple[str, list[str]]]:
    """Yield the calls in `upgrade`, each with all texts in it."""
    for function in migrations.tree(migration.source).body:
        if isinstance(function, ast.FunctionDef) and function.name == "upgrade":
            for node in ast.walk(function):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                    inner = (one for one in ast.walk(node) if isinstance(one, ast.Constant))
                    yield node.func.attr, [str(one.value) for one in inner]
