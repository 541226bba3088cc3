"""`fastgen new` on a real pseudo-terminal: keys, colours, Ctrl-C."""

import re
import signal
import sys
from pathlib import Path

import pexpect
import pytest

from support import Cli
from terminal import CLEAR, CTRL_C, DOWN, ENTER, Terminal

# Rendering waits for a signal at its first file: it might be done before a key arrives.
WAITING = """\
import sys, time

def wait(event, arguments):
    if event == "open" and "/.fastgen-" in str(arguments[0]) and "w" in str(arguments[1]):
        time.sleep(60)

sys.addaudithook(wait)
"""


@pytest.fixture
def rendering(tiny: Cli, tmp_path: Path) -> Terminal:
    """A terminal in which a project is being rendered."""
    (tmp_path / "sitecustomize.py").write_text(WAITING)
    env = {"PYTHONPATH": f"{tmp_path}:{tiny.env['PYTHONPATH']}"}
    person = Terminal(tiny, "new", "myapi", "--yes", "--no-install", env=env)
    person.sees("Rendering the template")
    return person


def test_asks_with_keys_and_shows_how_to_do_it_again(cli: Cli) -> None:
    person = Terminal(cli, "new", "--no-install")
    person.sees("Name of the project")
    person.types("1abc", ENTER)
    person.sees("beginning with a letter")
    person.types(CLEAR, "myapi", ENTER)
    person.sees("What the project is for")
    person.types(CLEAR, "Sells tea", ENTER)
    person.sees("Database to build on")
    person.types(DOWN, ENTER)
    person.sees("How the project is deployed")
    person.types(ENTER)
    person.sees("Continuous integration")
    person.types(DOWN, ENTER)
    person.sees("Reset of forgotten passwords")
    person.types("n")
    code, screen = person.ends()
    assert code == 0
    assert (
        "To repeat this: fastgen new myapi --description 'Sells tea' --database postgresql "
        "--deploy docker --ci none --no-mail --no-install --yes"
    ) in screen
    assert "done     Rendered the template" in screen
    assert "done     Made the first commit" in screen
    assert "skipped  install: --no-install" in screen
    assert re.search(r"Next:\s+cd myapi\s+\S.* fastapi dev\s+\S.* pytest\s*$", screen)
    answers = (cli.cwd / "myapi" / ".copier-answers.yml").read_text()
    assert "description: Sells tea\n" in answers
    assert "database: postgresql\n" in answers
    assert "ci: none\n" in answers
    assert "mail: false\n" in answers


def test_a_path_is_typed_at_the_question_as_well(tiny: Cli) -> None:
    person = Terminal(tiny, "new", "--database=sqlite", "--description=", "--no-install")
    person.sees("Name")
    person.types("../my evil", ENTER)
    person.sees("beginning with a letter")
    person.types(CLEAR, "../it's/shop", ENTER)
    code, screen = person.ends()
    project = tiny.cwd.parent / "it's" / "shop"
    assert code == 0
    assert (project / ".copier-answers.yml").exists()
    again = "fastgen new '../it'\"'\"'s/shop' --description '' --database sqlite --no-install --yes"
    assert f"To repeat this: {again}\n" in screen
    assert f"shop is in {project}\n" in screen
    assert "cd '../it'\"'\"'s/shop'" in screen


def test_a_taken_folder_is_told_before_the_other_questions(tiny: Cli) -> None:
    (tiny.cwd / "shop").mkdir()
    (tiny.cwd / "shop" / "notes").touch()
    person = Terminal(tiny, "new")
    person.sees("Name")
    person.types("shop", ENTER)
    code, screen = person.ends()
    assert code == 1
    assert "it contains notes" in screen
    assert f"hint: fastgen new --output {tiny.cwd}/shop-2\n" in screen
    assert "What for" not in screen


def test_an_output_and_a_path_are_told_with_the_line_that_is_meant(tiny: Cli) -> None:
    person = Terminal(tiny, "new", "--output", "there")
    person.sees("Name")
    person.types("../shop", ENTER)
    code, screen = person.ends()
    assert code == 1
    assert "error: '../shop' and --output both say where" in screen
    assert "hint: fastgen new shop --output there\n" in screen


@pytest.mark.slow
def test_enter_takes_every_default(cli: Cli) -> None:
    person = Terminal(cli, "new", "myapi", "--no-install", "--no-git")
    for question in ("What the project", "Database", "How the project", "Continuous", "Reset"):
        person.sees(question)
        person.types(ENTER)
    code, screen = person.ends()
    assert code == 0
    assert "--database sqlite --deploy docker --ci github --mail" in screen
    assert "--no-git" in screen


def test_flags_answer_in_advance(tiny: Cli) -> None:
    person = Terminal(tiny, "new", "myapi", "--database", "postgresql", "--no-install")
    person.sees("What for")
    person.types(ENTER)
    code, screen = person.ends()
    assert code == 0
    assert "Database" not in screen


@pytest.mark.parametrize("flags", [("--yes",), ("--description", "x", "--database", "sqlite")])
def test_with_all_answers_it_asks_nothing(tiny: Cli, flags: tuple[str, ...]) -> None:
    code, screen = Terminal(tiny, "new", "myapi", "--no-install", *flags).ends()
    assert code == 0
    assert "To repeat this" not in screen


def test_a_wrong_flag_is_told_before_the_first_question(cli: Cli) -> None:
    code, screen = Terminal(cli, "new", "--database", "oracle").ends()
    assert code == 1
    assert "error: --database does not take 'oracle'" in screen
    assert "Name of the project" not in screen


@pytest.mark.parametrize("answered", [0, 1, 2])
def test_ctrl_c_at_a_question_writes_nothing(tiny: Cli, answered: int) -> None:
    person = Terminal(tiny, "new")
    questions = (("Name", "myapi"), ("What for", ""), ("Database", ""))
    for question, answer in questions[:answered]:
        person.sees(question)
        person.types(answer, ENTER)
    person.sees(questions[answered][0])
    person.types(CTRL_C)
    code, screen = person.ends()
    assert code == 130
    assert screen.rstrip().endswith("error: interrupted: nothing was written")
    assert "Traceback" not in screen
    assert list(tiny.cwd.iterdir()) == []


def test_ctrl_d_at_a_question_is_the_same(tiny: Cli) -> None:
    person = Terminal(tiny, "new")
    person.sees("Name")
    person.types("\x04")
    code, screen = person.ends()
    assert code == 130
    assert "interrupted: nothing was written" in screen


def test_a_dumb_terminal_gets_no_colours_and_no_cursor_codes(tiny: Cli) -> None:
    person = Terminal(tiny, "new", "myapi", "--no-install", env={"TERM": "dumb"})
    person.sees("What for [A service]: ")
    person.types(ENTER)
    person.sees("Database")
    person.sees("Number [1]: ")
    person.types("2", ENTER)
    code, screen = person.ends()
    assert code == 0, screen
    assert "\x1b" not in person.raw
    assert "done     Rendered the template" in screen
    assert "database: postgresql\n" in (tiny.cwd / "myapi/.copier-answers.yml").read_text()
    refused = Terminal(tiny, "new", "myapi", "--yes", env={"TERM": "dumb"})
    assert refused.ends()[0] == 1
    assert "\x1b" not in refused.raw


@pytest.mark.parametrize("question", ["Name", "Database"])
def test_sigterm_at_a_question_is_the_same(tiny: Cli, question: str) -> None:
    person = Terminal(tiny, "new", *(("myapi", "--description=") if question != "Name" else ()))
    person.sees(question)
    person.child.kill(signal.SIGTERM)
    code, screen = person.ends()
    assert code == 130
    assert "interrupted: nothing was written" in screen
    assert "Traceback" not in screen


def test_ctrl_c_while_rendering_writes_nothing(tiny: Cli, rendering: Terminal) -> None:
    rendering.types(CTRL_C)
    code, screen = rendering.ends()
    assert code == 130
    assert "interrupted: nothing was written" in screen
    assert list(tiny.cwd.iterdir()) == []


@pytest.mark.slow
def test_ctrl_c_twice_is_no_harder(tiny: Cli, rendering: Terminal) -> None:
    rendering.types(CTRL_C, CTRL_C, CTRL_C)
    code, _ = rendering.ends()
    assert code == 130
    assert list(tiny.cwd.iterdir()) == []


@pytest.mark.slow
def test_closing_the_terminal_writes_nothing(tiny: Cli, rendering: Terminal) -> None:
    rendering.child.kill(signal.SIGHUP)
    code, _ = rendering.ends()
    assert code == 130
    assert list(tiny.cwd.iterdir()) == []


@pytest.mark.parametrize("arguments", [("new", "myapi", "--yes", "--no-install"), ("new", "1x")])
def test_no_color_means_no_style(tiny: Cli, arguments: tuple[str, ...]) -> None:
    style = re.compile(r"\x1b\[[0-9;]*m")
    plain = Terminal(tiny, *arguments, env={"NO_COLOR": "1"})
    plain.ends()
    assert not style.search(plain.raw)
    tiny.cwd = tiny.cwd.parent / "elsewhere"
    tiny.cwd.mkdir()
    coloured = Terminal(tiny, *arguments)
    coloured.ends()
    assert style.search(coloured.raw)


def test_no_color_goes_for_questions_too(tiny: Cli) -> None:
    person = Terminal(tiny, "new", "--no-install", "--no-git", env={"NO_COLOR": "1"})
    for question, answer in (("Name", "myapi"), ("What for", ""), ("Database", DOWN)):
        person.sees(question)
        person.types(answer, ENTER)
    code, screen = person.ends()
    assert code == 0
    assert "--database postgresql" in screen
    assert not re.search(r"\x1b\[[0-9;]*m", person.raw)


def test_what_is_skipped_never_seems_to_run(tiny: Cli) -> None:
    code, screen = Terminal(tiny, "new", "myapi", "--yes", "--no-install", "--no-git").ends()
    assert code == 0
    assert "Rendering the template..." in screen
    for doing in ("Locking", "Installing", "Making the first commit"):
        assert doing not in screen


@pytest.mark.slow
def test_questions_keep_out_of_stdout(tiny: Cli, tmp_path: Path) -> None:
    out = tmp_path / "out"
    script = f'"{sys.executable}" -m fastgen new --no-install > "{out}"'
    person = Terminal(tiny, "--version")
    person.ends()
    person.child = pexpect.spawn(
        "/bin/sh",
        ["-c", script],
        cwd=str(tiny.cwd),
        env={**tiny.env, "TERM": "xterm", "PROMPT_TOOLKIT_NO_CPR": "1"},
        encoding="utf-8",
        timeout=30,
    )
    for question, answer in (("Name", "myapi"), ("What for", ""), ("Database", "")):
        person.sees(question)
        person.types(answer, ENTER)
    code, _ = person.ends()
    assert code == 0
    assert out.read_text() == f"{tiny.cwd}/myapi\n"
