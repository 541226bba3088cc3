"""Finds the router that includes the others, and the place for another include."""

import ast
from collections import Counter
from dataclasses import dataclass

from fastgen.wiring import line_breaks
from fastgen.wiring.bindings import Binding, paths
from fastgen.wiring.classes import assigned_names
from fastgen.wiring.source import Module, Unclear, blocks
from fastgen.wiring.statements import after, insert

CONSTRUCTORS = {"fastapi.APIRouter", "fastapi.routing.APIRouter", "app.api.routing.Router"}
Loop = ast.For | ast.AsyncFor | ast.While


@dataclass(frozen=True, slots=True)
class Place:
    """The name of the router object, and the statement of `block` after which an include goes."""

    name: str
    block: list[ast.stmt]
    statement: ast.stmt

    def lines(self, router: str) -> list[str]:
        """Return the lines that include `router`."""
        return including(self.name, router)

    def add(self, file: Module, router: str) -> Module:
        """Add the lines that include `router`; raises `Unclear`."""
        spot = after(file, self.block, self.statement)
        return insert(file, spot, including(self.name, router, spot.indentation, _unit(file)))


def including(
    name: str, router: str, indentation: str = "", unit: str = line_breaks.UNIT
) -> list[str]:
    """Return the lines by which the router `name` includes `router`, without `indentation`."""
    return line_breaks.call(f"{name}.include_router", [router], indentation, unit)


def find_place(tree: ast.Module, bound: list[Binding]) -> Place:
    """Return the place in `tree` for an include; raises `Unclear` if there are several."""
    made = [
        (name, block, statement)
        for _, block in blocks(tree)
        for statement in block
        if makes_router(statement, bound)
        for name in assigned_names(statement)
    ]
    name = _chosen(tree, [name for name, _, _ in made])
    _, home, assignment = next(one for one in made if one[0] == name)
    found = _outside_loops(tree, _include_blocks(tree, name))
    if not found:
        return Place(name, home, assignment)
    inside = next((block for block, _ in found if block is home), None)
    if inside is None:
        if any(block is not found[0][0] for block, _ in found):
            raise Unclear(f"{name} includes routers in several blocks")
        inside = found[0][0]
    return Place(name, inside, [statement for block, statement in found if block is inside][-1])


def include_calls(tree: ast.AST) -> list[tuple[ast.Call, ast.expr, ast.expr]]:
    """Return every `x.include_router(y, …)` in `tree` with its x and its y."""
    return [
        (node, node.func.value, router)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "include_router"
        for router in _first_argument(node)
    ]


def _first_argument(call: ast.Call) -> list[ast.expr]:
    named = [keyword.value for keyword in call.keywords if keyword.arg == "router"]
    return (call.args or named)[:1]


def makes_router(statement: ast.stmt, bound: list[Binding]) -> bool:
    """Whether `statement` assigns a new router."""
    value = getattr(statement, "value", None)
    return isinstance(value, ast.Call) and bool(paths(value.func, bound) & CONSTRUCTORS)


def _chosen(tree: ast.AST, names: list[str]) -> str:
    """Return which router of `names` includes the most others."""
    if not names:
        raise Unclear("it has no list of routers and creates no router")
    if len(set(names)) < len(names):
        raise Unclear("it creates several routers of one name")
    if len(names) == 1:
        return names[0]
    counts = Counter(
        on.id for _, on, _ in include_calls(tree) if isinstance(on, ast.Name) and on.id in names
    )
    ranked = counts.most_common(2)
    if not ranked or [ranked[0][1]] == [count for _, count in ranked[1:]]:
        raise Unclear(f"it creates several routers: {', '.join(names)}")
    return ranked[0][0]


def _include_blocks(tree: ast.AST, name: str) -> list[tuple[list[ast.stmt], ast.stmt]]:
    """Return the statements that include a router into `name`, with their blocks, in order."""
    calls = {
        call for call, on, _ in include_calls(tree) if isinstance(on, ast.Name) and on.id == name
    }
    found = [
        (block, statement)
        for _, block in blocks(tree)
        for statement in block
        if isinstance(statement, ast.Expr) and statement.value in calls
    ]
    return sorted(found, key=lambda item: item[1].lineno)


def _outside_loops(
    tree: ast.AST, found: list[tuple[list[ast.stmt], ast.stmt]]
) -> list[tuple[list[ast.stmt], ast.stmt]]:
    """Return `found` with each statement in a loop replaced by the outermost loop."""
    loops = [
        (block, statement)
        for _, block in blocks(tree)
        for statement in block
        if isinstance(statement, Loop)
    ]
    return [
        next(
            ((block, loop) for block, loop in loops if one[1] in set(ast.walk(loop))),
            one,
        )
        for one in found
    ]


def _unit(file: Module) -> str:
    """Return the indentation unit of the file."""
    for owner, block in blocks(file.tree):
        if not isinstance(owner, ast.Module) and block[0].col_offset:
            line = file.line(block[0].lineno)
            inner = line[: len(line) - len(line.lstrip())]
            if inner and owner in file.tree.body:
                return inner
    return line_breaks.UNIT
