"""The records of all that is generated: the project, the modules of types, the resources."""

import json
import re
from pathlib import Path

import pytest

from fastgen.project import project_files, recipe, records
from fastgen.project.edited import Generated
from fastgen.project.project import Project
from fastgen.project.settings import Settings
from living import ITEM, RECIPE, ROUTER, SERVICE, Living
from support import Cli

FILES = ".fastgen/files"
OF_PROJECT = f"{FILES}/project.yml"
OF_DATES = f"{FILES}/types/schemas/dates.yml"
DATES = "src/app/schemas/types/dates.py"
MAIN = "src/app/main.py"
OWN_DATES = ".fastgen/templates/resource/types/schemas/dates.py.jinja"
USER = "src/app/models/user.py"
LINE = re.compile(r"  (\S+):\n    blob: '?(\w+)'?\n")


def recorded(project: Living) -> dict[str, str]:
    """Return the id of each file in the records."""
    files = sorted((project.root / FILES).rglob("*.yml"))
    return {path: name for file in files for path, name in LINE.findall(file.read_text())}


def in_git(project: Living) -> dict[str, str]:
    """Return the id of each committed file."""
    lines = project.git("ls-tree", "-r", "HEAD").splitlines()
    return {path: about.split()[2] for about, path in (line.split("\t") for line in lines)}


def edited(project: Living) -> list[str]:
    found: list[str] = json.loads(project.must("info", "--json").out)["edited"]
    return found


def test_each_file_of_a_new_project_has_the_id_that_git_gives_it(project: Living) -> None:
    committed = in_git(project)
    assert committed.keys() - recorded(project).keys() == {".copier-answers.yml", OF_PROJECT}
    assert recorded(project) == {path: committed[path] for path in recorded(project)}


def test_each_file_that_comes_with_a_resource_has_one_too(project: Living) -> None:
    before, known = in_git(project).keys(), recorded(project).keys()
    project.must("add", "resource", "item", "price:decimal:10,2", "due:date", "kind:enum:a,b")
    project.commit()
    committed, found = in_git(project), recorded(project)
    left = committed.keys() - before - found.keys()
    assert {path for path in left if "/versions/" not in path} == {
        path for path in committed.keys() - before if path.startswith(".fastgen/")
    }
    new = found.keys() - known
    assert new
    assert {path: found[path] for path in new} == {path: committed[path] for path in new}
    assert edited(project) == []


@pytest.mark.slow
def test_what_the_target_kept_has_no_record(cli: Cli, tmp_path: Path) -> None:
    target = tmp_path / "there"
    target.mkdir()
    cli.git("init", "-q", cwd=target)
    (target / "README.md").write_text("Mine\n")
    made = cli.run("new", "shop", "--yes", "--no-install", "--output", str(target))
    assert made.code == 0, made
    assert "README.md" not in recorded(Living(cli, target))
    assert "AGENTS.md" in recorded(Living(cli, target))


@pytest.mark.slow
def test_only_edits_of_people_are_edits(project: Living) -> None:
    project.must(*ITEM, "buyer:ref:user:optional", "due:date")
    assert edited(project) == []
    for path in (ROUTER, USER, DATES, SERVICE):
        project.write(path, project.read(path).replace("\n", "\r\n"))
    project.write(MAIN, project.read(MAIN).replace('"', "'"))
    (project.root / "SECURITY.md").unlink()
    assert edited(project) == []
    paths = sorted((DATES, MAIN, "README.md", ROUTER, SERVICE))
    for path in paths:
        project.write(path, project.read(path) + "# Mine\n")
    assert edited(project) == paths
    assert "SECURITY.md" not in project.run("check").out


@pytest.mark.slow
def test_edits_are_found_without_what_was_rendered(project: Living) -> None:
    project.must(*ITEM)
    project.commit()
    project.edit(".copier-answers.yml", "description: A FastAPI", "description: Our")
    project.edit(RECIPE, "name:str:100", "name:str:120")
    project.write(MAIN, project.read(MAIN).replace('"', "'"))
    project.write(SERVICE, project.read(SERVICE) + "# Mine\n")
    assert edited(project) == [SERVICE]


@pytest.mark.slow
def test_a_moved_file_is_told_where_it_is(with_item: Living) -> None:
    with_item.write("src/app/domain/item_service.py", with_item.read(SERVICE))
    (with_item.root / SERVICE).unlink()
    assert edited(with_item) == []
    path = "src/app/domain/item_service.py"
    with_item.write(path, with_item.read(path) + "# Mine\n")
    assert edited(with_item) == [path]


@pytest.mark.slow
def test_a_project_without_records_works(project: Living) -> None:
    (project.root / OF_PROJECT).unlink()
    project.must(*ITEM)
    project.write(MAIN, project.read(MAIN) + "# Mine\n")
    assert edited(project) == []
    project.must("remove", "resource", "item", "--no-migration")
    assert not (project.root / FILES).exists()


@pytest.mark.slow
@pytest.mark.parametrize("mine", [False, True])
def test_a_module_of_a_type_is_unchanged_if_its_record_says_so(
    project: Living, *, mine: bool
) -> None:
    project.must("add", "resource", "event", "day:date")
    project.write(DATES, project.read(DATES).replace('"', "'") + ("# Mine\n" if mine else ""))
    text = project.read(DATES).replace("'", '"')
    project.write(OWN_DATES, text.replace("2026-01-31", "2027-02-28"))
    result = project.must("remove", "resource", "event", "--no-migration")
    assert (f"{DATES} was edited: kept" in result.err) == mine
    assert [(project.root / path).exists() for path in (DATES, OF_DATES)] == [mine, mine]


@pytest.mark.slow
def test_the_base_of_a_file_of_the_project(project: Living) -> None:
    """What is rendered, if the digest says so; else what git has; else nothing."""
    project.write(MAIN, project.read(MAIN) + "# Mine\n")

    def base() -> bytes | None:
        found = Project(project.root, recipe.load(project.root), Settings())
        now = project_files.rendered(found, {MAIN})
        return Generated(found, records.load(project.root, "project"), now).original(MAIN)

    written = project.git("show", f"HEAD:{MAIN}").encode()
    git = project.root / ".git"
    git.rename(project.root.parent / "git")
    assert base() == written
    text = project.read(OF_PROJECT)
    project.write(OF_PROJECT, re.sub(rf"(?m)({MAIN}:\n.*\n    render: ).*", r"\1other", text))
    assert base() is None
    (project.root.parent / "git").rename(git)
    assert base() == written


@pytest.mark.slow
def test_files_of_accounts_are_recorded_with_the_project(project: Living) -> None:
    before = project.read(OF_PROJECT)
    project.must("add", "field", "user", "bio:text:optional")
    assert project.read(OF_PROJECT) != before
    assert edited(project) == []
    project.write(USER, project.read(USER).replace('"', "'"))
    project.must("remove", "field", "user", "bio", "--no-migration")
    assert project.read(OF_PROJECT) == before
    assert edited(project) == []


def branch(project: Living, name: str, *lines: str) -> None:
    project.git("checkout", "-q", "-b", name, "main")
    for line in lines:
        project.must(*line.split())
    project.commit()


@pytest.mark.slow
def test_branches_that_bring_types_merge(project: Living) -> None:
    """Without a rule of ours for merging, as on the sites of some hosts."""
    attributes = project.read(".gitattributes")
    project.write(".gitattributes", attributes.replace(".fastgen/files/** merge=union\n", ""))
    project.commit()
    project.git("branch", "-M", "main")
    branch(project, "one", "add resource event day:date price:decimal:10,2")
    branch(project, "two", "add resource visit day:date at:time")
    project.git("merge", "-q", "one")
    project.run("check", "--fix")
    assert edited(project) == [".gitattributes"]
    project.must("remove", "resource", "visit")
    project.must("remove", "resource", "event")
    project.commit()
    assert [file.name for file in (project.root / FILES).rglob("*.yml")] == ["project.yml"]


@pytest.mark.slow
def test_branches_that_change_a_resource_merge(project: Living) -> None:
    project.must("add", "resource", "maker", "name:str:50", "--access", "shared")
    project.must("add", "resource", "item", "maker:ref:maker", "name:str:100", "note:text")
    project.commit()
    project.git("branch", "-M", "main")
    branch(project, "one", "change access maker admin --no-migration")
    branch(project, "two", "change field item name:str:100:search --no-migration")
    before = recorded(project)
    project.git("merge", "-q", "one")
    assert recorded(project) != before
    # What both changed is as no branch had it, and yet as it is rendered of both recipes.
    assert edited(project) == []
    project.must("add", "field", "item", "code:str:5:optional")
    project.must("remove", "resource", "item")
    assert not (project.root / SERVICE).exists()
