"""Finds the list of routers that the app includes, and adds a router to it or removes one."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from fastgen.wiring import sequences
from fastgen.wiring.bindings import Binding, paths
from fastgen.wiring.line_breaks import fits
from fastgen.wiring.router_objects import makes_router
from fastgen.wiring.source import Module, Splice, Unclear, blocks
from fastgen.wiring.statements import remove

NAME = "ROUTERS"
METHODS = {"append", "extend", "insert"}
Literal = ast.List | ast.Tuple


@dataclass(frozen=True, slots=True)
class Listing:
    """A statement of `block` that gives routers to the list `name`, and the `value` with them."""

    name: str
    block: list[ast.stmt]
    statement: ast.stmt
    value: ast.expr

    @property
    def literal(self) -> Literal | None:
        """The list or the tuple that is written in the statement, if it is one."""
        return self.value if isinstance(self.value, Literal) else None

    def lines(self, router: str) -> list[str]:
        """Return the lines that add `router` below the statement."""
        if isinstance(self.value, ast.Tuple):
            return [f"{self.name} += ({router},)"]
        return appending(self.name, router)

    def add(self, file: Module, router: str) -> Module:
        """Add `router` at the end of the literal; raises `Unclear`."""
        if self.literal is None:
            raise Unclear(f"line {self.statement.lineno}: {self.name} is not a literal list")
        splice = _adding(file, self.statement, self.literal, router)
        self.literal.elts.append(ast.parse(router, mode="eval").body)
        return file.spliced([splice])

    def remove(self, file: Module, router: ast.expr) -> Module:
        """Remove `router`, which is mentioned in the statement; raises `Unclear`."""
        is_call = isinstance(self.statement, ast.Expr)
        if is_call and router is self.value:
            return remove(file, self.block, self.statement)
        if self.literal is None or router not in self.literal.elts:
            raise Unclear(f"line {router.lineno} includes it within an expression")
        if len(self.literal.elts) == 1 and (is_call or isinstance(self.statement, ast.AugAssign)):
            return remove(file, self.block, self.statement)
        splice = _removing(file, self.statement, self.literal, router)
        self.literal.elts.remove(router)
        return file.spliced([splice])


def appending(name: str, router: str) -> list[str]:
    """Return the lines that add `router` to a list `name`."""
    return [f"{name}.append({router})"]


def names(tree: ast.AST, bound: list[Binding]) -> list[str]:
    """Return the names of the lists of routers in `tree`.

    It is `ROUTERS`, if there is one. Otherwise lists only count if there is no router object that
    could include the others.
    """
    statements = [statement for _, block in blocks(tree) for statement in block]
    given = {name: value for one in statements for name, value in _given(one)}
    if NAME in given or any(one.local == NAME for one in bound):
        return [NAME]
    if any(makes_router(one, bound) for one in statements):
        return []
    return [name for name, value in given.items() if _has_router(value, bound)]


def find_place(tree: ast.Module, name: str) -> Listing:
    """Return the literal that a router is to be added to; raises `Unclear`."""
    literals = [
        one
        for one in _listings(tree, name)
        if one.literal is not None and not isinstance(one.statement, ast.Expr)
    ]
    chosen = [one for one in literals if one.block is tree.body] or literals
    if not chosen:
        raise Unclear(f"{name} is not a literal list")
    if any(one.block is not chosen[0].block for one in chosen):
        raise Unclear(f"it has several lists called {name}")
    return chosen[-1]


def mentions(
    tree: ast.AST, name: str, bound: list[Binding], wanted: str
) -> Iterator[tuple[Listing, ast.expr]]:
    """Find where the router `wanted` is given to the list `name`."""
    for listing in _listings(tree, name):
        for node in ast.walk(listing.value):
            if isinstance(node, ast.Name | ast.Attribute) and wanted in paths(node, bound):
                yield listing, node


def _listings(tree: ast.AST, name: str) -> list[Listing]:
    """Return the statements of `tree` that give routers to the list `name`, in order."""
    found = [
        Listing(name, block, statement, value)
        for _, block in blocks(tree)
        for statement in block
        for given, value in _given(statement)
        if given == name
    ]
    return sorted(found, key=lambda one: one.statement.lineno)


def _given(statement: ast.stmt) -> Iterator[tuple[str, ast.expr]]:
    """Find what `statement` gives to which names: by assigning, or by a method of a list."""
    match statement:
        case ast.Assign(targets=targets, value=value):
            yield from ((one.id, value) for one in targets if isinstance(one, ast.Name))
        case (
            ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value)
            | ast.AugAssign(target=ast.Name(id=name), op=ast.Add(), value=value)
        ):
            yield name, value
        case ast.Expr(
            value=ast.Call(
                func=ast.Attribute(value=ast.Name(id=name), attr=method), args=[*_, value]
            )
        ) if method in METHODS:
            yield name, value
        case _:
            pass


def _has_router(value: ast.expr, bound: list[Binding]) -> bool:
    """Whether `value` is a literal list with an imported router."""
    elements = value.elts if isinstance(value, Literal) else ()
    imported = {path for element in elements for path in paths(element, bound)}
    return any("router" in path.rpartition(".")[2] for path in imported)


def _adding(file: Module, statement: ast.stmt, literal: Literal, router: str) -> Splice:
    if not literal.elts:
        return _replacing(file, literal, f"[{router}]", f"({router},)")
    _, last = file.span(literal.elts[-1])
    comma = file.text.find(",", last)
    if _is_short_tuple(literal, 1) and fits(f"{file.line(literal.lineno).rstrip()} {router}"):
        # The comma of a tuple of one would be one too many.
        return Splice(last, comma + 1, f", {router}")
    return sequences.adding(file, statement, literal.elts, len(literal.elts), router)


def _removing(file: Module, statement: ast.stmt, literal: Literal, router: ast.expr) -> Splice:
    kept = [element for element in literal.elts if element is not router]
    if not kept:
        return _replacing(file, literal, "[]", "()")
    if _is_short_tuple(literal, 2):
        start, end = file.span(kept[0])
        one = f"{file.text[start:end]},"
        bare = file.text[file.span(literal)[0]] != "("
        return _replacing(file, literal, "", one if bare else f"({one})")
    # One router a line stays so, as git then merges branches that each add one.
    index = literal.elts.index(router)
    return sequences.removing(file, statement, literal.elts, index, joins=False)


def _is_short_tuple(literal: Literal, count: int) -> bool:
    """Whether `literal` is a tuple of `count` elements on one line."""
    on_one_line = literal.lineno == literal.end_lineno
    return isinstance(literal, ast.Tuple) and len(literal.elts) == count and on_one_line


def _replacing(file: Module, literal: Literal, as_list: str, as_tuple: str) -> Splice:
    start, end = file.span(literal)
    if "#" in file.text[start:end]:
        raise Unclear(f"line {literal.lineno} has a comment in its list")
    return Splice(start, end, as_list if isinstance(literal, ast.List) else as_tuple)
