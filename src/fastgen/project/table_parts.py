"""Reads the constraints and indexes of the tables in a module."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field

from fastgen.databases import Database
from fastgen.slices.database_names import cut
from fastgen.system import parsing
from fastgen.wiring.classes import assigned_names

KINDS = {
    "ForeignKey": "fk",
    "ForeignKeyConstraint": "fk",
    "Index": "ix",
    "UniqueConstraint": "uq",
    "CheckConstraint": "ck",
}
FLAGS = {"index": "ix", "unique": "uq"}


@dataclass(frozen=True, slots=True)
class Part:
    """A constraint or an index: its kind, its table, and its columns.

    Of a foreign key also what it refers to, such as `items.id`. Only the name of a check may be a
    part of the name in the database.
    """

    kind: str
    table: str
    columns: tuple[str, ...]
    node: ast.Call = field(compare=False)
    refers: str = ""
    name: str = ""

    def conventional(self, database: Database) -> str | None:
        """Return its name by the convention of the project, None if it was given one."""
        if self.kind == "ck":
            return cut(f"ck_{self.table}_{self.name}", database) if self.name else None
        referred = [self.refers.partition(".")[0]] if self.refers else []
        name = "_".join([self.kind, self.table, *self.columns, *referred])
        return None if self.name else cut(name, database)


def find(source: bytes) -> Iterator[Part]:
    """Yield the parts of all tables in `source`, of none if it cannot be parsed."""
    try:
        body = parsing.python_of(source).body
    except ValueError:
        return
    for node in body:
        if isinstance(node, ast.ClassDef):
            yield from _of_class(node)
        value = getattr(node, "value", None)
        if isinstance(value, ast.Call) and _called(value) == "Table" and _texts(value.args[:1]):
            yield from _of_table(_texts(value.args[:1])[0], value)


def _of_class(node: ast.ClassDef) -> Iterator[Part]:
    values = {name: one for one in node.body for name in assigned_names(one)}
    named = getattr(values.get("__tablename__"), "value", None)
    table = _texts([named])[0] if named and _texts([named]) else None
    for name, statement in values.items() if table else ():
        value = getattr(statement, "value", None)
        if name == "__table_args__" and value:
            for one in getattr(value, "elts", [value]):
                yield from _constraint(str(table), one)
        elif isinstance(value, ast.Call):
            yield from _column(str(table), name, value)


def _of_table(table: str, call: ast.Call) -> Iterator[Part]:
    for one in call.args:
        if isinstance(one, ast.Call) and _called(one) == "Column":
            yield from _column(table, "", one)
        else:
            yield from _constraint(table, one)


def _column(table: str, name: str, call: ast.Call) -> Iterator[Part]:
    column = next(iter(_texts(call.args[:1])), name)
    for one in call.args:
        if isinstance(one, ast.Call) and KINDS.get(_called(one)) == "fk":
            refers = next(iter(_texts(one.args[:1])), "")
            yield Part("fk", table, (column,), one, refers, _name(one))
    flags = {one.arg for one in call.keywords if getattr(one.value, "value", None) is True}
    if found := next((kind for flag, kind in FLAGS.items() if flag in flags), None):
        yield Part(found, table, (column,), call)


def _constraint(table: str, node: ast.expr) -> Iterator[Part]:
    kind = KINDS.get(_called(node)) if isinstance(node, ast.Call) else None
    if kind is None or not isinstance(node, ast.Call):
        return
    if kind == "fk":
        columns, targets = (_texts(getattr(one, "elts", [])) for one in node.args[:2])
        yield Part(kind, table, (*columns,), node, next(iter(targets), ""), _name(node))
    elif kind == "ix":
        named, columns = _texts(node.args[:1]), _texts(node.args[1:])
        yield Part(kind, table, (*columns,), node, name=next(iter(named), _name(node)))
    else:
        columns = _texts(node.args) if kind == "uq" else []
        name = "" if kind == "ck" and _is_whole(node) else _name(node)
        yield Part(kind, table, (*columns,), node, name=name)


def _called(call: ast.Call) -> str:
    return ast.unparse(call.func).rpartition(".")[2]


def _name(call: ast.Call) -> str:
    """Return the name that is given, `…` if it is an expression."""
    given = next((one.value for one in call.keywords if one.arg == "name"), None)
    return next(iter(_texts([given])), "…") if given else ""


def _is_whole(call: ast.Call) -> bool:
    """Whether the given name is the whole name in the database: `conv("ck_…")`."""
    given = next((one.value for one in call.keywords if one.arg == "name"), None)
    return isinstance(given, ast.Call) and _called(given) in {"conv", "f"}


def _texts(nodes: list[ast.expr]) -> list[str]:
    return [
        one.value for one in nodes if isinstance(one, ast.Constant) and isinstance(one.value, str)
    ]
