"""`fastgen add`, as a command: help, wrong usage, previews, JSON, what it imports."""

import json
import subprocess
import sys

import pytest

from living import ITEM, MODEL, Living
from support import Cli

SLOW = {"copier", "pydantic", "questionary", "rich", "prompt_toolkit", "plumbum"}


@pytest.mark.parametrize("group", ["add", "remove", "templates"])
def test_alone_it_shows_its_help_and_fails(cli: Cli, group: str) -> None:
    result = cli.run(group)
    assert (result.code, result.out) == (2, "")
    assert f"Usage: fastgen {group}" in result.err
    assert "Commands:" in result.err
    assert "--install-completion" not in result.err


def test_the_help_has_examples_that_work(project: Living) -> None:
    told = project.must("add", "resource", "--help").out
    examples = [line.split() for line in told.splitlines() if line.startswith("  fastgen add")]
    assert len(examples) == 2
    for example in examples:
        project.must(*example[1:])
    told = project.must("add", "field", "--help").out
    [example] = [line.split() for line in told.splitlines() if line.startswith("  fastgen add")]
    project.must(*example[1:])
    told = project.must("remove", "resource", "--help").out
    assert "\n  fastgen remove resource item\n" in told


@pytest.mark.parametrize(
    ("arguments", "message", "hint"),
    [
        (["add", "recource"], "No such command 'recource'. Did you mean 'resource'?", "add"),
        (["add", "resource", "item", "--acess", "x"], "No such option: --acess", "add resource"),
        (["add", "field", "item"], "Missing argument", "add field"),
        (["remove", "resource"], "Missing argument", "remove resource"),
        (["info", "x"], "Got unexpected extra argument", "info"),
    ],
)
def test_wrong_usage(cli: Cli, arguments: list[str], message: str, hint: str) -> None:
    result = cli.run(*arguments)
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith(f"error: {message}")
    assert result.err.endswith(f"hint: fastgen {hint} --help\n")


def test_an_access_that_there_is_not(project: Living) -> None:
    result = project.run(*ITEM, "--access", "ower")
    assert (result.code, result.out) == (1, "")
    assert result.err == (
        "error: --access takes owner, shared, admin, public, not 'ower'\nhint: --access owner\n"
    )


def test_a_name_is_needed_where_nobody_is_asked(project: Living) -> None:
    for flags in ((), ("--yes",), ("--json",)):
        result = project.run("add", "resource", *flags)
        assert result.code == 2
        assert result.err.startswith("error: a resource needs a name\nhint: fastgen add resource")


def test_what_is_written_though_stdout_takes_nothing_is_told(project: Living) -> None:
    full = "error: cannot write to standard output: No space left on device\n"
    project.user.command = ("sh", "-c", f'{" ".join(project.user.command)} "$@" >/dev/full', "sh")
    previewed = project.run(*ITEM, "--dry-run")
    assert (previewed.code, previewed.err) == (1, f"note: nothing was written\n{full}")
    for command in (ITEM, ("remove", "resource", "item"), ("templates", "eject", "service")):
        result = project.run(*command)
        assert result.code == 3
        assert result.err.endswith(f"{full}hint: all is written: git status\n")
    assert not (project.root / MODEL).exists()


def test_as_json_it_is_one_object(project: Living) -> None:
    dry = project.must(*ITEM, "--dry-run", "--json").json
    assert (dry["resource"], dry["state"], dry["written"]) == ("item", "new", False)
    done = project.must(*ITEM, "--json").json
    assert done["written"] is True
    assert [{**one, "path": ""} for one in done["changes"]] == [
        {**one, "path": ""} for one in dry["changes"]
    ]
    assert {"action": "create", "path": MODEL, "why": "the slice"} in done["changes"]
    assert done["next"][0] == "uv run pytest tests/test_items.py"
    again = project.must(*ITEM, "--json").json
    assert (again["state"], again["written"], again["changes"]) == ("identical", False, [])


def test_as_json_a_difference_is_one_object_too(project: Living) -> None:
    project.must(*ITEM)
    result = project.run("add", "resource", "item", "name:str:50", "--json")
    assert result.code == 1
    assert result.json["state"] == "different"
    assert result.json["written"] is False
    assert f"+++ b/{MODEL}" in result.json["diff"]
    assert result.json["error"]["exit_code"] == 1
    assert "the resource item is there already" in result.json["error"]["message"]
    assert "error: the resource item is there already" in result.err


def test_as_json_an_error_is_one_object(project: Living) -> None:
    result = project.run("add", "resource", "item", "name:strr", "price:decimal", "--json")
    assert result.code == 1
    error = json.loads(result.out)["error"]
    assert "strr" in error["message"]
    assert "price" in error["message"]
    assert result.err.count("error: ") == 2


def test_a_patch_is_what_would_be_done(project: Living) -> None:
    before = project.tree()
    patch = project.must(*ITEM, "--diff").out
    assert project.tree() == before
    project.write("../patch", patch)
    project.git("apply", "../patch")
    assert "class Item(" in project.read(MODEL)


def test_it_imports_only_what_it_needs(project: Living) -> None:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "fastgen", *ITEM],
        cwd=project.root,
        env=project.user.env,
        capture_output=True,
        text=True,
        check=True,
    )
    imported = {line.rpartition("|")[2].strip().split(".")[0] for line in done.stderr.splitlines()}
    assert {"typer", "jinja2", "yaml"} <= imported
    assert not imported & SLOW
