"""`fastgen` itself: help, version, wrong usage, completion."""

import subprocess
import sys
from collections.abc import Callable

import pytest

import fastgen
from support import Cli

HEAVY = {"copier", "jinja2", "questionary", "rich", "yaml", "pydantic", "prompt_toolkit", "plumbum"}


@pytest.mark.parametrize("flag", ["--version", "-V"])
def test_version(cli: Cli, flag: str) -> None:
    assert cli.run(flag).out == f"fastgen {fastgen.__version__}\n"


@pytest.mark.parametrize("command", [(), ("new",), ("add",), ("add", "field")], ids=" ".join)
def test_help_is_a_command(cli: Cli, command: tuple[str, ...]) -> None:
    result = cli.run("help", *command)
    assert result.code == 0
    assert result == cli.run(*command, "--help")


def test_help_for_what_is_no_command(cli: Cli) -> None:
    result = cli.run("help", "nwe")
    assert result.code == 2
    assert "No such command 'nwe'. Did you mean 'new'?" in result.err


def test_help_names_the_commands_and_the_exit_codes(cli: Cli) -> None:
    result = cli.run("--help")
    assert result.code == 0
    assert "new Create a new FastAPI project." in " ".join(result.out.split())
    for code in ("0 done", "1 a value", "2 wrong", "3 the project", "70 a bug", "130 interr"):
        assert code in " ".join(result.out.split())
    assert not result.err


def test_help_imports_nothing_heavy() -> None:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "fastgen", "--help"],
        capture_output=True,
        text=True,
        check=True,
    )
    imported = {line.rpartition("|")[2].strip().split(".")[0] for line in done.stderr.splitlines()}
    assert "typer" in imported
    assert not imported & HEAVY


def test_without_a_command_it_shows_the_help_and_fails(cli: Cli) -> None:
    result = cli.run()
    assert result.code == 2
    assert not result.out
    assert "Usage: fastgen" in result.err


@pytest.mark.parametrize(
    ("arguments", "message", "hint"),
    [
        (["nwe"], "No such command 'nwe'. Did you mean 'new'?", "fastgen --help"),
        (["--nope"], "No such option: --nope", "fastgen --help"),
        (
            ["new", "x", "--databse", "sqlite"],
            "No such option: --databse",
            "fastgen new x --database sqlite",
        ),
        (["new", "x", "y"], "Got unexpected extra argument", "fastgen new --help"),
        (["new", "x", "--output"], "Option '--output' requires an argument.", "fastgen --help"),
    ],
)
def test_wrong_usage(cli: Cli, arguments: list[str], message: str, hint: str) -> None:
    result = cli.run(*arguments)
    assert result.code == 2
    assert not result.out
    assert result.err.startswith(f"error: {message}")
    assert result.err.endswith(f"hint: {hint}\n")
    assert not list(cli.cwd.iterdir())


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_shows_completion(cli: Cli, shell: str) -> None:
    result = cli.run("--show-completion", shell)
    assert result.code == 0
    assert "_FASTGEN_COMPLETE" in result.out


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("fastgen ", "new"),
        ("fastgen new x --data", "--database"),
        ("fastgen new --database p", "po"),
    ],
)
def test_completes(cli: Cli, typed: str, offered: str) -> None:
    words = typed.split(" ")
    env = {
        "_FASTGEN_COMPLETE": "complete_bash",
        "COMP_WORDS": typed,
        "COMP_CWORD": str(len(words) - 1),
    }
    result = cli.run(env=env)
    assert offered in result.out


def test_a_fault_of_ours_is_told_without_a_traceback(
    tiny: Cli, retemplate: Callable[..., None]
) -> None:
    retemplate("a: [not, yaml\n")
    result = tiny.run("new", "myapi")
    assert result.code == 70
    assert result.err.startswith("error: ParserError: ")
    assert "this is a bug in fastgen" in result.err
    assert "Traceback" not in result.err
    assert "Traceback" in tiny.run("--debug", "new", "myapi").err
