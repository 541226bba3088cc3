"""Makes a migration follow another one."""

import ast
import re

from fastgen.wiring.classes import assigned_names
from fastgen.wiring.results import Result, attempt
from fastgen.wiring.source import Module, Splice, Unclear

NAME = "down_revision"
# The line about it in the docstring, as Alembic writes it.
REVISES = re.compile(r"^Revises:[^\r\n]*", re.MULTILINE)


def follow(source: bytes, parent: str) -> Result:
    """Let the migration `source` follow the revision `parent` and nothing else."""
    return attempt(source, f'{NAME} = "{parent}"', lambda module: _follow(module, parent))


def _follow(module: Module, parent: str) -> Module:
    found = [one for one in module.tree.body if NAME in assigned_names(one)]
    match found:
        case [ast.Assign(targets=[_], value=ast.expr() as value) as statement]:
            pass
        case [ast.AnnAssign(value=ast.expr() as value) as statement]:
            pass
        case _:
            raise Unclear(f"it does not assign {NAME} exactly once")
    start, end = module.span(value)
    quote = "'" if module.text[start] == "'" else '"'
    splices = [Splice(start, end, f"{quote}{parent}{quote}"), *_in_docstring(module, parent)]
    statement.value = ast.Constant(parent)
    return module.spliced(splices)


def _in_docstring(module: Module, parent: str) -> list[Splice]:
    match module.tree.body[0]:
        case ast.Expr(value=ast.Constant(value=str(text)) as constant):
            start, end = module.span(constant)
        case _:
            return []
    line = f"Revises: {parent}"
    shown = REVISES.search(module.text, start, end)
    if shown is None or len(REVISES.findall(text)) != 1:
        return []
    constant.value = REVISES.sub(line, text)
    return [Splice(shown.start(), shown.end(), line)]
