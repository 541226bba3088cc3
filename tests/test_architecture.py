"""The rules of the house, where a machine can see to them."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from fastgen.databases import BY_NAME
from generated import variants
from support import ROOT, SOURCE

MODULES = sorted(SOURCE.rglob("*.py"))


def test_the_import_contracts_hold() -> None:
    done = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.stem)
def test_modules_and_functions_are_small(module: Path) -> None:
    text = module.read_text()
    assert len(text.splitlines()) < 250
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef) and node.end_lineno:
            # What a command takes is declared, not done.
            assert node.end_lineno - node.body[0].lineno < 30, node.name


def test_all_that_is_said_goes_through_the_terminal() -> None:
    speaking = {"cli/terminal.py", "cli/streams.py", "cli/prompts.py", "cli/line_prompts.py"}
    others = [one for one in MODULES if one.relative_to(SOURCE).as_posix() not in speaking]
    found = [
        f"{module.relative_to(SOURCE)}:{number}"
        for module in others
        if module.name != "__main__.py"
        for number, line in enumerate(module.read_text().splitlines(), 1)
        if re.search(r"\bsys\.std(in|out|err)\b|\bprint\(|\btyper\.echo\b", line)
    ]
    assert found == []


def test_only_the_layout_spells_paths_of_a_project() -> None:
    found = [
        f"{module.relative_to(SOURCE)}:{node.lineno}"
        for module in MODULES
        if module != SOURCE / "names" / "layout.py"
        for node in ast.walk(ast.parse(module.read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if re.match(r"src/app|app\.(api\.v1|models|schemas|columns)|\.fastgen/", node.value)
    ]
    assert found == []


def test_only_databases_know_which_there_are() -> None:
    found = [
        f"{module.relative_to(SOURCE)}:{node.lineno}"
        for module in MODULES
        if module.parent != SOURCE / "databases"
        for node in ast.walk(ast.parse(module.read_text()))
        if isinstance(node, ast.Constant) and node.value in BY_NAME
    ]
    assert found == []


def test_every_database_can_be_chosen_and_has_a_layer() -> None:
    assert variants.options()["database"] == list(BY_NAME)
    layers = {f"{{{{ with_{name} }}}}" for name in BY_NAME}
    project = ROOT / "template" / "project"
    assert {engine.parts[-4] for engine in project.rglob("engine.py*")} == layers
