"""Compares Python sources regardless of their layout."""

import ast
import inspect
import io
import tokenize
from collections import Counter
from collections.abc import Iterator

from fastgen.wiring.bindings import Import
from fastgen.wiring.source import Module, Unclear

Scope = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


def same(one: bytes, other: bytes) -> bool:
    """Whether two sources have the same code and comments, apart from their layout.

    The order of adjacent imports counts as layout as well.
    """
    if one == other:
        return True
    try:
        return _comments(one) == _comments(other) and _laid_out(one) == _laid_out(other)
    except (Unclear, RecursionError, MemoryError):
        return False


def same_statements(one: bytes, other: bytes) -> bool:
    """Whether two sources have the same comments and simple statements in any order."""
    try:
        return _comments(one) == _comments(other) and _statements(one) == _statements(other)
    except (Unclear, RecursionError, MemoryError):
        return False


def _laid_out(source: bytes) -> str:
    tree = Module.read(source).tree
    for node in ast.walk(tree):
        for name in ("body", "orelse", "finalbody"):
            block = getattr(node, name, None)
            if isinstance(block, list):
                setattr(node, name, list(_with_imports_sorted(block)))
        if isinstance(node, ast.Constant):
            node.kind = None
        if isinstance(node, Scope):
            _clean_docstring(node)
    return ast.dump(tree)


def _with_imports_sorted(block: list[ast.stmt]) -> Iterator[ast.stmt]:
    run: list[ast.stmt] = []
    for statement in block:
        if isinstance(statement, Import):
            run += _one_name_each(statement)
            continue
        yield from sorted(run, key=ast.dump)
        run = []
        yield statement
    yield from sorted(run, key=ast.dump)


def _one_name_each(statement: Import) -> Iterator[Import]:
    for alias in statement.names:
        if isinstance(statement, ast.Import):
            yield ast.Import([alias])
        else:
            yield ast.ImportFrom(statement.module, [alias], statement.level)


def _clean_docstring(node: Scope) -> None:
    first = node.body[0] if node.body else None
    if (
        isinstance(first, ast.Expr)
        and isinstance(first.value, ast.Constant)
        and isinstance(first.value.value, str)
    ):
        first.value.value = inspect.cleandoc(first.value.value)


def _statements(source: bytes) -> Counter[str]:
    return Counter(
        ast.dump(node)
        for node in ast.walk(Module.read(source).tree)
        if isinstance(node, ast.stmt) and not hasattr(node, "body")
    )


def _comments(source: bytes) -> Counter[str]:
    try:
        return Counter(
            token.string.rstrip()
            for token in tokenize.tokenize(io.BytesIO(source).readline)
            if token.type == tokenize.COMMENT
        )
    except (tokenize.TokenError, SyntaxError) as error:
        raise Unclear("it cannot be read as Python source") from error
