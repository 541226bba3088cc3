"""What an edited file is merged with: what was rendered, what git has, or nothing."""

import re
import shutil
from pathlib import Path

import pytest

from fastgen.project import history, recipe, resources, worlds
from fastgen.project.project import Project
from fastgen.project.records import Record, Records
from fastgen.project.settings import Settings
from fastgen.slices.digests import blob, digest
from fastgen.slices.finish import finish
from fastgen.slices.render import Renderer
from living import ITEM, MODEL, RECIPE, RECORDS, SERVICE, Living
from support import Cli

FIELD = ("add", "field", "item", "sku:str:32:optional:filter")
SCHEMA = "src/app/schemas/item.py"
TEMPLATE = ".fastgen/templates/resource/service.py.jinja"
MINE = "\n\ndef mine() -> int:\n    return 1\n"


@pytest.fixture
def edited(project: Living) -> Living:
    """The project with a resource, committed, and then its model and its service edited."""
    project.must(*ITEM)
    project.commit()
    for path in (MODEL, SERVICE):
        project.write(path, project.read(path) + MINE)
    return project


def comment_in_template(project: Living) -> None:
    project.must("templates", "eject", "service")
    project.write(TEMPLATE, "# Ours\n" + project.read(TEMPLATE))


def squashed(project: Living) -> None:
    """Leave only the project as it is now in git, as in a clone of squashed commits."""
    shutil.rmtree(project.root / ".git")
    project.git("init", "-q")
    project.commit()


def as_older(project: Living) -> None:
    """Give the entry the form of older versions: with digests of files, and one of all renders."""
    found = Project(project.root, recipe.load(project.root), Settings())
    entry = resources.must_load(project.root, "item", found.database)
    texts = Renderer(project.root).files(entry.resource, worlds.world(found, entry.resource))
    [made] = finish(project.root, [texts])
    files = {path: Record(digest(content)) for path, content in made.files.items()}
    inside = Records(files, made.render).text().decode()
    project.write(RECIPE, project.read(RECIPE) + inside)
    (project.root / RECORDS).unlink()


def has_field_and_edit(project: Living, path: str) -> bool:
    text = project.read(path)
    return "sku" in text and "def mine" in text


@pytest.mark.slow
def test_a_comment_in_one_template_keeps_no_other_file_from_being_merged(edited: Living) -> None:
    squashed(edited)
    comment_in_template(edited)
    before = edited.read(SERVICE)
    result = edited.run(*FIELD)
    assert result.code == 4
    assert f"left to you: {SERVICE}: it was edited, the templates have changed" in result.err
    assert result.err.count("left to you") == 1
    assert edited.read(SERVICE) == before
    assert has_field_and_edit(edited, MODEL)
    assert "sku" in edited.read(SCHEMA)


@pytest.mark.slow
@pytest.mark.others_nightly
@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["LF", "CRLF"])
def test_git_has_what_other_templates_made(edited: Living, newline: str) -> None:
    edited.write(SERVICE, edited.read(SERVICE).replace("\n", newline))
    comment_in_template(edited)
    edited.must(*FIELD)
    assert has_field_and_edit(edited, SERVICE)
    text = edited.read(SERVICE)
    assert text.startswith("# Ours")
    assert text.count("\n") == text.count(newline)


@pytest.mark.slow
@pytest.mark.others_nightly
@pytest.mark.parametrize("repository", ["sha256", "sha1"])
def test_git_may_have_it_under_another_id(project: Living, repository: str) -> None:
    """With the other kind of ids, or where the committed file has other line ends."""
    shutil.rmtree(project.root / ".git")
    project.git("init", "-q", f"--object-format={repository}")
    project.must(*ITEM)
    if repository == "sha1":
        project.write(".gitattributes", "* -text\n")
        project.write(SERVICE, project.read(SERVICE).replace("\n", "\r\n"))
    project.commit()
    project.write(SERVICE, project.read(SERVICE) + MINE)
    project.commit()
    comment_in_template(project)
    project.must(*FIELD)
    assert has_field_and_edit(project, SERVICE)
    assert project.read(SERVICE).startswith("# Ours")


def test_git_has_what_was_made_before_the_recipe_was_edited(edited: Living) -> None:
    edited.edit(RECIPE, "name:str:100", "name:str:120")
    edited.must(*FIELD, "--no-migration")
    assert has_field_and_edit(edited, MODEL)
    assert "String(120)" in edited.read(MODEL)


@pytest.mark.slow
def test_a_file_that_a_change_does_not_write_keeps_its_record(edited: Living) -> None:
    comment_in_template(edited)
    edited.must("change", "field", "item", "name:str:90:min=1")
    assert not edited.read(SERVICE).startswith("# Ours")
    recorded = re.search(rf"{SERVICE}:\n    blob: (\w+)", edited.read(RECORDS))
    assert recorded
    assert recorded[1] == blob(edited.read(SERVICE).removesuffix(MINE).encode())
    edited.must("remove", "field", "item", "name", "--no-migration")


@pytest.mark.slow
def test_entries_of_older_versions_are_read(edited: Living) -> None:
    as_older(edited)
    edited.must(*FIELD)
    assert has_field_and_edit(edited, MODEL)
    assert "files:" not in edited.read(RECIPE)
    assert "    blob: " in edited.read(RECORDS)


@pytest.mark.slow
def test_an_entry_of_an_older_version_after_a_change_of_templates(edited: Living) -> None:
    as_older(edited)
    comment_in_template(edited)
    result = edited.run(*FIELD)
    assert result.code == 4
    assert f"left to you: {SERVICE}" in result.err
    assert f"left to you: {MODEL}" in result.err
    assert "sku" in edited.read(SCHEMA)


def test_git_is_not_asked_to_fetch(tmp_path: Path, cli: Cli) -> None:
    origin, clone = tmp_path / "origin", tmp_path / "clone"
    origin.mkdir()
    cli.git("init", "-q", cwd=origin)
    cli.git("config", "uploadpack.allowFilter", "true", cwd=origin)
    cli.git("config", "uploadpack.allowAnySHA1InWant", "true", cwd=origin)
    for text in ("one\n", "two\n"):
        (origin / "file").write_text(text)
        cli.git("add", "-A", cwd=origin)
        cli.git("commit", "-qm", "Work", cwd=origin)
    cli.git("clone", "-q", "--filter=blob:none", origin.as_uri(), str(clone), cwd=tmp_path)
    assert history.blob(clone, blob(b"two\n"), "file") == b"two\n"
    assert history.blob(clone, blob(b"one\n"), "file") is None
    # Git itself would have fetched it.
    assert cli.git("cat-file", "blob", blob(b"one\n"), cwd=clone) == "one\n"
    assert history.blob(clone, blob(b"one\n"), "file") == b"one\n"
