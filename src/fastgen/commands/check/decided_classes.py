"""Finds the classes of a slice that people renamed."""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from fastgen.commands.check.slice_source import Slice, Told
from fastgen.names import layout
from fastgen.slices.class_names import enum_name
from fastgen.wiring.classes import assigned_names, find_classes


@dataclass(frozen=True, slots=True)
class Classes:
    """The new names of classes by their default names, and those that the recipe lacks."""

    own: tuple[tuple[str, str], ...]
    told: tuple[Told, ...]


SCHEMAS = ("Create", "Update", "Response", "Sort", "Query")


def read(files: Slice) -> Classes:
    """Return the names of the classes in `files`.

    A model is known by its table. Another class has a new name if one with the same bases, and
    at least half of its attributes and methods, is in the place of the one that is gone.
    """
    names = files.entry.resource.names
    usual = {own: cls for cls, own in names.own_classes}
    own, told = dict(names.own_classes), []
    for path, old, new in _renamed(files):
        cls = usual.get(old, old)
        own[cls] = new.name
        text = f"the class {old} is called {new.name}, but {files.entry.path} does not say so"
        told.append(Told(path, new.lineno, text))
    return Classes(tuple((cls, now) for cls, now in own.items() if cls != now), tuple(told))


def _renamed(files: Slice) -> Iterator[tuple[str, str, ast.ClassDef]]:
    """Yield the path, the old name and the definition of each class with a new name."""
    names = files.entry.resource.names
    for path, known in _known(files).items():
        tree = files.ours(path)
        ours = _classes(tree) if tree else {}
        if tree is None or ours.keys() >= known:
            continue
        theirs = _classes(files.theirs(path))
        gone = [one for name, one in theirs.items() if name not in ours]
        new = [one for name, one in ours.items() if name not in theirs]
        if path == layout.model(names) and names.cls not in ours:
            gone = [one for one in gone if one.name != names.cls]
            with_table = [one for one in new if _table(one) == names.table]
            new = [one for one in new if one not in with_table]
            yield from ((path, names.cls, one) for one in with_table[:1])
        yield from ((path, before.name, after) for before, after in _pairs(gone, new))


def _classes(tree: ast.Module) -> dict[str, ast.ClassDef]:
    return {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}


def _table(node: ast.ClassDef) -> str | None:
    [found] = find_classes(ast.unparse(node).encode())
    return found.table


def _pairs(
    gone: Sequence[ast.ClassDef], new: Sequence[ast.ClassDef]
) -> Iterator[tuple[ast.ClassDef, ast.ClassDef]]:
    """Yield the classes that are `gone`, each with its successor among the `new` ones."""
    waiting, left = list(gone), list(new)
    for is_same in (_is_equal, _is_like):
        for before in [*waiting]:
            fits = [after for after in left if is_same(before, after)]
            rivals = [one for one in waiting if any(is_same(one, after) for after in fits)]
            # Several that fit each other are in the order in which they were.
            if fits and len(fits) == len(rivals):
                yield before, fits[0]
                waiting.remove(before)
                left.remove(fits[0])


def _known(files: Slice) -> dict[str, set[str]]:
    """Return the names of the classes that fastgen's own templates define in each file."""
    resource = files.entry.resource
    names = resource.names
    enums = {names.called(enum_name(one, resource)) for one in resource.fields if one.values}
    return {
        layout.model(names): {names.cls} | enums,
        layout.schema(names): {names.called(f"{names.usual_cls}{one}") for one in SCHEMAS},
        layout.service(names): {names.called(f"{names.usual_cls}Service")},
    }


def _is_equal(before: ast.ClassDef, after: ast.ClassDef) -> bool:
    dumps = ["".join(map(ast.dump, node.body)) for node in (before, after)]
    return _bases(before) == _bases(after) and dumps[0] == dumps[1]


def _is_like(before: ast.ClassDef, after: ast.ClassDef) -> bool:
    old, new = _members(before), _members(after)
    return _bases(before) == _bases(after) and 2 * len(old & new) >= len(old)


def _bases(node: ast.ClassDef) -> list[str]:
    return [ast.unparse(base) for base in node.bases]


def _members(node: ast.ClassDef) -> set[str]:
    """Return the names of the attributes and methods of a class."""
    names = {name for statement in node.body for name in assigned_names(statement)}
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    return names | {one.name for one in node.body if isinstance(one, functions)}
