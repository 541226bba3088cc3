"""Finds new tests that delete a referenced row, where an edited service keeps such rows."""

import ast
from collections.abc import Iterator, Sequence

from fastgen.changes.plan import Manual
from fastgen.engine.changes import Change
from fastgen.engine.files import Rendered
from fastgen.engine.staged import Staged
from fastgen.names import layout
from fastgen.names.resource import Names
from fastgen.project.project import Project
from fastgen.slices.resource import USER, World
from fastgen.system import parsing

Function = ast.FunctionDef | ast.AsyncFunctionDef


def left(project: Staged, slices: Sequence[Rendered], world: World) -> Iterator[Manual]:
    """Yield a manual step for each such test."""
    for change in (one.change for one in slices):
        for field in change.new.references if change.new else ():
            if field.target != USER and field.name not in change.renamed.values():
                name = f"test_{field.column.removesuffix('_id')}_is_deleted"
                yield from _told(project, change, name, world.target(field))


def _told(project: Staged, change: Change, name: str, target: Names) -> Iterator[Manual]:
    """Yield a step for the test called `name` if it is new and rows of `target` are kept."""
    if change.new is None:
        return
    tests = layout.tests(change.new.names)
    test = _function(project.read(tests) or b"", name)
    if test is None:
        return
    before = layout.tests(change.old.names) if change.old else tests
    if _function(Project.read(project, before) or b"", name):
        return
    path = layout.service(target)
    keeps = _keeping(project.read(path) or b"")
    if keeps:
        told = (
            f"line {test.lineno} expects that {target.labels} are deleted, but "
            f"{project.places.file(path)}, line {keeps.lineno}, keeps their rows: change that "
            "test, or remove it"
        )
        yield Manual(tests, f"async def {name}(…)", told)


def _keeping(source: bytes) -> Function | None:
    """Return the method of a service that deletes, if it deletes no row."""
    method = _function(source, "delete")
    if method is None:
        return None
    calls = (node.func for node in ast.walk(method) if isinstance(node, ast.Call))
    deletes = any(ast.unparse(one).rpartition(".")[2] == "delete" for one in calls)
    return None if deletes else method


def _function(source: bytes, name: str) -> Function | None:
    """Return the first function or method called `name`, None if there is none."""
    if name.encode() not in source:
        return None
    try:
        tree = parsing.python_of(source)
    except ValueError:
        return None
    found = (node for node in ast.walk(tree) if isinstance(node, Function) and node.name == name)
    return next(found, None)
