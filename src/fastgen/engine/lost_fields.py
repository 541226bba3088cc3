"""Finds uses of removed and renamed fields in code that people wrote."""

import ast
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from fastgen.changes.plan import Manual
from fastgen.engine.changes import Change
from fastgen.engine.files import Rendered
from fastgen.engine.staged import Staged
from fastgen.messages import lines_that
from fastgen.names import attributes, layout
from fastgen.project import sources
from fastgen.slices.resource import Resource
from fastgen.system import parsing

# Calls whose keywords are names of fields, besides those of the slice's classes.
BY_FIELD = {"values", "filter_by"}
# Calls with SQL in their texts.
OF_SQL = {"CheckConstraint", "text", "literal_column"}


@dataclass(frozen=True, slots=True)
class Fields:
    """The names that a resource no longer has, each with its new one or "", and its classes."""

    new_names: Mapping[str, str]
    classes: frozenset[str]
    constant: str
    # Variables that hold rows of something else.
    others: frozenset[str]


Use = tuple[ast.expr | ast.keyword, str]


def left(project: Staged, slices: Sequence[Rendered], told: Collection[str]) -> Iterator[Manual]:
    """Yield a manual step for each such name in each file, except those `told` already."""
    for one in slices:
        fields = _fields(one.change)
        if fields is None or not fields.new_names or one.theirs is None:
            continue
        slice_ = one.theirs.files
        for path, rendered in slice_.items():
            source = project.read(path)
            if source is not None and source != rendered and path not in told:
                usual = {name for _, name in _in_slice(rendered, fields)}
                uses = [use for use in _in_slice(source, fields) if use[1] not in usual]
                yield from _told(path, uses, fields)
        for path in _mentioning(project, fields.classes):
            if path not in slice_ and path not in told:
                uses = [*_elsewhere(project.read(path) or b"", fields)]
                yield from _told(path, uses, fields)


def _fields(change: Change) -> Fields | None:
    old, new = change.old, change.new
    if old is None or new is None:
        return None
    gone = _names(old) - _names(new)
    targets = {one.target or "" for one in (*old.references, *new.references)}
    return Fields(
        {name: change.renamed.get(name, "") for name in gone},
        frozenset({old.names.cls, new.names.cls}),
        new.names.plural.upper(),
        frozenset(targets - {new.names.singular}),
    )


def _names(resource: Resource) -> set[str]:
    names = {name for one in resource.fields for name in (one.column, one.attribute)}
    return names | {attributes.of_relation(one.name) for one in resource.references}


def _mentioning(project: Staged, words: Collection[str]) -> Iterator[str]:
    found = {
        project.places.usual(path)
        for folder in (layout.SOURCES, layout.TESTS)
        for path in sources.mentioning(project.root, folder, words, {layout.VERSIONS})
    }
    yield from sorted(path for path in found if path.endswith(".py"))


def _in_slice(source: bytes, fields: Fields) -> Iterator[Use]:
    """Yield the uses in a file of the slice: attributes, keywords and whole texts."""
    tree = _tree(source)
    called = {id(one.func) for one in ast.walk(tree) if isinstance(one, ast.Call)}
    imported = {
        alias.asname or alias.name.partition(".")[0]
        for one in ast.walk(tree)
        if isinstance(one, ast.Import | ast.ImportFrom)
        for alias in one.names
    }
    names = fields.new_names
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in names and id(node) not in called:
            root = _root(node)
            own = root in fields.classes or root == fields.constant
            if own or not (root in imported or root in fields.others or root.isupper()):
                yield node, node.attr
        elif isinstance(node, ast.Call):
            yield from _in_call(node, fields)
        elif isinstance(node, ast.Constant) and node.value in names:
            yield node, str(node.value)


def _elsewhere(source: bytes, fields: Fields) -> Iterator[Use]:
    """Yield the uses in another file, as attributes of the class, also in texts."""
    called = "|".join(map(re.escape, fields.classes))
    text = re.compile(rf"\b(?:{called})\.({'|'.join(fields.new_names)})\b")
    for node in ast.walk(_tree(source)):
        if isinstance(node, ast.Attribute) and node.attr in fields.new_names:
            if isinstance(node.value, ast.Name) and node.value.id in fields.classes:
                yield node, node.attr
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from ((node, name) for name in text.findall(node.value))


def _tree(source: bytes) -> ast.Module:
    """Return the tree without docstrings, an empty one for what cannot be parsed."""
    try:
        tree = parsing.python_of(source)
    except ValueError:
        return ast.Module([], [])
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            node.value.value = None
    return tree


def _root(node: ast.Attribute) -> str:
    value = node.value
    while isinstance(value, ast.Attribute):
        value = value.value
    return value.id if isinstance(value, ast.Name) else ""


def _in_call(call: ast.Call, fields: Fields) -> Iterator[Use]:
    """Yield the keywords that are names of fields, and the names in SQL."""
    name = ast.unparse(call.func).rpartition(".")[2]
    if name in BY_FIELD or name.startswith(tuple(fields.classes)):
        yield from ((one, str(one.arg)) for one in call.keywords if one.arg in fields.new_names)
    for one in call.args if name in OF_SQL else ():
        if isinstance(one, ast.Constant) and isinstance(one.value, str):
            words = {*re.findall(r"\w+", one.value)} - {one.value}
            yield from ((one, word) for word in fields.new_names if word in words)


def _told(path: str, uses: Sequence[Use], fields: Fields) -> Iterator[Manual]:
    for name in dict.fromkeys(name for _, name in uses):
        nodes = sorted((node for node, one in uses if one == name), key=lambda one: one.lineno)
        lines = [*dict.fromkeys(node.lineno for node in nodes)]
        new = fields.new_names[name]
        now = f"is now {new}" if new else "no longer exists"
        told = f"{lines_that('still use', lines)} {name}, which {now}"
        yield Manual(path, ast.unparse(nodes[0]), told)
