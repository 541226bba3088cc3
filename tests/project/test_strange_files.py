"""Files of a project that a stranger has written: data, whatever stands in them."""

import os
from pathlib import Path

import pytest

from living import ITEM, MODEL, MODELS, RECIPE, ROUTER, VERSIONS, Living

ANSWERS = ".copier-answers.yml"
SETTINGS = "pyproject.toml"
COMMANDS = {"info": ("info",), "check": ("check",), "add": (*ITEM, "--dry-run")}
DEEP = {
    "brackets": f"zz: {'[' * 60_000}",
    "a mapping in a mapping": f"zz: {'{' * 60_000}",
    "lists in lists": f"zz:\n{'- ' * 30_000}",
    "an alias": "zz: &a [x]\nzy: *a",
    "a tag": "zz: !!python/object/apply:os.system [touch pwned]",
    "a number that no float is": f"zz: 1{':1' * 20_000}.0",
    "larger than 64 KB": "#" * (64 * 1024 + 1),
}


def refuses(project: Living, command: tuple[str, ...], *told: str) -> None:
    before = names(project.root)
    result = project.run(*command)
    assert result.code == 1, result
    for text in told:
        assert text in result.err + result.out
    assert "Traceback" not in result.err
    assert "bug in fastgen" not in result.err
    assert names(project.root) == before


def names(root: Path) -> set[str]:
    return {path.relative_to(root).as_posix() for path in root.rglob("*")}


@pytest.mark.parametrize("name", DEEP)
@pytest.mark.parametrize("path", [RECIPE, ANSWERS])
def test_yaml_that_would_crash_a_parser_is_refused(project: Living, path: str, name: str) -> None:
    head = project.read(ANSWERS) if path == ANSWERS else ""
    project.write(path, f"{head}{DEEP[name]}\n")
    refuses(project, ("info",), path.rpartition("/")[2])


TOML = {
    "100 000 brackets": "x = " + "[" * 100_000,
    "a key of 100 000 parts": "x" + ".x" * 100_000 + " = 1",
    "a number of 5 000 digits": "[tool.fastgen]\nmigration = " + "9" * 5_000,
    "a number that Python does not write out": "[tool.fastgen]\nmigration = 0x" + "f" * 9_000,
    "larger than 1 MB": "#" * (1024 * 1024 + 1),
    "a FIFO": "",
}


@pytest.mark.parametrize("name", TOML)
def test_settings_that_would_crash_a_parser_are_refused(project: Living, name: str) -> None:
    (project.root / SETTINGS).unlink()
    if TOML[name]:
        project.write(SETTINGS, TOML[name])
    else:
        os.mkfifo(project.root / SETTINGS)
    refuses(project, ("info",), SETTINGS)


SOURCES = {
    "brackets": "x = " + "(" * 100_000,
    "signs": "x = " + "-" * 500_000 + "1",
    "attributes": "x = a" + ".b" * 100_000,
    "an encoding that is none": "# coding: rot13",
    "branches": "if a: pass\n" + "elif a: pass\n" * 20_000,
    "larger than 1 MB": "#" * 1024 * 1024,
}


@pytest.mark.others_slow
@pytest.mark.parametrize("name", SOURCES)
def test_python_that_would_crash_a_parser_is_left_alone(project: Living, name: str) -> None:
    hostile = SOURCES[name] + "\nitem = items = Item = '/items'\n"
    project.write("src/app/api/v1/endpoints/other.py", hostile)
    project.write(f"{VERSIONS}/zz.py", "down_revision = None\n" + hostile)
    if name == "larger than 1 MB":
        refuses(project, (*ITEM, "--dry-run"), f"{VERSIONS}/zz.py cannot be read")
        (project.root / VERSIONS / "zz.py").unlink()
    result = project.run(*ITEM, "--dry-run")
    assert result.code == 0, result
    for path in (ROUTER, MODELS):
        project.write(path, SOURCES[name])
    result = project.run(*ITEM, "--dry-run")
    assert result.code in {1, 4}, result
    assert "Traceback" not in result.err
    assert "bug in fastgen" not in result.err


@pytest.mark.parametrize(
    "path", [RECIPE, ROUTER, f"{VERSIONS}/zz.py", "src/app/api/v1/endpoints/zz.py", "uv.lock"]
)
def test_a_fifo_keeps_nobody_waiting(project: Living, path: str) -> None:
    file = project.root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.unlink(missing_ok=True)
    os.mkfifo(file)
    for command in COMMANDS.values():
        result = project.run(*command)
        assert result.code in {0, 1}, result
        assert "Traceback" not in result.err


def test_a_fifo_in_the_place_of_a_recipe_keeps_nobody_waiting(project: Living) -> None:
    (project.root / ANSWERS).unlink()
    os.mkfifo(project.root / ANSWERS)
    assert "is not in a fastgen project" in project.run("info").err


@pytest.mark.parametrize("path", [RECIPE, ANSWERS, SETTINGS, ROUTER, MODEL])
def test_a_link_that_leads_out_of_the_project_is_not_followed(
    with_item: Living, tmp_path: Path, path: str
) -> None:
    secret = tmp_path / "secret"
    head = with_item.read(ANSWERS) if path == ANSWERS else "root:*:20228:0:99999:7:::\n"
    secret.write_text(f"{head}root: *x\nclass Secret: pass\n", encoding="utf-8")
    (with_item.root / path).unlink()
    (with_item.root / path).symlink_to(secret)
    added = ("resource", "note") if path == ROUTER else ("field", "item", "note:text:optional")
    change = ("add", *added, "--diff")
    for command in (("info",), ("check",), change):
        result = with_item.run(*command)
        assert "20228" not in result.out + result.err
        assert "class Secret" not in result.out + result.err
        assert "Traceback" not in result.err
    assert result.code == 1
    assert "which is outside of" in result.err


NAMES = {
    "a plural of 5 000 letters": ("plural: items", f"plural: {'a' * 5_000}"),
    "a plural of 41 letters": ("plural: items", f"plural: {'a' * 41}"),
    "a version of 5 000 digits": ("fastgen: 0", f"fastgen: {'9' * 5_000}"),
    "a field of 5 000 letters": ("- name:str", f"- {'a' * 5_000}:str"),
    "101 fields": ("- name:str", "".join(f"- f{n}:int\n" for n in range(100)) + "- name:str"),
}


@pytest.mark.others_slow
@pytest.mark.parametrize("name", NAMES)
def test_recorded_names_have_the_limits_of_typed_ones(with_item: Living, name: str) -> None:
    old, new = NAMES[name]
    text = with_item.read(RECIPE)
    assert text.count(old) == 1
    with_item.write(RECIPE, text.replace(old, new))
    for command in (("info",), ("check",), ("remove", "resource", "item", "--dry-run")):
        result = with_item.run(*command)
        assert "Traceback" not in result.err
        assert "bug in fastgen" not in result.err
        assert "File name too long" not in result.err
        assert len(result.err) + len(result.out) < 2_000
        if "version" not in name:
            assert result.code == 1, result


REACHING = {
    "a path": 'extend = "/etc/shadow"',
    "a way up": 'extend = "../../../../../../../etc/shadow"',
    "the home": 'extend = "~/secret.toml"',
    "a variable": 'extend = "$HOME/secret.toml"',
    "a link": 'extend = "ruff-link.toml"',
    "by way of another": 'extend = "base.toml"',
    "itself": 'extend = "pyproject.toml"',
}


@pytest.mark.parametrize("name", REACHING)
def test_settings_of_ruff_do_not_lead_out_of_the_project(
    project: Living, tmp_path: Path, name: str
) -> None:
    secret = tmp_path / "secret.toml"
    for file in (secret, project.user.home / "secret.toml"):
        file.write_text("root:*:20228:0:99999:7:::\n", encoding="utf-8")
    (project.root / "ruff-link.toml").symlink_to(secret)
    project.write("base.toml", f'extend = "{secret}"\n')
    project.edit(SETTINGS, "[tool.ruff]\n", f"[tool.ruff]\n{REACHING[name]}\n")
    result = project.run(*ITEM)
    assert result.code == 1, result
    assert "ruff's extend" in result.err
    assert "20228" not in result.err
    assert "root:" not in result.err


def test_settings_of_ruff_of_the_same_repository_are_taken(project: Living) -> None:
    project.write("base.toml", "line-length = 88\n")
    project.edit(SETTINGS, "[tool.ruff]\n", '[tool.ruff]\nextend = "base.toml"\n')
    project.must(*ITEM)


def test_settings_that_ruff_does_not_take_are_not_a_fault_of_fastgen(project: Living) -> None:
    project.edit(SETTINGS, "[tool.ruff]\n", "[tool.ruff]\nno-such-setting = 1\n")
    result = project.run(*ITEM)
    assert result.code == 1
    assert "ruff does not accept the settings" in result.err
    assert "unknown field `no-such-setting`" in result.err


def test_a_lock_is_not_parsed(project: Living) -> None:
    project.write("uv.lock", "x = " + "[" * 200_000)
    result = project.run("check")
    assert result.code == 1
    assert "uv.lock: it cannot be read\n  hint: rm uv.lock && uv lock" in result.out


def test_dependencies_of_no_form_are_not_a_fault_of_fastgen(project: Living) -> None:
    project.write("uv.lock", '[[package]]\nname = "fastapi"\n')
    project.write(SETTINGS, 'project = 1\ndependency-groups = {dev = "x", test = [{a = 1}]}\n')
    result = project.run("check")
    assert "bug in fastgen" not in result.err


def test_a_hint_with_the_name_of_a_file_runs_nothing(project: Living) -> None:
    project.write(".fastgen/resources/x; touch pwned.yml", "[")
    result = project.run("check")
    assert result.code == 1
    file = ".fastgen/resources/x; touch pwned.yml"
    assert f"hint: mv '{file}' '{file}.broken'" in result.out


def test_numbers_that_json_has_not_are_no_answers(project: Living) -> None:
    project.write(ANSWERS, project.read(ANSWERS) + "x: .nan\n")
    result = project.run("info", "--json")
    assert result.code == 1
    assert "NaN" not in result.out


def test_a_revision_does_not_become_code(project: Living) -> None:
    evil = '"' * 3 + "\nimport os"
    project.write(f"{VERSIONS}/zz.py", f"revision = {evil!r}\ndown_revision = None\n")
    for path in (project.root / VERSIONS).glob("2*.py"):
        path.unlink()
    refuses(project, ITEM, f"{VERSIONS}/zz.py: a revision consists of letters, digits and '_', not")


def test_an_entry_that_could_not_be_read_again_is_not_written(project: Living) -> None:
    note = f"note:text:max=100000:default={'a ' * 40_000}a"
    refuses(project, ("add", "resource", "item", note), RECIPE)
