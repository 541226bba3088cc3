"""The line for a model in `models/__init__.py`."""

import ast

from fastgen.wiring import line_breaks, sequences
from fastgen.wiring.bindings import bindings, source_module, taken, uses
from fastgen.wiring.classes import assigned_names
from fastgen.wiring.import_order import is_sorted, name_key
from fastgen.wiring.imports import add_import, remove_name
from fastgen.wiring.results import Result, attempt
from fastgen.wiring.source import Module, Splice, Unclear

ALL = "__all__"
Literal = ast.List | ast.Tuple


def export_model(source: bytes, *, module: str, name: str) -> Result:
    """Import the class `name` from `module` in `source`, the `__init__.py` of its package.

    A literal `__all__` that lists the other models gets the name as well.
    """
    snippet = "\n".join(line_breaks.from_import(module, f"{name} as {name}"))
    package = module.rpartition(".")[0]

    def edit(file: Module) -> Module | None:
        if _is_exported(file, module, name):
            return None
        # The text is searched first, as walking the syntax tree is slow with many resources.
        if name in file.text and name in taken(file.tree):
            raise Unclear(f"the name {name} is taken in it")
        statement = _assignment(file)
        listed = statement is not None and _lists_models(file, statement, package)
        file = add_import(
            file, file.tree.body, module, f"{name} as {name}", package.partition(".")[0]
        )
        return _list(file, name) if listed else file

    return attempt(source, snippet, edit)


def unexport_model(source: bytes, *, module: str, name: str) -> Result:
    """Remove the import of `name` from `module`, and its entry in `__all__`, from `source`."""
    snippet = "\n".join(line_breaks.from_import(module, f"{name} as {name}"))

    def edit(file: Module) -> Module | None:
        bound = bindings(file.tree, _here(module))
        found = [one for one in bound if one.path == f"{module}.{name}"]
        if not found:
            return None
        statement = _assignment(file)
        used = uses(file.tree, name, [statement] if statement else [])
        if used or len(found) > 1 or found[0].local != name:
            raise Unclear(f"{name} is used in it; delete its import by hand")
        if statement is not None:
            file = _unlist(file, name)
            found = [
                one for one in bindings(file.tree, _here(module)) if one.path == f"{module}.{name}"
            ]
        return remove_name(file, found[0].block, found[0].statement, found[0].alias)

    return attempt(source, snippet, edit)


def _here(module: str) -> str:
    return f"{module.rpartition('.')[0]}.__init__"


def _is_exported(file: Module, module: str, name: str) -> bool:
    here = _here(module)
    for binding in bindings(file.tree, here):
        if (binding.path, binding.local) == (f"{module}.{name}", name):
            if binding.block is not file.tree.body:
                raise Unclear(f"line {binding.statement.lineno} imports it only under a condition")
            return True
    return any(
        isinstance(statement, ast.ImportFrom)
        and source_module(statement, here) == module
        and statement.names[0].name == "*"
        for statement in file.tree.body
    )


def _assignment(file: Module) -> ast.stmt | None:
    """Return the statement that assigns `__all__`; raises `Unclear` if there are others."""
    if ALL not in file.text:
        return None
    found = [one for one in file.tree.body if ALL in assigned_names(one)]
    others = uses(file.tree, ALL, found)
    if len(found) > 1 or others:
        raise Unclear(f"it changes {ALL} on several lines")
    return found[0] if found else None


def _elements(statement: ast.stmt) -> tuple[Literal, list[str]]:
    value = getattr(statement, "value", None)
    if isinstance(value, Literal):
        names = [one.value for one in value.elts if isinstance(one, ast.Constant)]
        strings = [name for name in names if isinstance(name, str)]
        if len(strings) == len(value.elts):
            return value, strings
    raise Unclear(f"its {ALL} is not a list of strings")


def _lists_models(file: Module, statement: ast.stmt, package: str) -> bool:
    """Whether `__all__` lists the imported models, if there are any."""
    _, names = _elements(statement)
    models = {
        binding.local
        for binding in bindings(file.tree, f"{package}.__init__")
        if binding.path.startswith(f"{package}.") and binding.block is file.tree.body
    }
    return not models or not models.isdisjoint(names)


def _list(file: Module, name: str) -> Module:
    statement = _assignment(file)
    if statement is None:
        return file
    value, names = _elements(statement)
    if name in names:
        return file
    index = _index(names, name)
    splice = _first(file, value, name)
    if names:
        quote = file.text[file.span(value.elts[0])[0]]
        quote = quote if quote in "\"'" else '"'
        splice = sequences.adding(file, statement, value.elts, index, f"{quote}{name}{quote}")
    value.elts.insert(index, ast.Constant(name))
    return file.spliced([splice])


def _index(names: list[str], name: str) -> int:
    """Return the index for `name` in `names`: by their order if they are sorted, else last."""
    keys = [name_key(one) for one in names]
    if is_sorted(keys):
        return sum(key <= name_key(name) for key in keys)
    return sum(one <= name for one in names) if is_sorted(names) else len(names)


def _first(file: Module, value: Literal, name: str) -> Splice:
    return Splice(
        *file.span(value), f'["{name}"]' if isinstance(value, ast.List) else f'("{name}",)'
    )


def _unlist(file: Module, name: str) -> Module:
    statement = _assignment(file)
    if statement is None:
        return file
    value, names = _elements(statement)
    if name not in names:
        return file
    if len(names) == 1:
        splice = Splice(*file.span(value), "[]" if isinstance(value, ast.List) else "()")
    else:
        splice = sequences.removing(file, statement, value.elts, names.index(name))
    del value.elts[names.index(name)]
    return file.spliced([splice])
