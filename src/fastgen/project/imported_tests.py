"""Checks the imports of a slice's tests from other tests."""

import ast
from collections.abc import Collection

from fastgen.changes.plan import Manual
from fastgen.names import layout
from fastgen.project.modules import read_scope
from fastgen.project.project import Project


def missing(
    project: Project, source: bytes, own: Collection[str] = (), coming: Collection[str] = ()
) -> list[str]:
    """Return what `source` imports from missing tests, such as `a of tests/test_b.py`.

    The files `own` are written together with it. Those `coming` may be written after it, and what
    they define is not checked.
    """
    found: list[str] = []
    tests = read_scope(source, layout.TESTS) if b"from test_" in source else None
    for statement in tests.tree.body if tests else ():
        if isinstance(statement, ast.Import):
            named = [one.name for one in statement.names if one.name.startswith("test_")]
            paths = [f"{layout.TESTS}/{name}.py" for name in named]
            there = {*own, *coming}
            found += [path for path in paths if path not in there and project.read(path) is None]
        elif isinstance(statement, ast.ImportFrom) and str(statement.module).startswith("test_"):
            path = f"{layout.TESTS}/{statement.module}.py"
            content = project.read(path)
            scope = read_scope(content, statement.module or "") if content is not None else None
            defined = scope.defined if scope else frozenset[str]()
            lost = [alias.name for alias in statement.names if alias.name not in defined]
            if lost and path not in own:
                found.append(f"{' and '.join(lost)} of {path}")
    return found


def left(path: str, snippet: str, lost: Collection[str]) -> Manual:
    """Return the manual step for the file `path`, which would import the `lost` names."""
    needs = " and ".join(lost)
    return Manual(
        path, snippet, f"it imports {needs}, which does not exist: change the import in it"
    )
