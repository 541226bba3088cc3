"""Finds code of people that uses old names of renamed tables and columns.

The migration renames what fastgen created. Constraints and indexes that people added keep their
names in the database, while the naming convention of the models now gives them others; and foreign
keys refer to a table by its name.
"""

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from fastgen.changes.plan import Manual
from fastgen.engine.files import Rendered
from fastgen.engine.staged import Staged
from fastgen.names import layout
from fastgen.project import sources, table_parts
from fastgen.project.table_parts import Part


@dataclass(frozen=True, slots=True)
class Before:
    """The old names of tables, and of the columns of each table by its new name."""

    tables: Mapping[str, str]
    columns: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def column(self, table: str, name: str) -> str:
        """Return the old name of the column `name` of the `table`."""
        return self.columns.get(table, {}).get(name, name)

    def reference(self, refers: str) -> str:
        """Return the old name of `refers`, such as `items.id`."""
        table, _, column = refers.partition(".")
        old = f"{self.tables.get(table, table)}.{self.column(table, column)}"
        return old if column else refers

    def part(self, part: Part) -> Part:
        """Return `part` with its old names."""
        columns = tuple(self.column(part.table, name) for name in part.columns)
        table = self.tables.get(part.table, part.table)
        return replace(part, table=table, columns=columns, refers=self.reference(part.refers))

    @property
    def renamed(self) -> dict[str, str]:
        """The new names of references, by their old ones; the ids of tables stay ids."""
        keys = [f"{table}.id" for table in self.tables]
        keys += [f"{table}.{name}" for table, names in self.columns.items() for name in names]
        return {old: key for key in keys if (old := self.reference(key)) != key}


def left(project: Staged, slices: Sequence[Rendered]) -> Iterator[Manual]:
    """Yield a manual step for each constraint and index whose name, or reference, is another."""
    before = _before(slices)
    renamed = before.renamed
    if not renamed:
        return
    made = [one for both in slices for one in (both.base, both.theirs) if one]
    paths = {path for one in made for path in one.files}
    # Also where a file has more than one slice, or a conflict.
    ours = {part for one in made for text in one.files.values() for part in table_parts.find(text)}
    words = {table for old, new in renamed.items() for table in (old, new.partition(".")[0])}
    found = {
        project.places.usual(path)
        for path in sources.mentioning(project.root, layout.APP, words, {layout.VERSIONS})
    }
    for path in sorted(found | paths):
        for part in table_parts.find(project.read(path) or b""):
            if part not in ours:
                yield from _told(project, path, part, before, renamed)


def _before(slices: Sequence[Rendered]) -> Before:
    tables: dict[str, str] = {}
    columns: dict[str, dict[str, str]] = {}
    for change in (one.change for one in slices):
        if change.old and change.new:
            old, new = change.old.names.table, change.new.names.table
            if old != new:
                tables[new] = old
            if change.renamed:
                columns[new] = {now: before for before, now in change.renamed.items()}
    return Before(tables, columns)


def _told(
    project: Staged, path: str, part: Part, before: Before, renamed: Mapping[str, str]
) -> Iterator[Manual]:
    node, where = part.node, f"line {part.node.lineno}"
    now = replace(part, refers=renamed.get(part.refers, part.refers))
    old = before.part(now)
    name = old.conventional(project.database)
    still = f"its name in the database is still {name}: use this name, or rename it in a migration"
    other = name and name != now.conventional(project.database)
    if now != part:
        told = f"{where} refers to {part.refers}, which is now {now.refers}"
        text = ast.unparse(node).replace(part.refers, now.refers)
        better = f'{text[:-1]}, name="{name}")' if other else text
        yield Manual(path, better, f"{told}; {still}" if other else told)
    elif other:
        yield Manual(path, ast.unparse(node), f"{where}: {still}")
