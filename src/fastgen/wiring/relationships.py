"""The parent's side of a foreign key: the relationship to its children, and its imports."""

import ast

from fastgen.wiring.bindings import bindings, taken, uses
from fastgen.wiring.class_bodies import attribute_of, attribute_spot, blanks_around, class_named
from fastgen.wiring.imports import add_name, remove_name
from fastgen.wiring.relationship_code import NEEDED, ORM, Relationship
from fastgen.wiring.results import Result, attempt
from fastgen.wiring.source import Module, Unclear
from fastgen.wiring.statements import insert, last_line, remove
from fastgen.wiring.type_checking import add_typing_import, checking_blocks, remove_typing_import

POSTPONED = "__future__.annotations"


def add_relationship(
    source: bytes,
    *,
    owner: str,
    attribute: str,
    target: str,
    target_module: str,
    back_populates: str,
    foreign_keys: str | None = None,
) -> Result:
    """Add the list `attribute` of `target` rows to the class `owner` in `source`."""
    wanted = Relationship(owner, attribute, target, target_module, back_populates, foreign_keys)

    def edit(file: Module) -> Module | None:
        found = attribute_of(class_named(file, owner), attribute)
        if found is not None:
            if leads_to(file, found, target):
                return None
            raise Unclear(f"line {found.lineno} makes {owner}.{attribute} something else")
        names = {name: _orm_name(file, name) for name in NEEDED}
        needs_target = _needs_import(file, wanted)
        file = _insert(file, wanted, names)
        for name in NEEDED:
            if name not in orm_names(file):
                limit = file.tree.body.index(class_named(file, owner))
                file = add_name(file, file.tree.body, f"{ORM}.{name}", wanted.first_party, limit)
        return _imported(file, wanted) if needs_target else file

    return attempt(source, wanted.snippet(), edit)


def remove_relationship(
    source: bytes, *, owner: str, attribute: str, target: str, target_module: str
) -> Result:
    """Remove the list `attribute` from the class `owner`, with imports that only it used."""
    known = Relationship(owner, attribute, target, target_module)

    def edit(file: Module) -> Module | None:
        node = class_named(file, owner)
        found = attribute_of(node, attribute)
        if found is None:
            return None
        if not leads_to(file, found, target):
            raise Unclear(f"line {found.lineno} makes {owner}.{attribute} something else")
        numbers = range(found.lineno, last_line(found) + 1)
        snippet = "\n".join(file.line(number).rstrip("\r\n") for number in numbers)
        try:
            return without(file, node, found, known)
        except Unclear as problem:
            raise Unclear(problem.reason, snippet) from problem

    return attempt(source, f"# {owner}.{attribute}, and the imports that only it used", edit)


def without(file: Module, node: ast.ClassDef, statement: ast.stmt, known: Relationship) -> Module:
    """Return `file` without the list `known`, the `statement` in the class `node`."""
    above, below = blanks_around(file, node, statement)
    file = remove(file, node.body, statement, blank_before=above, blank_after=below)
    file = without_import(file, known)
    for name in reversed(NEEDED):
        file = _without(file, name)
    return file


def with_import(file: Module, wanted: Relationship) -> Module:
    """Return `file` with the import of the rows' class; raises `Unclear`."""
    return _imported(file, wanted) if _needs_import(file, wanted) else file


def without_import(file: Module, known: Relationship) -> Module:
    """Return `file` without the import of the rows' class, if nothing uses it."""
    for binding in bindings(file.tree, known.target_module):
        typing = any(one.body is binding.block for one in checking_blocks(file))
        if typing and binding.local == known.target and not uses(file.tree, known.target):
            return remove_typing_import(file, binding)
    return file


def _imported(file: Module, wanted: Relationship) -> Module:
    unit = file.indentation(class_named(file, wanted.owner).body[-1])
    path, first_party = f"{wanted.target_module}.{wanted.target}", wanted.first_party
    return add_typing_import(file, path, first_party, wanted.owner, unit)


def leads_to(file: Module, statement: ast.stmt, target: str) -> bool:
    """Whether `statement` is a relationship to `target`, as its annotation or call names it."""
    call = getattr(statement, "value", None)
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name | ast.Attribute):
        return False
    called = call.func.id if isinstance(call.func, ast.Name) else call.func.attr
    if called not in {"relationship", *orm_names(file).get("relationship", ())}:
        return False
    places = [getattr(statement, "annotation", None), *call.args[:1]]
    return any(uses(place, target) for place in places if place is not None)


def orm_names(file: Module) -> dict[str, list[str]]:
    """Return what is imported of SQLAlchemy's ORM at the top of `file`, with its local names."""
    found: dict[str, list[str]] = {}
    for one in bindings(file.tree, ""):
        package, _, name = one.path.rpartition(".")
        if package == ORM and one.block is file.tree.body:
            found.setdefault(name, []).append(one.local)
    return found


def _orm_name(file: Module, name: str) -> str:
    """Return how `file` may call SQLAlchemy's `name`; raises `Unclear` if that is taken."""
    known = orm_names(file).get(name)
    if known:
        return known[0]
    if name in taken(file.tree):
        raise Unclear(f"the name {name} is taken in it")
    return name


def _needs_import(file: Module, wanted: Relationship) -> bool:
    """Whether the target's class has to be imported; raises `Unclear` if its name is taken."""
    if wanted.target == wanted.owner:
        return False
    if wanted.target not in taken(file.tree):
        return True
    package = wanted.first_party
    for statement in file.tree.body:
        if isinstance(statement, ast.ClassDef) and statement.name == wanted.target:
            return False
    for one in bindings(file.tree, wanted.target_module):
        ours = one.path.startswith(f"{package}.") and one.path.endswith(f".{wanted.target}")
        if one.local == wanted.target and ours:
            return False
    raise Unclear(f"the name {wanted.target} is taken in it")


def _insert(file: Module, wanted: Relationship, names: dict[str, str]) -> Module:
    node = class_named(file, wanted.owner)
    spot, above, below = attribute_spot(file, node)
    outer = file.indentation(node) if not node.decorator_list else ""
    unit = spot.indentation.removeprefix(outer)
    evaluated = all(one.path != POSTPONED for one in bindings(file.tree, ""))
    code = wanted.code(spot.indentation, unit, names, quotes=evaluated)
    return insert(file, spot, code, blank_before=above, blank_after=below)


def _without(file: Module, name: str) -> Module:
    """Take the import of SQLAlchemy's `name` out of `file` if nothing uses it."""
    for one in bindings(file.tree, ""):
        known = one.path == f"{ORM}.{name}" and one.block is file.tree.body
        if known and not uses(file.tree, one.local):
            return remove_name(file, one.block, one.statement, one.alias)
    return file
