"""Unique constraints and indexes over several columns: `--unique a,b` and `--index a,b`."""

import re
import shlex
from pathlib import Path

import pytest

import living
from living import Living
from support import Cli

ARTIST = ("add", "resource", "artist", "name:str:50:unique", "--access", "shared")
FIELDS = ("title:str:100", "artist:ref:artist")
ALBUM = ("add", "resource", "album", *FIELDS)
SETS = ("--unique", "artist,title", "--index", "artist,created_at")
MODEL = "src/app/models/album.py"
TESTS = "tests/test_albums.py"
RECIPE = ".fastgen/resources/album.yml"
CONSTRAINT = 'sa.UniqueConstraint("owner_id", "artist_id", "title")'
INDEX = 'sa.Index(None, "artist_id", "created_at")'
FILTERED = "artist:ref:artist:filter"


@pytest.fixture(scope="module")
def stocked(tmp_path_factory: pytest.TempPathFactory, fresh_project: Path) -> Path:
    """A project with the resource album, in git, to copy."""
    home = tmp_path_factory.mktemp("albums")
    project = living.settle(Cli(home, home / "home"), fresh_project)
    project.must(*ARTIST)
    project.must(*ALBUM, *SETS)
    project.commit()
    return project.root


@pytest.fixture
def albums(cli: Cli, stocked: Path) -> Living:
    """A project with the resource album."""
    return living.settle(cli, stocked)


def has(project: Living, *texts: str) -> bool:
    model = project.read(MODEL)
    return all(text in model for text in texts)


def test_they_are_in_the_slice_and_in_the_recipe(albums: Living) -> None:
    assert has(albums, CONSTRAINT, INDEX)
    # The index begins with the reference, so that it needs none of its own.
    assert "index=True" not in albums.read(MODEL)
    migration = next(albums.root.glob("src/app/migrations/versions/*_create_albums.py")).read_text()
    assert 'name=op.f("uq_albums_owner_id_artist_id_title")' in migration
    assert 'op.create_index(op.f("ix_albums_artist_id_created_at")' in migration
    assert "test_artist_and_title_when_changed" in albums.read(TESTS)
    assert "unique:\n- - artist\n  - title\nindex:\n- - artist\n  - created_at\n" in albums.read(
        RECIPE
    )
    assert "album" not in albums.run("check").out


def test_without_them_the_recipe_does_not_speak_of_them(albums: Living) -> None:
    recipe = albums.read(".fastgen/resources/artist.yml")
    assert not re.search("^(unique|index):", recipe, re.MULTILINE)


def test_a_reference_may_be_called_as_its_column(albums: Living) -> None:
    again = albums.must(*ALBUM, "--unique", "artist_id, title", "--index", "artist_id,created_at")
    assert "already exists, exactly like this" in again.err


def test_info_shows_them_and_how_to_repeat_them(albums: Living) -> None:
    shown = albums.must("info").out
    assert "  unique artist,title\n  index artist,created_at\n" in shown
    album = albums.must("info", "--json").json["resources"][0]
    assert (album["unique"], album["index"]) == ([["artist", "title"]], [["artist", "created_at"]])
    assert albums.must(*shlex.split(album["again"])[1:]).err.endswith("exactly like this\n")


def test_they_are_in_the_report_of_a_program(project: Living) -> None:
    project.must(*ARTIST)
    report = project.must(*ALBUM, *SETS, "--dry-run", "--json").json
    assert report["unique"] == [["artist", "title"]]
    assert report["index"] == [["artist", "created_at"]]


@pytest.mark.slow
def test_they_are_kept_where_none_are_named(albums: Living) -> None:
    assert "exactly like this" in albums.must(*ALBUM).err
    albums.must("add", "field", "album", "year:int:optional")
    assert has(albums, CONSTRAINT, INDEX, "year")
    assert "exactly like this" in albums.must(*ALBUM, "year:int:optional", *SETS).err
    albums.commit()
    forced = albums.run(*ALBUM, "year:int:optional:sort", "--force")
    assert forced.code == 0
    assert has(albums, CONSTRAINT, INDEX)


@pytest.mark.slow
def test_a_field_takes_along_the_sets_that_it_is_in(albums: Living) -> None:
    forced = albums.run(
        "add", "resource", "album", "artist:ref:artist", "year:int:optional", "--force"
    )
    assert forced.code == 0
    assert has(albums, INDEX)
    assert "UniqueConstraint" not in albums.read(MODEL)


@pytest.mark.slow
def test_sets_that_other_fields_make_useless_are_to_be_left_out(albums: Living) -> None:
    line = ("add", "resource", "album", "title:str:100:unique", "artist:ref:artist", "--force")
    refused = albums.run(*line)
    assert refused.code == 1
    assert "--unique 'artist,title': title is unique by itself" in refused.err
    hint = re.findall("hint: fastgen (.*)", refused.err)[-1]
    assert hint.endswith("--unique none")
    assert albums.run(*shlex.split(hint)).code == 0
    assert has(albums, INDEX)


@pytest.mark.slow
def test_others_are_a_difference_which_force_makes(albums: Living) -> None:
    refused = albums.run(*ALBUM, "--unique", "title,artist")
    assert refused.code == 1
    assert '+        sa.UniqueConstraint("owner_id", "title", "artist_id"),' in refused.out
    albums.git("checkout", "-q", ".")
    hint = re.findall("hint: fastgen (.*)", refused.err)[-1]
    helped = albums.run(*shlex.split(hint))
    assert helped.code == 0
    [made] = albums.root.glob("src/app/migrations/versions/*_change_albums.py")
    assert 'op.f("uq_albums_owner_id_title_artist_id")' in made.read_text()
    assert has(albums, 'sa.UniqueConstraint("owner_id", "title", "artist_id")', INDEX)


@pytest.mark.slow
def test_none_takes_them_away(albums: Living) -> None:
    refused = albums.run(*ALBUM, "--unique", "none", "--index", "none")
    assert refused.code == 1
    hint = re.findall("hint: fastgen (.*)", refused.err)[-1]
    assert albums.run(*shlex.split(hint)).code == 0
    assert "UniqueConstraint" not in albums.read(MODEL)
    assert "unique" not in albums.read(RECIPE)


@pytest.mark.slow
def test_a_removed_resource_leaves_nothing(albums: Living) -> None:
    albums.must("remove", "resource", "album")
    drop = next(albums.root.glob("src/app/migrations/versions/*_drop_albums.py")).read_text()
    assert 'name=op.f("uq_albums_owner_id_artist_id_title")' in drop
    assert not (albums.root / MODEL).exists()


def test_a_note_tells_of_null(project: Living) -> None:
    result = project.must(
        "add", "resource", "leaf", "slug:str", "parent:ref:leaf:optional", "--unique", "parent,slug"
    )
    assert "unique parent,slug: " in result.err
    assert "where parent is null" in result.err


@pytest.mark.parametrize(
    ("fields", "flags", "told", "better"),
    [
        ("a:int b:int", "--unique a,bb", "there is no field 'bb'; did you mean b?", "--unique a,b"),
        ("a:int b:int", "--index a,create_at", "did you mean created_at?", "--index a,created_at"),
        ("a:int b:int", "--unique a", "it needs several columns", ""),
        ("a:int b:int", "--unique a,,b", "a name is missing beside a comma", "--unique a,b"),
        ("a:int b:int", "--unique a,b,a", "a is named twice", "--unique a,b"),
        ("a:int b:int", "--unique a,b --unique b,a", "it is given twice", "--unique a,b"),
        ("a:int b:int", "--index a,b --index a,b", "it is given twice", "--index a,b"),
        ("a:int b:int", "--unique owner,a,b", "the owner is part of it", "--unique a,b"),
        ("a:int b:int", "--unique a,created_at,b", "is set by the server", "--unique a,b"),
        ("a:int b:int:unique", "--unique a,b", "b is unique by itself", ""),
        (
            "a:int b:int c:int",
            "--unique a,b,c --unique b,a",
            "b,a is unique already",
            "--unique b,a",
        ),
        ("a:int b:int c:int", "--index a,b --index a,b,c", "a, b, c serves it", "--index a,b,c"),
        ("a:int b:int", "--index a,b --unique a,b --access shared", "serves it", "--unique a,b"),
        (
            "a:int b:int",
            "--index owner,created_at",
            "owner_id, created_at, id serves it already",
            "",
        ),
        ("a:int b:list:str c:int", "--unique a,b,c", "b is a list", "--unique a,c"),
        ("a:int b:text c:int", "--index a,b,c", "b is a text", "--index a,c"),
        ("a:int b:json", "--unique a,b", "equal values have many spellings", ""),
        ("a:int b:str:501", "--index a,b", "at most 500 characters", ""),
        ("a:str:400 b:str:400", "--unique a,b", "its values may take 3200 bytes", ""),
        ("a:bool b:enum:x,y", "--unique a,b", "it has 4 possible values", ""),
        ("a:bool b:bool c:bool d:bool", "--unique a,b,c,d", "fewer than 3 values", ""),
        ("a:int b:int a_b:int:unique", "--unique a,b", "would have the same name", ""),
        ("a:int b:int", f"--index {','.join(['a', 'b'] * 8)}", "16 columns", "--index a,b"),
        ("Class:int b:int", "--unique Class,b", "snake_case", "--unique class,b"),
    ],
)
def test_mistakes_are_told_with_a_line_that_works(
    project: Living, fields: str, flags: str, told: str, better: str
) -> None:
    before = project.tree()
    result = project.run("add", "resource", "thing", *fields.split(), *flags.split())
    assert (result.code, project.tree()) == (1, before)
    assert told in result.err
    hint = re.findall("hint: fastgen (.*)", result.err)[-1]
    assert " ".join(re.findall("--(?:unique|index) [^ ]+", hint)) == better
    project.must(*shlex.split(hint), "--dry-run")


def test_all_mistakes_are_told_at_once(project: Living) -> None:
    result = project.run(
        "add", "resource", "thing", "a:in", "b:int", "--unique", "b,d", "--index", "a,b,c"
    )
    assert result.code == 1
    for part in ("'in' is not a type", "no field 'd'", "no field 'c'"):
        assert part in result.err, part
    # It is only not read yet.
    assert "no field 'a'" not in result.err


def test_a_recipe_with_unknown_columns_cannot_be_read(albums: Living) -> None:
    albums.edit(RECIPE, "- - artist\n  - title", "- - artist\n  - year")
    assert "unique has 'year', which is not a field" in albums.run("check").out
    albums.edit(RECIPE, "- - artist\n  - year", "- artist,title")
    assert "unique is not a list of lists of names" in albums.run("check").out


@pytest.mark.slow
def test_a_new_project_begins_with_them(albums: Living) -> None:
    line = shlex.join(["album", *FIELDS, *SETS])
    made = albums.user.run(
        *("new", "store", "--yes", "--no-install", "--no-git"),
        *("--resource", shlex.join(ARTIST[2:]), "--resource", line),
        cwd=albums.root.parent,
    )
    assert made.code == 0, made
    assert (albums.root.parent / "store" / MODEL).read_text() == albums.read(MODEL)
    wrong = line.replace("artist,title", "artist,titel")
    refused = albums.user.run(
        *("new", "other", "--yes", "--resource", shlex.join(ARTIST[2:]), "--resource", wrong),
        cwd=albums.root.parent,
    )
    assert refused.code == 1
    assert "did you mean title?" in refused.err
    assert line in re.findall("hint: (.*)", refused.err)[-1]


def test_a_renamed_field_is_renamed_in_them(albums: Living) -> None:
    albums.must("rename", "field", "album", "title", "name")
    assert has(albums, 'sa.UniqueConstraint("owner_id", "artist_id", "name")', INDEX)
    assert "unique:\n- - artist\n  - name\n" in albums.read(RECIPE)


def test_a_removed_field_takes_along_the_sets_that_it_is_in(albums: Living) -> None:
    albums.must("remove", "field", "album", "title")
    assert has(albums, INDEX)
    assert "UniqueConstraint" not in albums.read(MODEL)
    assert "unique" not in albums.read(RECIPE)


@pytest.mark.slow
def test_another_access_has_another_constraint(albums: Living) -> None:
    albums.must("change", "access", "album", "shared")
    assert has(albums, 'sa.UniqueConstraint("artist_id", "title")', INDEX)


def test_a_changed_field_must_fit_them(albums: Living) -> None:
    refused = albums.run("change", "field", "album", "title:text")
    assert refused.code == 1
    assert "--unique artist,title: title is a text" in refused.err


@pytest.mark.parametrize(
    "line",
    [
        ("add", "resource", "point", "x:int:sort", "x_id:int:index", "--access", "shared"),
        ("add", "field", "artist", "rank:int:optional:sort", "rank_id:int:optional:index"),
    ],
)
def test_two_indexes_of_one_name_are_refused(albums: Living, line: tuple[str, ...]) -> None:
    refused = albums.run(*line)
    assert refused.code == 1
    assert re.search(
        r"the indexes on (\w+), id and on \1_id would both be called ix_\w+: rename a field",
        refused.err,
    )
    assert not albums.git("status", "--short")


def test_an_index_that_a_filter_brings_is_not_made_twice(albums: Living) -> None:
    """It comes when the filter goes, so that the order of both changes nothing."""
    flags = (*SETS, "--access", "shared", "--force")
    told = albums.must("change", "field", "album", "artist:ref:artist:filter")
    albums.must("change", "access", "album", "shared")
    assert has(albums, 'sa.Index(None, "artist_id", "created_at", "id")')
    assert f"\n        {INDEX},\n" not in albums.read(MODEL)
    assert "index:\n- - artist\n  - created_at\n" in albums.read(RECIPE), told
    assert "album" not in albums.run("check").out

    again = albums.must("add", "resource", "album", "title:str:100", FILTERED, *flags)
    assert "already exists, exactly like this" in again.err
    albums.must("change", "field", "album", "artist:ref:artist")
    assert has(albums, INDEX)
    assert not has(albums, '"artist_id", "created_at", "id"')
