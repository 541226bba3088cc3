"""`fastgen apply` and `fastgen export`, as commands."""

import re
import shlex
import subprocess
from pathlib import Path

import pytest
import yaml

import living
from domain.samples import CHANGED, DOMAIN
from living import VERSIONS, Living, make
from support import ROOT, Cli

FILE = "resources.yml"


def piped(project: Living, text: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [*shlex.split(project.user.typed), "apply", "-", *arguments],
        cwd=project.root,
        env=project.user.env,
        input=text,
        capture_output=True,
        check=False,
        text=True,
        timeout=300,
    )


def migrations(project: Living) -> set[Path]:
    return {*(project.root / VERSIONS).glob("*.py")}


@pytest.fixture(scope="module")
def applied(tmp_path_factory: pytest.TempPathFactory, fresh_project: Path) -> Path:
    """A project in which the domain was applied, to copy."""
    home = tmp_path_factory.mktemp("applied")
    project = living.settle(Cli(home, home / "home"), fresh_project)
    project.write(FILE, DOMAIN)
    project.must("apply")
    project.commit()
    return project.root


@pytest.fixture
def made(cli: Cli, applied: Path) -> Living:
    """A project in which the domain was applied."""
    return living.settle(cli, applied)


def test_a_domain_in_any_order_with_one_migration(project: Living) -> None:
    before = migrations(project)
    project.write(FILE, DOMAIN)
    result = project.must("apply", "--json")
    assert result.json["added"] == ["track", "album", "artist", "playlist"]
    assert (result.json["changed"], result.json["removed"]) == ([], [])
    [new] = migrations(project) - before
    source = new.read_text()
    tables = ("artists", "albums", "tracks")
    places = [source.index(f'op.create_table(\n        "{table}"') for table in tables]
    assert places == sorted(places)
    assert "resources.yml" not in project.run("check").out

    tree = project.tree()
    again = project.must("apply")
    assert again.err == "note: the resources already match resources.yml\n"
    assert project.tree() == tree


def test_the_example_of_the_docs(project: Living) -> None:
    docs = (ROOT / "docs" / "resources.md").read_text("utf-8")
    [example] = re.findall(r"```yaml\n(version: 1\n.*?)```", docs, re.DOTALL)
    project.write(FILE, re.sub("^renamed:.*", "", example, flags=re.MULTILINE))
    result = project.must("apply")
    assert (
        "index artist,created_at: the index on artist_id, created_at, id already serves it"
        in result.err
    )
    assert "resources.yml" not in project.run("check").out


def test_a_child_of_several_parents_is_listed_in_each(project: Living) -> None:
    fields = "[a:ref:artist, b:ref:label, c:ref:genre:optional]"
    parents = ("artist", "label", "genre")
    lines = "".join(f"  {name}: [name]\n" for name in parents)
    project.write(FILE, f"version: 1\nresources:\n  record: {fields}\n{lines}")
    project.must("apply")
    for name in parents:
        assert "records: Mapped[list[" in project.read(f"src/app/models/{name}.py")


# The project was not installed.
NOT_LOCKED = "uv.lock: it does not exist\n  hint: uv lock\n"
CIRCLE = """\
version: 1
access: shared
resources:
  store: ["name:str:50", "manager:ref:worker:optional:unique"]
  worker: ["name:str:50", "store:ref:store"]
"""


@pytest.mark.slow
@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_a_circle_with_an_optional_reference(cli: Cli, database: str) -> None:
    project = Living(cli, make(cli, cli.cwd / "shop", database=database))
    before = migrations(project)
    project.write(FILE, CIRCLE)
    project.must("apply")
    [new] = migrations(project) - before
    source = new.read_text()
    key = 'batch.create_foreign_key(\n            op.f("fk_stores_manager_id_workers")'
    drop = 'batch.drop_constraint(op.f("fk_stores_manager_id_workers")'
    # SQLite takes a key to a table that comes later.
    assert (key in source, drop in source) == (database == "postgresql",) * 2
    if database == "postgresql":
        assert source.index('create_table(\n        "workers"') < source.index(key)
        assert source.index(drop) < source.index('drop_table("workers")')
    assert "use_alter=True" in project.read("src/app/models/store.py")
    assert "import test_workers\n" in project.read("tests/test_stores.py")
    assert "import test_stores\n" in project.read("tests/test_workers.py")
    assert project.run("check").out == NOT_LOCKED
    result = project.run("remove", "resource", "store")
    assert "error: store is referred to by worker\n" in result.err
    hint = "fastgen remove field store manager && fastgen remove resource worker"
    assert f"hint: {hint}\n" in result.err
    for command in hint.split(" && "):
        project.must(*command.split()[1:])
    project.must("remove", "resource", "store")
    (project.root / FILE).unlink()
    assert project.run("check").out == NOT_LOCKED


@pytest.mark.slow
def test_a_circle_closed_later_and_opened_again(project: Living) -> None:
    whole, tree = CIRCLE, CIRCLE.replace(', "manager:ref:worker:optional:unique"', "")
    project.write(FILE, tree)
    project.must("apply")
    first = project.texts()
    project.must("add", "field", "store", "manager:ref:worker:optional:unique")
    project.write(FILE, whole)
    assert project.must("apply").err == "note: the resources already match resources.yml\n"
    assert project.run("check").out == NOT_LOCKED
    project.must("remove", "field", "store", "manager")
    there = project.texts()
    for path in ("tests/test_workers.py", "tests/test_stores.py", "src/app/models/worker.py"):
        assert there[path] == first[path]


@pytest.mark.slow
def test_a_preview_writes_nothing(project: Living) -> None:
    project.write(FILE, DOMAIN)
    before = project.tree()
    assert "create  src/app/models/album.py\n" in project.must("apply", "--dry-run").out
    assert "+class Album(" in project.must("apply", "--diff").out
    assert project.tree() == before


def test_without_a_migration(project: Living) -> None:
    project.write(FILE, DOMAIN)
    before = project.migrations()
    project.must("apply", "--no-migration")
    assert project.migrations() == before


@pytest.mark.slow
def test_what_the_file_does_not_name_goes_only_when_asked_for(made: Living) -> None:
    made.write(FILE, CHANGED)
    before, there = made.tree(), migrations(made)
    result = made.run("apply")
    assert (result.code, result.out) == (1, "")
    assert result.err == (
        "error: resources.yml does not name the resource playlist\n"
        "error: resources.yml does not name unique [artist, title] of album\n"
        "hint: fastgen apply --prune\n"
    )
    assert made.tree() == before

    result = made.must("apply", "--prune", "--json")
    assert result.json["added"] == ["genre"]
    assert result.json["changed"] == ["song", "album", "artist"]
    assert result.json["removed"] == ["playlist"]
    [new] = migrations(made) - there
    migration = new.read_text()
    assert 'op.rename_table("tracks", "songs")' in migration
    assert 'new_column_name="seconds"' in migration
    assert 'op.drop_table("playlists")' in migration
    # What was renamed is called so now.
    assert made.must("apply").err == "note: the resources already match resources.yml\n"
    assert "resources.yml" not in made.run("check").out


def test_what_looks_like_a_rename_needs_its_line(made: Living) -> None:
    made.write(FILE, DOMAIN.replace("track:", "song:").replace('"name:str:120"', '"label:str:120"'))
    before = made.tree()
    result = made.run("apply", "--prune")
    assert result.code == 1
    assert "resources.yml:4: track is removed and song is new with the same def" in result.err
    assert "add 'track: song' under 'renamed:'" in result.err
    assert "add 'playlist.name: label' under 'renamed:'" in result.err
    assert made.tree() == before


FOLLOWED = {
    # What refers to a renamed resource is called after it, with another definition or as it was.
    "renamed: {artist: band}": (
        '"band:ref:band:filter"',
        ["if it is album.artist with a new name, add 'album.artist: band' under 'renamed:'"],
    ),
    "renamed: {}": (
        '"band:ref:band:ondelete=cascade:filter"',
        ["add 'artist: band' under", "add 'album.artist: band' under"],
    ),
}


@pytest.mark.parametrize("renamed", FOLLOWED)
def test_references_may_be_renamed_with_their_resource(made: Living, renamed: str) -> None:
    field, told = FOLLOWED[renamed]
    domain = DOMAIN.replace("  artist: [", "  band: [").replace("[[artist,", "[[band,")
    domain = domain.replace('"artist:ref:artist:ondelete=cascade:filter"', field)
    made.write(FILE, f"{domain}{renamed}\n")
    result = made.run("apply")
    assert result.code == 1
    assert all(one in result.err for one in told), result.err
    assert result.err.count("error: ") == len(told)
    made.write(FILE, f"{domain}renamed: {{artist: band, album.artist: band}}\n")
    made.must("apply", "--dry-run")


def test_resources_that_refer_to_each_other_may_be_renamed_together(made: Living) -> None:
    domain = DOMAIN.replace("artist", "band")
    domain = domain.replace("  album:", "  record:").replace("album:ref:album", "album:ref:record")
    made.write(FILE, domain)
    result = made.run("apply")
    assert "add 'album: record' and 'album.artist: band' under 'renamed:'" in result.err
    assert result.err.count("error: ") == 2
    renamed = "renamed: {artist: band, album: record, album.artist: band}"
    made.write(FILE, f"{domain}{renamed}\n")
    made.must("apply", "--dry-run")


@pytest.mark.parametrize(
    ("renamed", "told"),
    [
        ("track: album", "'track' and 'album' both exist"),
        ("tune: song", "'tune' and 'song': the project has neither"),
        ("track: song", "there is no 'song' under resources"),
        ("track.title: length", "'track.title' and 'length' both exist"),
        ("track.a: b", "'track.a' and 'b': the project has neither"),
        ("track.title: name", "track has no field 'name' in the file"),
        ("trakc.title: name", "there is no resource 'trakc' in the project; did you mean track?"),
    ],
)
def test_lines_of_renames_that_cannot_be_meant(made: Living, renamed: str, told: str) -> None:
    made.write(FILE, f"{DOMAIN}renamed: {{{renamed}}}\n")
    result = made.run("apply")
    assert result.code == 1
    assert f"error: resources.yml:16: {told}" in result.err or f": {told}" in result.err


def test_lines_of_renames_that_are_carried_out_are_ignored(made: Living) -> None:
    made.write(FILE, f"{DOMAIN}renamed: {{song: track, song.seconds: length}}\n")
    assert made.must("apply").err == "note: the resources already match resources.yml\n"


def test_all_mistakes_at_once_each_with_its_line(made: Living) -> None:
    made.write(
        FILE,
        """\
version: 1
access: shraed
resources:
  artist: [name:strr:120]
  album:
    fields: ["title:str:160", "artist:ref:artsts", "price:int"]
    unique: [[artist, titel]]
    access: ownr
  node: [leaf:ref:leaf]
  leaf: [node:ref:node]
  Artist: [name]
  sheep: [name]
""",
    )
    before = made.tree()
    result = made.run("apply")
    assert (result.code, result.out) == (1, "")
    assert "hint:" not in result.err
    told = [line.removeprefix(f"error: {FILE}:") for line in result.err.splitlines()]
    for begin in (
        "2: access is one of owner, shared, admin, public, not 'shraed'; did you mean shared?",
        "4: field 'name:strr:120': 'strr' is not a type; did you mean str?",
        "6: field 'artist': the file has no resource 'artsts' to refer to; did you mean artist?",
        "6: field 'price:int': existing rows would have no value for it",
        "7: unique [artist, titel]: there is no field 'titel'; did you mean title?",
        "8: access is one of owner, shared, admin, public, not 'ownr'; did you mean owner?",
        "9: field 'leaf': leaf needs node, so neither could have a first row: make one",
        "10: field 'node': node needs leaf, so neither could have a first row: make one",
        "11: the resource artist is already on line 4",
        "12: 'sheep' is its own plural, but the singular and the plural must differ; write ",
    ):
        assert any(one.startswith(begin) for one in told), (begin, told)
    assert made.tree() == before


def test_names_that_are_taken(project: Living) -> None:
    project.write("src/app/models/item.py", "X = 1\n")
    project.write(FILE, "version: 1\nresources: {item: [name:str:9]}\n")
    result = project.run("apply")
    assert result.code == 1
    assert "resources.yml:2: src/app/models/item.py already exists" in result.err
    assert "hint:" not in result.err


def test_files_that_cannot_be_read(project: Living) -> None:
    result = project.run("apply")
    assert (result.code, result.err) == (
        1,
        "error: resources.yml does not exist\nhint: fastgen export -o resources.yml\n",
    )
    project.write("large.yml", "# " + "x" * 1024 * 1024)
    result = project.run("apply", "large.yml")
    assert (result.code, result.err) == (
        1,
        "error: large.yml cannot be read: it is larger than 1024 KB\n",
    )
    result = project.run("apply", "src")
    assert result.code == 1
    assert "error: src cannot be read" in result.err


def test_what_is_exported_changes_nothing(made: Living) -> None:
    text = made.must("export").out
    assert yaml.safe_load(text)["resources"]["album"] == {
        "access": "shared",
        "fields": ["title:str:160:search", "artist:ref:artist:filter:ondelete=cascade"],
        "unique": [["artist", "title"]],
    }
    before = made.tree()
    done = piped(made, text)
    assert (done.returncode, done.stderr) == (0, "note: the resources already match stdin\n")
    assert made.tree() == before
    made.must("export", "-o", FILE)
    assert made.read(FILE) == text
    assert made.must("export").out == text


def test_stdin_has_a_limit(project: Living) -> None:
    done = piped(project, "#" * (1024 * 1024 + 1))
    assert (done.returncode, done.stderr) == (1, "error: stdin is larger than 1024 KB\n")


def test_a_file_that_people_wrote_is_not_overwritten(project: Living) -> None:
    for text, told in (
        ("version: 1\nresources: {} # ours\n", "has comments, which would be lost"),
        ("a: b\n", "is not a file of resources"),
        ("a: [\n", "is not a file of resources"),
        ("a: 'b\n", "cannot be read"),
    ):
        project.write(FILE, text)
        result = project.run("export", "-o", FILE)
        assert result.code == 1
        assert told in result.err
        assert "hint: mv resources.yml resources.yml.old\n" in result.err
        assert project.read(FILE) == text


@pytest.mark.slow
def test_check_names_the_command(made: Living) -> None:
    made.write(FILE, DOMAIN.replace("length:int", "length:bigint"))
    result = made.run("check")
    assert result.code == 1
    assert "resources.yml: it changes track\n  hint: fastgen apply\n" in result.out
    made.write(FILE, DOMAIN.replace(', "length:int:optional:ge=0"', ""))
    result = made.run("check")
    assert "resources.yml: it does not name the field length of track\n" in result.out
    assert "hint: fastgen apply --prune\n" in result.out
    made.write(FILE, DOMAIN.replace("length:int", "length:itn"))
    assert "resources.yml: line 5: field 'length:itn" in made.run("check").out
