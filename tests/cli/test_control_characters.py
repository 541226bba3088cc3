"""What stands in a project is shown, not obeyed: no byte of it reaches a terminal as a command."""

import json
import re
from pathlib import Path

import pytest

from living import MODELS, RECIPE, ROUTER, VERSIONS, Living
from support import Cli
from terminal import CTRL_C, STYLE, Terminal

ANSWERS = ".copier-answers.yml"
SETTINGS = "pyproject.toml"
# Clears the screen, sets the title, turns the direction of writing, fakes a line of ours.
EVIL = "\x1b[2J\x1b]0;owned\x07\u202e\x9b31m\x7f\r\nerror: faked"
QUOTED = json.dumps(EVIL)
OBEYED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
FAKED = re.compile(r"^error: faked", re.MULTILINE)


def is_shown(*texts: str) -> None:
    for text in texts:
        assert not OBEYED.search(text), text
        assert not FAKED.search(text), text


PLACES = {
    "the project's name": (ANSWERS, "project_name: shop", f"project_name: {QUOTED}"),
    "the version": (ANSWERS, "_commit: 0", f"_commit: {QUOTED}\nx: 0"),
    "the source": (ANSWERS, "_src_path: fastapi-fastgen", f"_src_path: {QUOTED} # fastapi-fastgen"),
    "the database": (ANSWERS, "database: sqlite", f"database: {QUOTED}"),
    "an answer": (ANSWERS, "database: sqlite", f"database: sqlite\n{QUOTED}: {QUOTED}"),
    "a plural": (RECIPE, "plural: items", f"plural: {QUOTED}"),
    "a name": (RECIPE, "\nname: item", f"\nname: {QUOTED}"),
    "who has access": (RECIPE, "preset: owner", f"preset: {QUOTED}"),
    "a field": (RECIPE, "- name:str", f"- {QUOTED}\n- name:str"),
    "the version of an entry": (RECIPE, "fastgen: ", f"fastgen: {QUOTED} # "),
    "a revision": (RECIPE, "revisions:\n", f"revisions:\n- {QUOTED}\n"),
    "a setting": (SETTINGS, "[tool.ruff]\n", f"[tool.fastgen]\naccess = {QUOTED}\n[tool.ruff]\n"),
    "a dependency": (SETTINGS, "dependencies = [\n", f"dependencies = [\n{QUOTED},\n"),
    "a setting of ruff": (SETTINGS, "[tool.ruff]\n", f"[tool.ruff]\n{QUOTED} = 1\n"),
    "an export": (MODELS, "import Item", "import (  # \x1b[2J\r\u202e\n Item"),
    "a module": (ROUTER, "ROUTERS", "# \x1b[2J\r\u202e\nROUTERS"),
}  # fmt: skip


LOOKING = [("info",), ("check",), ("remove", "resource", "item", "--diff")]
# They read more of the code and of the settings; answers and recipes they read as `remove` does.
ADDING = [
    ("add", "resource", "book", "title:str", "--diff"),
    ("add", "field", "item", "note:text:optional", "--dry-run"),
]


@pytest.mark.others_slow("a name", "a field")
@pytest.mark.parametrize("name", PLACES)
def test_what_stands_in_a_file_is_not_obeyed(with_item: Living, name: str) -> None:
    path, old, new = PLACES[name]
    text = with_item.read(path)
    assert old in text
    with_item.write(path, text.replace(old, new, 1))
    for command in LOOKING + ([] if path in {ANSWERS, RECIPE} else ADDING):
        told = with_item.run(*command)
        is_shown(told.out, told.err)
        assert "Traceback" not in told.err
        assert "bug in fastgen" not in told.err
    told = with_item.run("info", "--json")
    is_shown(told.out, told.err)
    json.loads(told.out, parse_constant=pytest.fail)


@pytest.mark.slow
def test_names_of_files_and_revisions_are_not_obeyed(with_item: Living) -> None:
    name = EVIL.replace("\n", "")
    with_item.write(f".fastgen/resources/{name}.yml", "[")
    with_item.write(f"{VERSIONS}/{name}.py", f"revision = {QUOTED}\ndown_revision = {QUOTED}\n")
    for command in (("check",), ("check", "--fix"), ("info",), ("add", "resource", "book")):
        told = with_item.run(*command)
        is_shown(told.out, told.err)


def test_words_of_the_command_line_are_not_obeyed(with_item: Living) -> None:
    for command in ((EVIL,), ("info", EVIL), ("add", "resource", EVIL), ("new", EVIL, "--yes")):
        told = with_item.run(*command)
        is_shown(told.out, told.err)


@pytest.mark.slow
def test_what_git_says_is_not_obeyed(tiny: Cli, tmp_path: Path) -> None:
    hooks = tmp_path / "hooks"
    hooks.mkdir()
    hook = hooks / "pre-commit"
    hook.write_text("#!/bin/sh\nprintf 'no \\033[2J\\n' >&2\nexit 1\n")
    hook.chmod(0o755)
    tiny.git("config", "--global", "core.hooksPath", str(hooks))
    told = tiny.run("new", "myapi", "--yes", "--no-install")
    assert told.code == 3
    assert "not committed" in told.err
    assert "\\x1b[2J" in told.err
    is_shown(told.out, told.err)


def test_a_traceback_is_not_obeyed(tiny: Cli, tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / "sitecustomize.py").write_text(
        "import fastgen.project.recipe as r\n"
        f"def fail(*_): raise KeyError({QUOTED}, {QUOTED}) from Exception({QUOTED})\n"
        "r.enclosing = fail\n"
    )
    tiny.env["PYTHONPATH"] = f"{broken}:{tiny.env['PYTHONPATH']}"
    told = tiny.run("--debug", "new", "myapi", "--yes", "--dry-run")
    assert told.code == 70
    assert "Traceback" in told.err
    is_shown(told.err.replace("error: faked", ""))


def test_on_a_terminal_only_colours_of_ours_are_obeyed(with_item: Living) -> None:
    with_item.write(f".fastgen/resources/x{EVIL}.yml".replace("\n", ""), "[")
    here = Cli(with_item.root, with_item.user.home, with_item.user.env)
    for command in (("check",), ("info",)):
        terminal = Terminal(here, *command)
        terminal.ends()
        is_shown(STYLE.sub("", terminal.raw).replace("\r\n", "\n"))
    terminal = Terminal(here, "new", "x\x1b[2Jx")
    terminal.ends()
    is_shown(STYLE.sub("", terminal.raw).replace("\r\n", "\n"))


def test_a_question_does_not_obey_the_name_of_a_resource(project: Living) -> None:
    project.write(".fastgen/resources/x\x1b]0;owned\x07.yml", "[")
    here = Cli(project.root, project.user.home, project.user.env)
    terminal = Terminal(here, "add", "resource", "book")
    terminal.sees("Who may use")
    terminal.types("\r")
    terminal.sees("Field 1")
    terminal.types("other\r")
    terminal.sees("its type")
    terminal.types("\x1b[A\r")
    terminal.sees("the resource that it refers to")
    terminal.types(CTRL_C)
    terminal.ends()
    assert "\x1b]0;" not in terminal.raw


def test_a_full_stderr_changes_no_exit_code(cli: Cli) -> None:
    script = f'exec {cli.typed} "$@" 2> /dev/full'
    user = Cli(cli.cwd, cli.home, cli.env, ("sh", "-c", script, "-"))
    assert user.run("info").code == 1
    assert user.run("--version").code == 0
