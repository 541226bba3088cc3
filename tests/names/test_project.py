"""Names of projects."""

import keyword
import runpy
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fastgen.commands import corrected
from fastgen.errors import InvalidName
from fastgen.names import project as project_names
from fastgen.names import reserved


@pytest.mark.parametrize("name", ["myapi", "my-api", "my_api", "MyApi2", "a", "x" * 64, "a-b_c-1"])
def test_accepts_ordinary_names(name: str) -> None:
    assert project_names.check(name) == name


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("", "needs a name"),
        ("1abc", "beginning with a letter"),
        ("-abc", "beginning with a letter"),
        ("abc-", "between them"),
        ("a--b", "single"),
        ("a-_b", "single"),
        ("x" * 65, "at most 64"),
        ("x" * 300, "at most 64"),
        ("my api", "ASCII"),
        ("été", "ASCII"),
        ("проект", "ASCII"),
        ("名前", "ASCII"),
        ("myapi\n", "ASCII"),
        ("my\x00api", "ASCII"),
        ("my\udcffapi", "ASCII"),
        ("$(id)", "ASCII"),
        ("a;b", "ASCII"),
        ("{{7*7}}", "ASCII"),
        ("/", "needs a name"),
        ("~x", "ASCII"),
        ("...", "ASCII"),
        ("../...", "ASCII"),
        ("a\\b", "ASCII"),
        ("C:\\evil", "ASCII"),
        ("a/b\x00", "ASCII"),
        ("../my evil/", "ASCII"),
        ("/tmp/1x", "beginning with a letter"),
        ("./json", "standard library"),
        ("class", "keyword"),
        ("import", "keyword"),
        ("None", "keyword"),
        ("match", "keyword"),
        ("type", "keyword"),
        ("Lazy", "keyword"),
        ("app", "folder of that name"),
        ("Tests", "folder of that name"),
        ("src", "folder of that name"),
        ("migrations", "folder of that name"),
        ("test", "folder of that name"),
        ("json", "standard library"),
        ("ASYNCIO", "standard library"),
        ("annotationlib", "standard library"),
        ("compression", "standard library"),
        ("distutils", "standard library"),
        ("imp", "standard library"),
        ("profiling", "standard library"),
        ("telnetlib", "standard library"),
        ("fastapi", "depends on"),
        ("FastAPI", "depends on"),
        ("pydantic-settings", "depends on"),
        ("pydantic_settings", "depends on"),
        ("jwt", "depends on"),
        ("con", "Windows"),
        ("COM1", "Windows"),
    ],
)
def test_refuses_with_the_reason(name: str, reason: str) -> None:
    with pytest.raises(InvalidName, match=reason) as caught:
        project_names.check(name)
    assert caught.value.exit_code == 1
    project_names.check(corrected.mended([caught.value], [name])[0])


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("my api", "my-api"),
        ("été", "ete"),
        ("1abc", "api-1abc"),
        ("a--b", "a-b"),
        ("my__api", "my_api"),
        ("class", "api-class"),
        ("x" * 300, "x" * 64),
        ("--", None),
        ("名前", None),
    ],
)
def test_suggests_a_near_name(name: str, near: str | None) -> None:
    assert project_names.suggest(name) == near


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("../myapi", "myapi"),
        ("./myapi", "myapi"),
        ("myapi/", "myapi"),
        ("myapi//", "myapi"),
        ("myapi/.", "myapi"),
        ("/srv/apis/my-api", "my-api"),
        ("~/myapi", "myapi"),
        ("it's a folder; rm/名前/myapi", "myapi"),
        ("class/fastapi/myapi", "myapi"),
        ("-x/myapi", "myapi"),
        (".", "shop"),
        ("./", "shop"),
        ("inner/..", "shop"),
        ("..", "folder"),
        ("~", "ada"),
        ("~/", "ada"),
    ],
)
def test_a_path_ends_with_the_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, typed: str, name: str
) -> None:
    here = tmp_path / "folder" / "shop"
    here.mkdir(parents=True)
    monkeypatch.chdir(here)
    monkeypatch.setenv("HOME", str(tmp_path / "ada"))
    assert project_names.check(typed) == name


@pytest.mark.parametrize(
    ("typed", "better"),
    [
        ("../my evil", "../my-evil"),
        ("a b/class/", "'a b/api-class'"),
        ("/srv/1x", "/srv/api-1x"),
        ("/", "myapi"),
        (".", "my-shop --output ."),
        ("../my shop/", "../my-shop"),
        ("x/..", "my-shop --output x/.."),
    ],
)
def test_a_better_name_is_in_the_same_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, typed: str, better: str
) -> None:
    here = tmp_path / "my shop"
    here.mkdir()
    monkeypatch.chdir(here)
    with pytest.raises(InvalidName) as caught:
        project_names.check(typed)
    told = corrected.command(caught.value, ["new", typed])
    assert told == f"fastgen new {better}"


@given(st.text(max_size=200))
def test_any_text_is_a_name_or_a_readable_error(text: str) -> None:
    try:
        told = project_names.check(text)
    except InvalidName as error:
        told = error.message
    assert told.isprintable()


@given(st.text(max_size=200))
def test_a_suggestion_is_always_accepted(text: str) -> None:
    near = project_names.suggest(text)
    if near is not None:
        assert project_names.check(near) == near


@pytest.mark.parametrize("names", [names for names, _ in project_names.REASONS])
def test_reserved_names_are_in_the_form_they_are_compared_in(names: frozenset[str]) -> None:
    assert all(name == name.lower() and "-" not in name for name in names)


def test_every_module_of_this_python_is_reserved() -> None:
    public = {name.lower() for name in sys.stdlib_module_names if name[0] != "_"}
    assert public <= reserved.STANDARD_LIBRARY


@pytest.mark.parametrize("names", ["KEYWORDS", "STANDARD_LIBRARY"])
def test_a_name_is_as_good_on_every_python(names: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyword, "softkwlist", ["_", "case", "match"])
    without = sys.stdlib_module_names - {"cgi", "imp", "sre_parse", "annotationlib", "compression"}
    monkeypatch.setattr(sys, "stdlib_module_names", without)
    elsewhere = runpy.run_path(reserved.__file__)
    assert elsewhere[names] == getattr(reserved, names)
