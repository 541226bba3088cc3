"""Finds the names that the scopes of a module bind and use."""

import ast
import builtins
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

Function = ast.FunctionDef | ast.AsyncFunctionDef
BUILTINS = frozenset(dir(builtins))


@dataclass(frozen=True, slots=True)
class Bound:
    """The names that a scope binds, and those that it uses from others."""

    names: frozenset[str]
    used: frozenset[str]


@dataclass(frozen=True, slots=True)
class Top:
    """A module: its imports with their origins, its own names, and its functions."""

    imports: dict[str, set[str]]
    own: Counter[str]
    used: frozenset[str]
    functions: list[Bound]


def top(tree: ast.Module) -> Top:
    """Return the names that the module `tree` binds and uses."""
    nodes = walk(tree)
    functions = [_function(node) for node in nodes if isinstance(node, Function)]
    return Top(_imports(nodes), Counter(_bound(tree.body)), frozenset(_used(nodes)), functions)


def hidden(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Yield each class with a name that its body uses but hides, or that it binds twice."""
    classes = [node for node in tree.body if isinstance(node, ast.ClassDef)]
    imports = _imports(walk(tree)) if classes else ()
    around = {*imports, *_bound(tree.body), *BUILTINS}
    for node in classes:
        own = Counter(_bound(node.body))
        used = {name for statement in node.body for name in _used_at_once(statement)}
        for name, times in own.items():
            if times > 1 or name in used & around:
                yield node.name, name


def walk(root: ast.AST) -> list[ast.AST]:
    """Return `root` and all nodes below it; faster than `ast.walk`."""
    found, left = [], [root]
    while left:
        node = left.pop()
        found.append(node)
        for name in node._fields:
            value = getattr(node, name, None)
            if isinstance(value, list):
                left += [one for one in value if isinstance(one, ast.AST)]
            elif isinstance(value, ast.AST) and not isinstance(value, ast.expr_context):
                left.append(value)
    return found


def _imports(nodes: Iterable[ast.AST]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for node in nodes:
        if isinstance(node, ast.Import | ast.ImportFrom):
            source = f"{node.module}." if isinstance(node, ast.ImportFrom) else ""
            for alias in node.names:
                local = alias.asname or alias.name.partition(".")[0]
                found.setdefault(local, set()).add(source + (alias.name if source else local))
    return found


def _bound(body: Sequence[ast.stmt]) -> Iterator[str]:
    """Yield the names that the statements of a scope bind, except imports."""
    for statement in body:
        if isinstance(statement, Function):
            # Overloads and properties have several functions of one name.
            if not statement.decorator_list or not _is_again(statement):
                yield statement.name
        elif isinstance(statement, ast.ClassDef):
            yield statement.name
        elif isinstance(statement, ast.Assign):
            yield from (one.id for one in statement.targets if isinstance(one, ast.Name))
        elif isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            yield statement.target.id


def _is_again(function: Function) -> bool:
    named = [ast.unparse(decorator) for decorator in function.decorator_list]
    return any(one.endswith(("overload", f"{function.name}.setter")) for one in named)


def _used(nodes: Iterable[ast.AST]) -> Iterator[str]:
    for part in nodes:
        if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Load):
            yield part.id
        elif isinstance(part, ast.AnnAssign | ast.arg) and part.annotation:
            yield from _in_strings(part.annotation)
        elif isinstance(part, Function) and part.returns:
            yield from _in_strings(part.returns)


def _in_strings(annotation: ast.expr) -> Iterator[str]:
    for part in walk(annotation):
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            try:
                yield from _used(walk(ast.parse(part.value, mode="eval")))
            except SyntaxError:
                continue


def _used_at_once(statement: ast.stmt) -> Iterator[str]:
    """Yield the names that a statement of a class body uses, except in function bodies."""
    if not isinstance(statement, Function):
        yield from _used(walk(statement))
        return
    for part in (*statement.decorator_list, statement.args, statement.returns):
        if part is not None:
            yield from _used(walk(part))
            yield from _in_strings(part) if isinstance(part, ast.expr) else ()


def _function(node: Function) -> Bound:
    names: set[str] = set()
    used: set[str] = set()
    for part in walk(node):
        if isinstance(part, ast.arg):
            names.add(part.arg)
        elif isinstance(part, ast.Name):
            (used if isinstance(part.ctx, ast.Load) else names).add(part.id)
    return Bound(frozenset(names), frozenset(used - names))
