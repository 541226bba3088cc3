"""Adds imports to a block of statements, and removes them."""

import ast
from collections.abc import Sequence
from typing import TypeGuard

from fastgen.wiring import line_breaks, sequences
from fastgen.wiring.bindings import Import
from fastgen.wiring.import_order import import_key, is_sorted, name_key, section
from fastgen.wiring.source import Module
from fastgen.wiring.statements import Spot, after, before, first_line, insert, last_line, remove

Definition = ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


def add_import(
    module: Module,
    block: list[ast.stmt],
    package: str,
    name: str,
    first_party: str,
    limit: int | None = None,
) -> Module:
    """Add `from package import name` (`name` may be `a as b`) to `block`, in order.

    It goes above the statement at `limit`, if any; `first_party` is the project's package.
    Raises `Unclear`.
    """
    indentation = module.indentation(block[0]) if block else ""
    code = line_breaks.from_import(package, name, indentation)
    new = ast.ImportFrom(package, [ast.alias(name.partition(" ")[0])], 0)
    run = _run(block[:limit], new, first_party)
    if not run:
        return _add_first(module, block, code)
    key = import_key(new, first_party)
    keys = [import_key(statement, first_party) for statement in run]
    if not is_sorted(keys):
        return insert(module, after(module, block, _nearest(run, new, first_party)), code)
    index = sum(other <= key for other in keys)
    home = section(new, first_party)
    around = [section(statement, first_party) for statement in run[max(index - 1, 0) : index + 1]]
    if index and (around[0] == home or home not in around):
        spot = after(module, block, run[index - 1])
        last = spot.index == len(block) or not isinstance(block[spot.index], Import)
        apart = home not in around and (last or module.is_blank(spot.line))
        return insert(module, spot, code, blank_before=int(apart))
    spot = _above_comments(module, before(module, block, run[index]))
    apart = home not in around and _is_head(block[: spot.index])
    return insert(module, spot, code, blank_after=int(apart))


def add_name(
    module: Module,
    block: list[ast.stmt],
    path: str,
    first_party: str,
    limit: int | None = None,
) -> Module:
    """Import `path`, such as `typing.Any`, in `block`, in an existing statement or a new one.

    Raises `Unclear`.
    """
    package, _, name = path.rpartition(".")
    for statement in block[:limit]:
        if _is_plain(statement, package):
            names = statement.names
            keys = [name_key(alias.name) for alias in names]
            index = len(keys)
            if is_sorted(keys):
                index = sum(key <= name_key(name) for key in keys)
            splice = sequences.adding(module, statement, names, index, name)
            names.insert(index, ast.alias(name))
            return module.spliced([splice])
    return add_import(module, block, package, name, first_party, limit)


def remove_name(
    module: Module, block: list[ast.stmt], statement: Import, alias: ast.alias
) -> Module:
    """Remove `alias` from `statement`, or the whole statement; raises `Unclear`."""
    if len(statement.names) > 1:
        index = statement.names.index(alias)
        splice = sequences.removing(module, statement, statement.names, index)
        del statement.names[index]
        return module.spliced([splice])
    above, below = _blanks(module, block, statement)
    return remove(module, block, statement, blank_before=above, blank_after=below)


def _is_plain(statement: ast.stmt, package: str) -> TypeGuard[ast.ImportFrom]:
    return (
        isinstance(statement, ast.ImportFrom)
        and not statement.level
        and statement.module == package
        and all(alias.asname is None and alias.name != "*" for alias in statement.names)
    )


def _run(statements: Sequence[ast.stmt], new: Import, first_party: str) -> list[Import]:
    """Return the run of adjacent imports that is most like `new`, the last one of equals."""
    runs: list[list[Import]] = [[]]
    for statement in statements:
        if isinstance(statement, Import):
            runs[-1].append(statement)
        elif runs[-1]:
            runs.append([])
    runs = [run for run in runs if run]
    return max(
        enumerate(runs),
        key=lambda item: (max(_nearness(one, new, first_party) for one in item[1]), item[0]),
        default=(0, list[Import]()),
    )[1]


def _nearest(run: Sequence[Import], new: Import, first_party: str) -> Import:
    """Return the import in `run` that is most like `new`, the last one of equals."""
    return max(enumerate(run), key=lambda item: (_nearness(item[1], new, first_party), item[0]))[1]


def _nearness(statement: Import, new: Import, first_party: str) -> int:
    """Return how similar two imports are: not at all, the same section, the same package."""
    if section(statement, first_party) != section(new, first_party):
        return 0
    package = _source(new).rpartition(".")[0]
    return 2 if package and f"{_source(statement)}.".startswith(f"{package}.") else 1


def _source(statement: Import) -> str:
    if isinstance(statement, ast.ImportFrom):
        return statement.module or ""
    return statement.names[0].name


def _is_head(statements: Sequence[ast.stmt]) -> bool:
    """Whether `statements` is empty or only a docstring."""
    return all(is_docstring(statement) for statement in statements)


def _above_comments(module: Module, spot: Spot) -> Spot:
    """Return the spot above the comments that belong to the statement at `spot`."""
    floor = last_line(spot.block[spot.index - 1]) if spot.index else 0
    line = spot.line
    while line - 1 > floor and module.line(line - 1).lstrip().startswith("#"):
        line -= 1
    # Comments at the top of the file are about the file.
    return spot if line == 1 else Spot(spot.block, spot.index, line, spot.indentation)


def _add_first(module: Module, block: list[ast.stmt], code: Sequence[str]) -> Module:
    """Add an import to a block without imports: below its docstring, else at its top."""
    if not block:
        return insert(module, Spot(block, 0, module.line_count + 1, ""), code)
    if is_docstring(block[0]):
        return insert(module, after(module, block, block[0]), code, blank_before=1)
    spot = before(module, block, block[0])
    blank = _lines_after_imports(block[0]) if block is module.tree.body else 0
    return insert(module, spot, code, blank_after=blank)


def _blanks(module: Module, block: list[ast.stmt], statement: Import) -> tuple[int, int]:
    """Return how many blank lines `add_import` would have added above and below."""
    index = block.index(statement)
    previous = block[index - 1] if index else None
    following = block[index + 1] if index + 1 < len(block) else None
    above = module.is_blank(first_line(statement) - 1)
    below = module.is_blank(last_line(statement) + 1)
    if isinstance(previous, Import):
        return int(above and (below or not isinstance(following, Import))), 0
    if isinstance(following, Import):
        return 0, int(below and _is_head(block[:index]))
    if previous is not None and is_docstring(previous):
        return int(above), 0
    if previous is None and following is not None and block is module.tree.body:
        count = _lines_after_imports(following)
        last = last_line(statement)
        blank = all(module.is_blank(last + number) for number in range(1, count + 1))
        return 0, count if blank else 0
    return 0, 0


def _lines_after_imports(statement: ast.stmt) -> int:
    return 2 if isinstance(statement, Definition) else 1


def is_docstring(statement: ast.stmt) -> bool:
    """Whether `statement` is only a string."""
    return (
        isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Constant)
        and isinstance(statement.value.value, str)
    )
