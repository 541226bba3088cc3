"""The line that includes a resource's router, and the import that it needs."""

import ast

from fastgen.wiring import layout
from fastgen.wiring.imports import add_import, remove_name
from fastgen.wiring.names import Binding, bindings, leading_to, paths, taken, uses
from fastgen.wiring.results import Result, attempt
from fastgen.wiring.router_objects import find_place, include_calls
from fastgen.wiring.source import Module, Unclear, blocks
from fastgen.wiring.statements import after, insert, last_line, remove

HERE = "app.api.v1.router"


def include_router(
    source: bytes, *, module: str, router: str, prefix: str, tag: str, here: str = HERE
) -> Result:
    """Include the `router` object of `module`, imported as the name `router`, in `source`.

    It goes to the `APIRouter` that includes the others; `here` is the file's own module.
    """
    line = f"from {module} import router as {router}"
    options = [f"prefix={layout.quoted(prefix)}", f"tags=[{layout.quoted(tag)}]"]
    wanted = f"{module}.router"

    def edit(file: Module) -> Module | None:
        bound = bindings(file.tree, here)
        if _including(file.tree, bound, wanted):
            return None
        _refuse_mention(file, leading_to(bound, wanted), wanted)
        place = find_place(file.tree, bound)
        limit = _top_index(file.tree, place.statement)
        known = _known_as(file.tree.body[:limit], bound, wanted)
        spot = after(file, place.block, place.statement)
        head, arguments = f"{place.name}.include_router", [known or router, *options]
        code = layout.call(head, arguments, spot.indentation, _unit(file))
        if known is None and router in taken(file.tree):
            raise Unclear(f"the name {router} is taken in it", "\n".join([line, *code]))
        try:
            file = insert(file, spot, code)
            if known is None:
                file = add_import(file, file.tree.body, line, module.partition(".")[0], limit)
        except Unclear as problem:
            lines = code if known else [line, *code]
            raise Unclear(problem.reason, "\n".join(lines)) from problem
        return file

    call = layout.call("api_router.include_router", [router, *options], "")
    return attempt(source, "\n".join([line, *call]), edit)


def exclude_router(source: bytes, *, module: str, here: str = HERE) -> Result:
    """Take out of `source` what includes the router of `module`, and its import.

    A `CannotWire` says which lines to delete; `here` is the file's own module.
    """

    def edit(file: Module) -> Module | None:
        lines = _lines_about(file, module, here)
        if not lines:
            return None
        snippet = "\n".join(file.line(number).rstrip("\r\n") for number in lines)
        numbers = ", ".join(map(str, lines))
        try:
            return _without_imports(_without_includes(file, module, here), module, here)
        except Unclear as problem:
            raise Unclear(f"{problem.reason}; delete by hand: {numbers}", snippet) from problem

    return attempt(source, f"# whatever includes the router of {module}", edit)


def _including(tree: ast.AST, bound: list[Binding], wanted: str) -> list[ast.Call]:
    """Return the calls in `tree` that include the router `wanted`."""
    leading = leading_to(bound, wanted)
    return [call for call, _, given in include_calls(tree) if wanted in paths(given, leading)]


def _refuse_mention(file: Module, bound: list[Binding], wanted: str) -> None:
    for node in ast.walk(file.tree):
        if isinstance(node, ast.Name | ast.Attribute) and wanted in paths(node, bound):
            raise Unclear(f"line {node.lineno} uses {wanted} in a way that is not understood")


def _known_as(statements: list[ast.stmt], bound: list[Binding], wanted: str) -> str | None:
    """Return how `statements` let one write `wanted`, if they import it."""
    names = [binding.local for binding in bound]
    for binding in bound:
        prefix = f"{binding.target}."
        plain = binding.statement in statements and (
            names.count(binding.local) == 1 or binding.target != binding.path
        )
        if plain and binding.path == wanted:
            return binding.local
        if plain and wanted.startswith(prefix) and wanted.count(".") == prefix.count("."):
            name = binding.local if binding.path == binding.target else binding.target
            return f"{name}.{wanted.removeprefix(prefix)}"
    return None


def _top_index(tree: ast.Module, statement: ast.stmt) -> int:
    """Return the index of the statement of the module that `statement` is (in)."""
    return next(
        index for index, top in enumerate(tree.body) if last_line(top) >= last_line(statement)
    )


def _unit(file: Module) -> str:
    """Return what the file indents with."""
    for owner, block in blocks(file.tree):
        if not isinstance(owner, ast.Module) and block[0].col_offset:
            line = file.line(block[0].lineno)
            inner = line[: len(line) - len(line.lstrip())]
            if inner and owner in file.tree.body:
                return inner
    return layout.UNIT


def _lines_about(file: Module, module: str, here: str) -> list[int]:
    bound = bindings(file.tree, here)
    nodes: list[ast.AST] = [*_including(file.tree, bound, f"{module}.router")]
    nodes += [binding.statement for binding in bound if _is_from(binding, module)]
    lines = set[int]()
    for node in nodes:
        if isinstance(node, ast.stmt | ast.expr):
            lines.update(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    return sorted(lines)


def _is_from(binding: Binding, module: str) -> bool:
    return f"{binding.target}.".startswith(f"{module}.")


def _without_includes(file: Module, module: str, here: str) -> Module:
    while True:
        calls = _including(file.tree, bindings(file.tree, here), f"{module}.router")
        if not calls:
            return file
        found = [
            (block, statement)
            for _, block in blocks(file.tree)
            for statement in block
            if isinstance(statement, ast.Expr) and statement.value in calls
        ]
        if not found:
            raise Unclear(f"line {calls[0].lineno} includes it within an expression")
        file = remove(file, *found[0])


def _without_imports(file: Module, module: str, here: str) -> Module:
    while True:
        bound = bindings(file.tree, here)
        binding = next((one for one in bound if _is_from(one, module)), None)
        if binding is None:
            return file
        used = uses(file.tree, binding.local)
        others = [one for one in bound if one.local == binding.local and one is not binding]
        if used and not others:
            raise Unclear(f"line {used[0]} uses {binding.local} as well")
        file = remove_name(file, binding.block, binding.statement, binding.alias)
