"""How much of public schemas the domains in this folder say as it is.

Of each original there are the columns besides its number key and its moments of creation and of the
last change, which every resource has, and the sets of columns that are unique, among them keys of
several columns. Whole numbers of 16 bits are `int`, and references are to number keys.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

from corpus import CORPUS, FOLDER, content
from fastgen.commands.new.first_resources import template_project
from fastgen.databases import BY_NAME
from fastgen.domain.mistakes import Mistakes
from fastgen.domain.resolving import resolved
from fastgen.fields.model import Field
from fastgen.slices.resource import USERS, Resource

TYPES = {"datetime": "timestamp", "smallint": "int", "real": "float"}
SET = "unique: "


@dataclass
class Table:
    """A table of a schema: its columns by name, and its sets of unique columns."""

    columns: dict[str, str] = field(default_factory=dict)
    sets: set[str] = field(default_factory=set)


Schema = dict[str, Table]


@cache
def original(name: str) -> Schema:
    """Return the schema as it is."""
    found: Schema = {}
    table = Table()
    for line in (FOLDER / "originals" / f"{name}.txt").read_text("utf-8").splitlines():
        if not line.startswith(" "):
            table = found.setdefault(line, Table())
        elif line.strip().startswith(SET):
            table.sets.add(line.strip().removeprefix(SET))
        else:
            column, kind, *rest = line.split()
            table.columns[column] = " ".join([TYPES.get(kind, kind), *rest])
    return found


@cache
def ours(name: str) -> Schema:
    """Return the schema that the domain says."""
    mistakes = Mistakes(name)
    with template_project(BY_NAME["postgresql"]) as project:
        wanted = resolved(project, content(name).encode(), mistakes).wanted
    mistakes.refuse()
    resources = {one.new.names.singular: one.new for one in wanted}
    return {one.new.names.table: _table(one.new, resources) for one in wanted}


def _table(resource: Resource, resources: dict[str, Resource]) -> Table:
    columns = {one.name: one.column for one in resource.fields}
    return Table(
        {one.column: _column(one, resources) for one in resource.fields},
        {", ".join(columns[name] for name in names) for names in resource.unique},
    )


def _column(one: Field, resources: dict[str, Resource]) -> str:
    names = resources[one.target].names if one.target in resources else USERS
    told = f"-> {names.table}" if one.target else _type(one)
    return told + " null" * one.optional + " unique" * one.unique


def _type(one: Field) -> str:
    match one.type:
        case "str":
            return f"varchar({one.length})"
        case "decimal":
            return f"numeric({one.precision},{one.scale})"
        case "enum":
            return f"enum({','.join(one.values)})"
        case "list":
            return "text[]"
    return TYPES.get(one.type, one.type)


def differing(name: str) -> Iterator[tuple[str, str]]:
    """Yield the table and the name of each column, or set of columns, that is not as it is."""
    said = ours(name)
    for table, there in original(name).items():
        now = said.get(table, Table())
        for column, told in there.columns.items():
            if now.columns.get(column) != told:
                yield table, column
        yield from ((table, f"unique ({one})") for one in there.sets - now.sets)


def shares() -> tuple[float, float]:
    """Return the shares of columns and of tables that are as in the originals."""
    columns = [(name, table, one) for name in CORPUS for table, one in _columns(name)]
    tables = {(name, table) for name in CORPUS for table in original(name)}
    lost = {(name, *one) for name in CORPUS for one in differing(name)}
    whole = tables - {(name, table) for name, table, _ in lost}
    return 1 - len(lost & {*columns}) / len(columns), len(whole) / len(tables)


def _columns(name: str) -> Iterator[tuple[str, str]]:
    for table, there in original(name).items():
        yield from ((table, column) for column in there.columns)
