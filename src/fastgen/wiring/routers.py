"""The place that includes a resource's router, and its import."""

import ast
from collections.abc import Sequence
from dataclasses import dataclass

from fastgen.names import layout
from fastgen.wiring import line_breaks, router_lists, router_objects
from fastgen.wiring.bindings import Binding, bindings, leading_to, paths, taken, uses
from fastgen.wiring.imports import add_import, remove_name
from fastgen.wiring.results import Result, attempt
from fastgen.wiring.router_lists import Listing
from fastgen.wiring.router_objects import include_calls
from fastgen.wiring.source import Module, Unclear, blocks
from fastgen.wiring.statements import last_line, remove

Place = router_objects.Place | router_lists.Listing


@dataclass(frozen=True, slots=True)
class Include:
    """The `router` of `module`, by its local name."""

    module: str
    router: str

    @property
    def imported(self) -> str:
        """The name to import from the module."""
        return f"router as {self.router}"

    def snippet(self, lines: Sequence[str], known: str | None = None) -> str:
        """Return the lines to paste if the file cannot be edited."""
        imported = [] if known else line_breaks.from_import(self.module, self.imported)
        return "\n".join([*imported, *lines])


def include_router(
    source: bytes, *, module: str, router: str, here: str = layout.ROUTER_MODULE
) -> Result:
    """Include the `router` object of `module`, imported as the name `router`, in `source`.

    It is added to the list of routers, or else to the router that includes the others; `here` is
    the file's own module.
    """
    new, wanted = Include(module, router), f"{module}.router"

    def edit(file: Module) -> Module | None:
        bound = bindings(file.tree, here)
        names = router_lists.names(file.tree, bound)
        if _including(file.tree, bound, wanted) or _listed(file.tree, bound, names, wanted):
            return None
        if leading := leading_to(bound, wanted):
            _refuse_mention(file, leading, wanted)
        try:
            place = _find_place(file.tree, bound, names)
        except Unclear as problem:
            if not names:
                raise
            lines = router_lists.appending(names[0], router)
            raise Unclear(problem.reason, new.snippet(lines)) from problem
        limit = _top_index(file.tree, place.statement)
        known = _known_as(file.tree.body[:limit], bound, wanted)
        lines = place.lines(known or router)
        try:
            return _add(file, place, new, known, limit)
        except Unclear as problem:
            raise Unclear(problem.reason, new.snippet(lines, known)) from problem

    return attempt(source, new.snippet(_usual_lines(source, router)), edit)


def exclude_router(source: bytes, *, module: str, here: str = layout.ROUTER_MODULE) -> Result:
    """Remove the lines that include the router of `module`, and its import, from `source`.

    A `CannotWire` says which lines to delete; `here` is the file's own module.
    """

    def edit(file: Module) -> Module | None:
        lines = _lines_about(file, module, here)
        if not lines:
            return None
        snippet = "\n".join(lines.values())
        numbers = ", ".join(map(str, lines))
        try:
            file = _unlisted(_without_includes(file, module, here), module, here)
            return _without_imports(file, module, here)
        except Unclear as problem:
            reason = f"{problem.reason}; to delete by hand: lines {numbers}"
            raise Unclear(reason, snippet) from problem

    return attempt(source, f"# whatever includes the router of {module}", edit)


def _usual_lines(source: bytes, router: str) -> list[str]:
    """Return the lines that probably include `router` in a file that is not understood."""
    if b"include_router" in source and router_lists.NAME.encode() not in source:
        return router_objects.including("api_router", router)
    return router_lists.appending(router_lists.NAME, router)


def _find_place(tree: ast.Module, bound: list[Binding], names: Sequence[str]) -> Place:
    if len(names) > 1:
        raise Unclear(f"it has several lists of routers: {', '.join(names)}")
    if names:
        return router_lists.find_place(tree, names[0])
    return router_objects.find_place(tree, bound)


def _add(file: Module, place: Place, new: Include, known: str | None, limit: int) -> Module:
    # The text is searched first, as walking the syntax tree is slow with many resources.
    if known is None and new.router in file.text and new.router in taken(file.tree):
        raise Unclear(f"the name {new.router} is taken in it")
    file = place.add(file, known or new.router)
    if known is not None:
        return file
    package = new.module.partition(".")[0]
    return add_import(file, file.tree.body, new.module, new.imported, package, limit)


def _listed(
    tree: ast.AST, bound: list[Binding], names: Sequence[str], wanted: str
) -> list[tuple[Listing, ast.expr]]:
    """Return where the router `wanted` is given to one of the lists `names`."""
    leading = leading_to(bound, wanted)
    if not leading:
        return []
    return [one for name in names for one in router_lists.mentions(tree, name, leading, wanted)]


def _including(tree: ast.AST, bound: list[Binding], wanted: str) -> list[ast.Call]:
    """Return the calls in `tree` that include the router `wanted`."""
    leading = leading_to(bound, wanted)
    if not leading:
        return []
    return [call for call, _, given in include_calls(tree) if wanted in paths(given, leading)]


def _refuse_mention(file: Module, bound: list[Binding], wanted: str) -> None:
    for node in ast.walk(file.tree):
        if isinstance(node, ast.Name | ast.Attribute) and wanted in paths(node, bound):
            raise Unclear(f"line {node.lineno} uses {wanted} in a way that is not understood")


def _known_as(statements: list[ast.stmt], bound: list[Binding], wanted: str) -> str | None:
    """Return the expression by which `wanted` can be used after `statements`, if they import it."""
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
    """Return the index of the module's statement that is or contains `statement`."""
    return next(
        index for index, top in enumerate(tree.body) if last_line(top) >= last_line(statement)
    )


def _lines_about(file: Module, module: str, here: str) -> dict[int, str]:
    """Return the code about `module` in the file, by line; of a list, only its element."""
    bound, wanted = bindings(file.tree, here), f"{module}.router"
    names = router_lists.names(file.tree, bound)
    lines = dict[int, str]()
    for _, element in _listed(file.tree, bound, names, wanted):
        start, end = file.span(element)
        lines[element.lineno] = file.text[start:end]
    nodes: list[ast.expr | ast.stmt] = [*_including(file.tree, bound, wanted)]
    nodes += [binding.statement for binding in bound if _is_from(binding, module)]
    for node in nodes:
        for number in range(node.lineno, (node.end_lineno or node.lineno) + 1):
            lines[number] = file.line(number).rstrip("\r\n")
    return dict(sorted(lines.items()))


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


def _unlisted(file: Module, module: str, here: str) -> Module:
    while True:
        bound = bindings(file.tree, here)
        names = router_lists.names(file.tree, bound)
        found = _listed(file.tree, bound, names, f"{module}.router")
        if not found:
            return file
        listing, router = found[0]
        file = listing.remove(file, router)


def _without_imports(file: Module, module: str, here: str) -> Module:
    while True:
        bound = bindings(file.tree, here)
        binding = next((one for one in bound if _is_from(one, module)), None)
        if binding is None:
            return file
        others = [one for one in bound if one.local == binding.local and one is not binding]
        if not others and uses(file.tree, binding.local):
            raise Unclear(f"{binding.local} is used elsewhere too")
        file = remove_name(file, binding.block, binding.statement, binding.alias)
