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


@pytest.mark.slow
def test_the_help_has_examples_that_work(project: Living) -> None:
    told = project.must("add", "resource", "--help").out
    examples = [line.split() for line in told.splitlines() if line.startswith("  fastgen add")]
    assert len(examples) == 3
    for example in examples:
        project.must(*example[1:])
    told = project.must("add", "field", "--help").out
    examples = [line.split() for line in told.splitlines() if line.startswith("  fastgen add")]
    assert len(examples) == 2
    for example in examples:
        project.must(*example[1:])
    told = project.must("remove", "resource", "--help").out
    assert "\n  fastgen remove resource item\n" in told


@pytest.mark.parametrize(
    ("arguments", "message", "hint"),
    [
        (["add", "recource"], "No such command 'recource'. Did you mean 'resource'?", "add"),
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
        "error: --access takes owner, shared, admin, public, not 'ower'\n"
        "hint: fastgen add resource item name:str:100:min=1 price:decimal:10,2:gt=0 "
        "--access owner\n"
    )


def test_a_name_is_needed_where_nobody_is_asked(project: Living) -> None:
    for flags in ((), ("--yes",), ("--json",)):
        result = project.run("add", "resource", *flags)
        assert result.code == 2
        assert result.err.startswith("error: a resource needs a name\nhint: fastgen add resource")


@pytest.mark.slow
def test_what_is_written_though_stdout_takes_nothing_is_told(project: Living) -> None:
    full = "error: cannot write to standard output: No space left on device"
    project.user.command = ("sh", "-c", f'{project.user.typed} "$@" >/dev/full', "sh")
    previewed = project.run(*ITEM, "--dry-run")
    assert (previewed.code, previewed.err) == (1, f"note: nothing was written\n{full}\n")
    for command in (ITEM, ("remove", "resource", "item"), ("templates", "eject", "service")):
        result = project.run(*command)
        assert result.code == 3
        assert result.err.endswith(f"{full}; all changes are written\nhint: git status\n")
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


def test_as_json_a_difference_is_one_object_too(with_item: Living) -> None:
    result = with_item.run("add", "resource", "item", "name:str:50", "--json")
    assert result.code == 1
    assert result.json["state"] == "different"
    assert result.json["written"] is False
    assert f"+++ b/{MODEL}" in result.json["diff"]
    assert result.json["error"]["exit_code"] == 1
    assert "the resource item already exists" in result.json["error"]["message"]
    assert "error: the resource item already exists" in result.err


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


def test_wrong_fields_names_and_access_are_told_at_once(project: Living) -> None:
    line = ("class", "id:int", "state:enum:draft,live:default=gone:filter", "author:ref:usr")
    result = project.run("add", "resource", *line, "--access", "shred", "--no-migration")
    assert (result.code, result.out) == (1, "")
    assert result.err.count("error: ") == 5
    better = (
        "fastgen add resource class_entry id_value:int state:enum:draft,live:filter:default=draft"
    )
    assert result.err.endswith(
        f"hint: {better} author:ref:user:ondelete=restrict --access shared --no-migration\n"
    )
    project.must(*result.err.splitlines()[-1].split()[2:])


def test_the_plan_tells_default_limits_and_what_was_taken_for_a_default(project: Living) -> None:
    line = ("add", "resource", "letter", "body:text", "data:json", "short:text:max=500")
    told = project.must(*line, "note:str:50:default=n/a:search", "--dry-run").err
    assert "note: field body: at most 20000 characters, unless max= sets another limit\n" in told
    assert "note: field data: at most 65536 bytes, unless max= sets another limit\n" in told
    assert "field short" not in told
    assert "note: field note: its default is 'n/a:search', all of the text after default=" in told
    project.must(*line)
    told = project.must("add", "field", "letter", "more:json:optional").err
    assert "field more: at most 65536 bytes" in told
    assert "max_length=20000" in project.read("src/app/schemas/letter.py")
    assert "max_bytes(65536)" in project.read("src/app/schemas/letter.py")


@pytest.mark.slow
def test_fields_of_an_older_recipe_keep_the_limits_that_they_had(project: Living) -> None:
    """Before there were default limits, a recipe said `body:text`, and meant a million."""
    ours = project.user.command
    older = (
        "from fastgen.fields.types import TYPES;"
        "TYPES['text'].default_max = TYPES['json'].default_max = None;"
        "from fastgen.__main__ import main; main()"
    )
    project.user.command = (sys.executable, "-c", older)
    project.must("add", "resource", "letter", "body:text", "data:json")
    project.commit()
    schema = project.read("src/app/schemas/letter.py")
    assert "max_length" not in schema
    assert "max_bytes" not in schema

    project.user.command = ours
    assert "letter" not in project.run("check").out
    told = project.must("add", "field", "letter", "title:str:optional").err
    assert "at most" not in told
    after = project.read("src/app/schemas/letter.py")
    assert "max_length" not in after.replace("max_length=255", "")
    assert "- body:text\n- data:json\n" in project.read(".fastgen/resources/letter.yml")


@pytest.mark.slow
def test_a_cascade_from_rows_that_others_delete_to_private_ones_is_told(project: Living) -> None:
    project.must("add", "resource", "category", "--access", "shared")
    project.must("add", "resource", "tag", "--access", "admin")
    project.must("add", "resource", "topic")
    line = ("add", "resource", "note", "category:ref:category:ondelete=cascade")
    told = project.must(*line, "topic:ref:topic:ondelete=cascade", "tag:ref:tag").err
    assert (
        "note: field category: deleting a category deletes the notes of all users that refer "
        "to it, and every signed-in user may do that; ondelete=restrict refuses it while there "
        "are any\n"
    ) in told
    assert told.count(": deleting ") == 1
    told = project.must("add", "field", "note", "label:ref:tag:optional:ondelete=cascade").err
    assert "every administrator may" in told


@pytest.mark.slow
def test_a_cascade_by_way_of_another_resource_is_told(project: Living) -> None:
    project.must("add", "resource", "shelf", "--access", "shared")
    project.must("add", "resource", "box", "--access", "shared")
    project.must("add", "resource", "note", "box:ref:box:ondelete=cascade")
    told = project.must("add", "field", "box", "shelf:ref:shelf:optional:ondelete=cascade").err
    assert "deleting a shelf deletes the notes of all users" in told
