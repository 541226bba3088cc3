"""Resolves the names of a module by its imports."""

import ast
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from fastgen.system import parsing
from fastgen.wiring.source import blocks

Import = ast.Import | ast.ImportFrom


@dataclass(frozen=True, slots=True)
class Binding:
    """A name that an import statement in `block` binds, and its dotted path."""

    block: list[ast.stmt]
    statement: Import
    alias: ast.alias
    local: str
    path: str

    @property
    def target(self) -> str:
        """The path that the statement loads: `a.b` for `import a.b`, which binds `a`."""
        return self.alias.name if isinstance(self.statement, ast.Import) else self.path


def bindings(tree: ast.AST, here: str) -> list[Binding]:
    """Return the bindings of all imports of `tree`, the module called `here`, except `*`."""
    return [
        binding
        for _, block in blocks(tree)
        for statement in block
        if isinstance(statement, Import)
        for binding in _bound(block, statement, here)
    ]


def _bound(block: list[ast.stmt], statement: Import, here: str) -> Iterator[Binding]:
    for alias in statement.names:
        if isinstance(statement, ast.Import):
            local = alias.asname or alias.name.partition(".")[0]
            path = alias.name if alias.asname else local
            yield Binding(block, statement, alias, local, path)
        elif alias.name != "*":
            path = f"{source_module(statement, here)}.{alias.name}"
            yield Binding(block, statement, alias, alias.asname or alias.name, path)


def source_module(statement: ast.ImportFrom, here: str) -> str:
    """Return the absolute name of the module that `statement` in the module `here` imports from."""
    if not statement.level:
        return statement.module or ""
    package = here.split(".")[: -statement.level]
    return ".".join([*package, *filter(None, [statement.module])])


def paths(expression: ast.expr, bound: Iterable[Binding]) -> set[str]:
    """Return the dotted paths that `expression` can mean; empty if it is not a name."""
    if isinstance(expression, ast.Name):
        return {binding.path for binding in bound if binding.local == expression.id}
    if isinstance(expression, ast.Attribute):
        return {f"{path}.{expression.attr}" for path in paths(expression.value, bound)}
    return set()


def taken(tree: ast.AST) -> set[str]:
    """Return every name that `tree` binds, in any scope."""
    found: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()) | ast.arg(arg=name):
                found.add(name)
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                found.add(node.name)
            case ast.alias(name=name, asname=asname):
                found.add(asname or name.partition(".")[0])
            case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)):
                found.add(name)
            case ast.MatchStar(name=str(name)) | ast.MatchMapping(rest=str(name)):
                found.add(name)
            case ast.Global(names=names) | ast.Nonlocal(names=names):
                found.update(names)
            case _:
                pass
    return found


def uses(tree: ast.AST, name: str, ignored: Collection[ast.AST] = ()) -> list[int]:
    """Return the lines that use `name` in code or in a string that is an expression.

    The nodes `ignored`, all below them, and docstrings do not count.
    """
    lines = []
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if node in ignored or _is_docstring(node):
            continue
        if _mentions(node, name):
            lines.append(getattr(node, "lineno", 0))
        waiting.extend(ast.iter_child_nodes(node))
    return sorted(set(lines))


def _is_docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _mentions(node: ast.AST, name: str) -> bool:
    if isinstance(node, ast.Name):
        return node.id == name
    return isinstance(node, ast.Constant) and _quotes(node.value, name)


def _quotes(value: object, name: str) -> bool:
    """Whether `value` is a string with an expression that uses `name`, such as an annotation."""
    if not isinstance(value, str) or name not in value:
        return False
    try:
        expression = parsing.python_of(value.strip())
    except ValueError:
        return False
    return any(isinstance(node, ast.Name) and node.id == name for node in ast.walk(expression))


def leading_to(bound: Iterable[Binding], wanted: str) -> list[Binding]:
    """Return the bindings in `bound` through which the dotted path `wanted` can be reached."""
    return [one for one in bound if f"{wanted}.".startswith(f"{one.path}.")]
