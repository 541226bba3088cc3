"""The recipes of the generated AGENTS.md, followed to the letter."""

import ast
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from generated.projects import Project

BLOCK = re.compile(r"^```(\w+)\n(.+?)^```$", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^### (.+)$", re.MULTILINE)
CHECKS = (
    ("ruff", "check", "--fix-only", "--select=I"),
    ("ruff", "format"),
    ("ruff", "check"),
    ("mypy",),
    ("lint-imports",),
)


@dataclass(frozen=True)
class Recipe:
    """What stands below a heading: blocks of code, each with its language."""

    title: str
    blocks: list[tuple[str, str]]


def commands(project: Project) -> list[str]:
    """Return the commands that add the resources of all recipes."""
    guide = (project.path / "AGENTS.md").read_text("utf-8")
    return re.findall(r"^fastgen (add resource [a-z]+ .+)$", guide, re.MULTILINE)


def recipes(project: Project) -> dict[str, Recipe]:
    """Return the recipes of a project by their titles."""
    _, *parts = HEADING.split((project.path / "AGENTS.md").read_text("utf-8"))
    found = zip(parts[::2], parts[1::2], strict=True)
    return {title: Recipe(title, BLOCK.findall(text)) for title, text in found}


def follow(project: Project, recipe: Recipe, env: Mapping[str, str] | None = None) -> None:
    """Write the code of a recipe into the project, and run its commands."""
    for language, text in recipe.blocks:
        if language == "sh":
            project.run("sh", "-c", text, env=env).must_succeed()
            continue
        path, code = re.findall(r"\A ?# (\S+)\n(.+)\Z", text, re.DOTALL)[0]
        file = project.path / path
        if language == "diff":
            file.write_text(patched(file.read_text("utf-8"), code.splitlines()), "utf-8")
        else:
            paste(file, code)


def check(project: Project) -> None:
    """Run what the README says that CI checks, but the tests."""
    for command in CHECKS:
        project.uv_run(*command).must_succeed()


def patched(source: str, changes: Iterable[str]) -> str:
    """Apply a diff without line numbers; ` ...` stands for any lines."""
    lines, place = source.splitlines(), 0
    for change in changes:
        sign, text = change[:1], change[1:]
        if change == " ...":
            continue
        if sign == "+":
            lines.insert(place, text)
            place += 1
            continue
        place = lines.index(text, place)
        if sign == "-":
            del lines[place]
        else:
            place += 1
    return "\n".join([*lines, ""])


def paste(path: Path, code: str) -> None:
    """Put imports on top, methods into the class of that name, and all else at the end."""
    path.touch()
    for node in ast.parse(code).body:
        source = path.read_text("utf-8")
        text = _text(node, code)
        there = next((one for one in ast.parse(source).body if _same_class(one, node)), None)
        if isinstance(node, ast.Import | ast.ImportFrom):
            source = _with_import(source, text)
        elif there:
            assert isinstance(node, ast.ClassDef)
            lines = source.splitlines()
            methods = [line for method in node.body for line in ("", _text(method, code))]
            lines[there.end_lineno : there.end_lineno] = methods
            source = "\n".join([*lines, ""])
        else:
            source = f"{source}\n\n{text}\n"
        path.write_text(source, "utf-8")


def _with_import(source: str, text: str) -> str:
    docstring = ast.get_docstring(ast.parse(source), clean=False) is not None
    lines = source.splitlines()
    place = ast.parse(source).body[0].end_lineno if docstring else 0
    return "\n".join([*lines[:place], text, *lines[place:], ""])


def _same_class(there: ast.stmt, node: ast.stmt) -> bool:
    return (
        isinstance(there, ast.ClassDef)
        and isinstance(node, ast.ClassDef)
        and there.name == node.name
    )


def _text(node: ast.stmt, source: str) -> str:
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    first = min([node.lineno, *(decorator.lineno for decorator in decorators)])
    return "\n".join(source.splitlines()[first - 1 : node.end_lineno])
