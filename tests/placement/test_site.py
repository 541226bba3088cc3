"""What is at a target, and how a project gets there."""

from pathlib import Path

import pytest

from fastgen.errors import TargetRefused
from fastgen.placement import exchange
from fastgen.placement.site import Way, inspect


def test_a_target_that_is_not_there(tmp_path: Path) -> None:
    found = inspect(tmp_path / "a" / "b" / "c")
    assert (found.way, found.stage_parent) == (Way.RENAME, tmp_path)
    assert found.chain == ("a", "b", "c")


def test_an_empty_folder(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    found = inspect(tmp_path / "a")
    assert (found.way, found.stage_parent, found.kept) == (Way.RENAME, tmp_path, ())


@pytest.mark.parametrize(
    "name",
    ["LICENSE", "license.txt", "LICENCE-MIT", "COPYING", "README", "Readme.rst", ".gitignore"],
)
def test_what_a_host_puts_there_is_kept(tmp_path: Path, name: str) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / name).write_text("theirs")
    found = inspect(tmp_path / "a")
    assert found.kept == (name,)
    assert found.way is (Way.EXCHANGE if exchange.available(tmp_path) else Way.MOVE_IN)


@pytest.mark.parametrize("name", ["main.py", "READMES", "licenses", ".github", ".git.bak", ".env"])
def test_anything_else_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("theirs")
    with pytest.raises(TargetRefused, match=f"it contains {name}"):
        inspect(tmp_path)


def test_a_folder_called_readme_is_not_a_readme(tmp_path: Path) -> None:
    (tmp_path / "README").mkdir()
    with pytest.raises(TargetRefused):
        inspect(tmp_path)


def test_many_foreign_entries_are_counted(tmp_path: Path) -> None:
    for name in "abcde":
        (tmp_path / name).write_text("")
    with pytest.raises(TargetRefused, match="it contains a, b, c and 2 more"):
        inspect(tmp_path)


def test_nobody_stands_on_ground_that_is_swapped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "a"
    (target / ".git").mkdir(parents=True)
    monkeypatch.chdir(target / ".git")
    assert inspect(target).way is Way.MOVE_IN
    monkeypatch.chdir(target)
    assert inspect(target).way is Way.MOVE_IN


def test_two_folders_are_swapped(tmp_path: Path) -> None:
    if not exchange.available(tmp_path):
        pytest.skip("this system cannot swap folders")
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "was").write_text(name)
    exchange.exchange(tmp_path / "a", tmp_path / "b")
    assert (tmp_path / "a" / "was").read_text() == "b"
    with pytest.raises(FileNotFoundError):
        exchange.exchange(tmp_path / "a", tmp_path / "nowhere")
