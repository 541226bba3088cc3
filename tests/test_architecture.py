"""The rules of the house, where a machine can see to them."""

import ast
import importlib
import re
import subprocess
import sys
from pathlib import Path

import pytest

from fastgen.cli.app import COMMANDS
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
    libraries = "(rich|questionary|prompt_toolkit)"
    speaking = r"\bsys\.std(in|out|err)\b|\bprint(_\w+)?\(|\btyper\.(echo|secho|prompt|confirm)\b"
    escapes = r"\\x1b|\\033|\\N\{ESC"
    known = rf"{speaking}|{escapes}|^\s*(import|from) {libraries}\b"
    found = [
        f"{module.relative_to(SOURCE)}:{number}"
        for module in MODULES
        # The entry point speaks when the terminal cannot be imported.
        if module.parent != SOURCE / "cli" / "terminal" and module != SOURCE / "__main__.py"
        for number, line in enumerate(module.read_text().splitlines(), 1)
        if re.search(known, line)
    ]
    assert found == []


def test_questions_are_only_asked_through_the_terminal() -> None:
    kinds = ("fastgen.cli.terminal.cursor_prompts", "fastgen.cli.terminal.line_prompts")
    found = [
        module.relative_to(SOURCE).as_posix()
        for module in MODULES
        if any(f"from {kind} import" in module.read_text() for kind in kinds)
    ]
    assert found == ["cli/terminal/__init__.py"]


def test_each_command_is_a_module_of_its_name() -> None:
    named = [
        f"{name}.{part}" if part else name
        for name, told in COMMANDS.items()
        for part in ([""] if isinstance(told, str) else told[1])
    ]
    for name in named:
        assert callable(importlib.import_module(f"fastgen.cli.{name}").build), name


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


def test_templates_of_all_resources_name_no_database() -> None:
    folder = ROOT / "template" / "resource"
    own = re.compile("|".join([*BY_NAME, r"\bpg_", "PRAGMA"]), re.IGNORECASE)
    shared = [*folder.glob("*.jinja"), *(folder / "imports").iterdir()]
    assert [file.name for file in shared if own.search(file.read_text("utf-8"))] == []
    searching = {name for name, database in BY_NAME.items() if database.search_index}
    assert {file.stem for file in (folder / "searching").iterdir()} == searching


def test_every_database_can_be_chosen_and_has_a_layer() -> None:
    assert variants.options()["database"] == list(BY_NAME)
    layers = {f"{{{{ with_{name} }}}}" for name in BY_NAME}
    project = ROOT / "template" / "project"
    assert {engine.parts[-4] for engine in project.rglob("engine.py*")} == layers
