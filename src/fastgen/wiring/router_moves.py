"""Gives an included router the module and the name that its resource has now."""

import ast

from fastgen.names import layout
from fastgen.wiring import line_breaks
from fastgen.wiring.bindings import Binding, Import, bindings, taken
from fastgen.wiring.import_order import import_key, is_sorted
from fastgen.wiring.imports import add_import, remove_name
from fastgen.wiring.results import Result, attempt
from fastgen.wiring.source import Module, Splice, Unclear

# A module with a router, and the name by which the router is imported.
Router = tuple[str, str]


def move_router(
    source: bytes, *, old: Router, new: Router, here: str = layout.ROUTER_MODULE
) -> Result:
    """Import the router `new` instead of `old` in `source`, and use it wherever that was used.

    A name that people chose for it stays. `here` is the file's own module.
    """

    def edit(file: Module) -> Module | None:
        bound = bindings(file.tree, here)
        found = [one for one in bound if f"{one.target}.".startswith(f"{old[0]}.")]
        if not found:
            return None
        if len(found) > 1 or not _is_plain(file, found[0], old[0]):
            raise Unclear(f"it imports {old[0]} in a way that is not understood")
        local = new[1] if found[0].local == old[1] else found[0].local
        if local != found[0].local and local in taken(file.tree):
            raise Unclear(f"the name {local} is taken in it")
        file = _renamed(file, found[0].local, local)
        again = next(one for one in bindings(file.tree, here) if one.target == found[0].target)
        return _imported(file, again, new[0], local, here)

    snippet = "\n".join(line_breaks.from_import(new[0], f"router as {new[1]}"))
    return attempt(source, snippet, edit)


def _is_plain(file: Module, binding: Binding, module: str) -> bool:
    """Whether `binding` is `from module import router as …` at the top of the file."""
    return binding.block is file.tree.body and binding.path == f"{module}.router"


def _imported(file: Module, binding: Binding, module: str, local: str, here: str) -> Module:
    """Return `file` with the import of `binding` replaced: in order, or in its place if none is."""
    package, statement = module.partition(".")[0], binding.statement
    imports = [one for one in file.tree.body if isinstance(one, Import)]
    if is_sorted([import_key(one, package) for one in imports]) or len(statement.names) > 1:
        target = binding.target
        file = add_import(file, file.tree.body, module, f"router as {local}", package)
        again = next(one for one in bindings(file.tree, here) if one.target == target)
        return remove_name(file, again.block, again.statement, again.alias)
    code = line_breaks.from_import(module, f"router as {local}")
    splice = Splice(*file.span(statement), "\n".join(code))
    new = ast.ImportFrom(module, [ast.alias("router", local)], 0)
    file.tree.body[file.tree.body.index(statement)] = new
    return file.spliced([splice])


def _renamed(file: Module, old: str, new: str) -> Module:
    """Return `file` with each use of the name `old` replaced by `new`."""
    nodes = [one for one in ast.walk(file.tree) if isinstance(one, ast.Name) and one.id == old]
    if old == new or not nodes:
        return file
    splices = [Splice(*file.span(node), new) for node in nodes]
    for node in nodes:
        node.id = new
    return file.spliced(splices)
