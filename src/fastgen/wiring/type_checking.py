"""Imports for type checkers in an `if TYPE_CHECKING:` block."""

import ast

from fastgen.wiring import line_breaks
from fastgen.wiring.bindings import Binding, Import, bindings, uses
from fastgen.wiring.imports import add_name, remove_name
from fastgen.wiring.source import Module
from fastgen.wiring.statements import after, first_line, insert, remove

FLAG = "TYPE_CHECKING"


def add_typing_import(module: Module, path: str, first_party: str, owner: str, unit: str) -> Module:
    """Import `path` for type checkers, above the class `owner` of `module`.

    Creates the block and imports `TYPE_CHECKING` if they are missing. Raises `Unclear`.
    """
    body = module.tree.body
    limit = _index(module, owner)
    block = next((one for one in checking_blocks(module) if one in body[:limit]), None)
    if block is not None:
        return add_name(module, block.body, path, first_party)
    flag = next((one.local for one in _flags(module)), None)
    if flag is None:
        flag = FLAG
        module = add_name(module, body, f"typing.{FLAG}", first_party, limit)
        body = module.tree.body
    last = [one for one in body[: _index(module, owner)] if isinstance(one, Import)][-1]
    package, _, name = path.rpartition(".")
    inner = line_breaks.from_import(package, name, unit, unit)
    code = [f"if {flag}:", *(unit + line for line in inner)]
    return insert(module, after(module, body, last), code, blank_before=1)


def remove_typing_import(module: Module, binding: Binding) -> Module:
    """Remove `binding` from its block, and the block and `TYPE_CHECKING` if no longer needed.

    Raises `Unclear`.
    """
    block = next(one for one in checking_blocks(module) if one.body is binding.block)
    if len(block.body) > 1 or len(binding.statement.names) > 1:
        return remove_name(module, binding.block, binding.statement, binding.alias)
    above = module.is_blank(first_line(block) - 1)
    module = remove(module, module.tree.body, block, blank_before=int(above))
    for flag in _flags(module):
        if not uses(module.tree, flag.local):
            return remove_name(module, flag.block, flag.statement, flag.alias)
    return module


def checking_blocks(module: Module) -> list[ast.If]:
    """Return the `if TYPE_CHECKING:` blocks at the top of `module`."""
    flags = {FLAG, *(one.local for one in _flags(module))}
    return [
        one
        for one in module.tree.body
        if isinstance(one, ast.If)
        and (
            (isinstance(one.test, ast.Name) and one.test.id in flags)
            or (isinstance(one.test, ast.Attribute) and one.test.attr == FLAG)
        )
    ]


def _flags(module: Module) -> list[Binding]:
    return [
        one
        for one in bindings(module.tree, "")
        if one.path == f"typing.{FLAG}" and one.block is module.tree.body
    ]


def _index(module: Module, owner: str) -> int:
    return next(
        index
        for index, one in enumerate(module.tree.body)
        if isinstance(one, ast.ClassDef) and one.name == owner
    )
