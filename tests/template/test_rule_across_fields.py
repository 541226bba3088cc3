"""The example of a rule across fields in the generated AGENTS.md, followed to the letter."""

import ast
import re
from pathlib import Path

import pytest

from generated import variants
from generated.projects import Project, Workshop

pytestmark = pytest.mark.slow

COMMAND = re.compile(r"^fastgen (add resource item .+)$", re.MULTILINE)
EXAMPLE = re.compile(r"^```python\n# (\S+)\n(.+?)^```$", re.MULTILINE | re.DOTALL)
TESTS = "tests/test_items.py"
GOING = re.compile(r"^```diff\n- *(.+)\n```$", re.MULTILINE)
CHECKS = (
    ("ruff", "check", "--fix-only", "--select=I"),
    ("ruff", "format"),
    ("ruff", "check"),
    ("mypy",),
    ("lint-imports",),
)


@pytest.fixture
def project(workshop: Workshop) -> Project:
    return workshop.project("rule-across-fields", variants.default())


def test_the_rule_of_the_guide_holds(project: Project) -> None:
    guide = (project.path / "AGENTS.md").read_text("utf-8")
    (command,) = COMMAND.findall(guide)
    added = project.user.run(*command.split(), cwd=project.path)
    assert added.code == 0, added.err

    examples = dict(EXAMPLE.findall(guide))
    paste(project.path / TESTS, examples.pop(TESTS))
    without_the_rule = project.uv_run("pytest", TESTS, "-k", "PriceOfAvailableItems")
    assert "3 failed, 1 passed" in without_the_rule.out

    for path, example in examples.items():
        paste(project.path / path, example)
    (going,) = GOING.findall(guide)
    remove_line(project.path / TESTS, going)
    for check in CHECKS:
        project.uv_run(*check).must_succeed()
    project.must_pass_its_tests()


def paste(path: Path, example: str) -> None:
    """Put imports on top, methods into the class of that name, and all else at the end."""
    for node in ast.parse(example).body:
        source = path.read_text("utf-8")
        text = _text(node, example)
        there = _named(node, ast.parse(source).body)
        if isinstance(node, ast.Import | ast.ImportFrom):
            source = f"{text}\n{source}"
        elif isinstance(node, ast.ClassDef) and isinstance(there, ast.ClassDef):
            for method in node.body:
                source = _with_method(source, node.name, method, _text(method, example))
        else:
            source = f"{source}\n\n{text}\n"
        path.write_text(source, "utf-8")


def remove_line(path: Path, line: str) -> None:
    lines = path.read_text("utf-8").splitlines(keepends=True)
    (place,) = (number for number, text in enumerate(lines) if text.strip() == line)
    path.write_text("".join(lines[:place] + lines[place + 1 :]), "utf-8")


def _with_method(source: str, class_name: str, method: ast.stmt, text: str) -> str:
    lines = source.splitlines()
    (owner,) = (
        node
        for node in ast.parse(source).body
        if isinstance(node, ast.ClassDef) and node.name == class_name
    )
    old = _named(method, owner.body)
    first, last = (_first(old) - 1, old.end_lineno) if old else (owner.end_lineno, owner.end_lineno)
    return "\n".join([*lines[:first], "", text, *lines[last:], ""])


def _named(wanted: ast.stmt, nodes: list[ast.stmt]) -> ast.stmt | None:
    name = getattr(wanted, "name", None)
    return next((node for node in nodes if name and getattr(node, "name", None) == name), None)


def _text(node: ast.stmt, source: str) -> str:
    return "\n".join(source.splitlines()[_first(node) - 1 : node.end_lineno])


def _first(node: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(decorator.lineno for decorator in decorators)])
