"""Stages: locked while alive, found when dead."""

import os
from pathlib import Path

from fastgen.placement import cleanup, stage


def test_it_is_there_and_then_it_is_not(tmp_path: Path) -> None:
    with stage.opened(tmp_path) as staged:
        (staged.tree / "file").write_text("x")
        assert [path.name for path in tmp_path.iterdir()] == [staged.path.name]
        assert stage.is_stage_name(staged.path.name)
    assert list(tmp_path.iterdir()) == []


def test_a_living_one_is_left_alone(tmp_path: Path) -> None:
    with stage.opened(tmp_path) as staged:
        assert cleanup.clear([tmp_path]) == []
        assert staged.tree.is_dir()


def dead(folder: Path, name: str = ".fastgen-abcd1234") -> Path:
    path = folder / name
    (path / stage.TREE / "myapi").mkdir(parents=True)
    (path / stage.TREE / "myapi" / "file").write_text("x")
    return path


def test_a_dead_one_is_removed(tmp_path: Path) -> None:
    path = dead(tmp_path)
    assert cleanup.clear([tmp_path, tmp_path]) == [f"removed {path}, left by an interrupted run"]
    assert list(tmp_path.iterdir()) == []


def test_what_only_looks_like_one_is_left_alone(tmp_path: Path) -> None:
    for name in (".fastgen-notes", ".fastgen-abcd12345", "fastgen-abcd1234"):
        dead(tmp_path, name)
    stranger = dead(tmp_path)
    (stranger / "mine.txt").write_text("mine")
    elsewhere = tmp_path / "elsewhere"
    dead(elsewhere, "real")
    (tmp_path / ".fastgen-link5678").symlink_to(elsewhere / "real")
    (tmp_path / ".fastgen-file5678").write_text("mine")
    before = sorted(os.listdir(tmp_path))
    assert cleanup.clear([tmp_path]) == []
    assert sorted(os.listdir(tmp_path)) == before
    assert (elsewhere / "real" / stage.TREE).exists()


def test_a_folder_that_is_not_there_is_no_error(tmp_path: Path) -> None:
    assert cleanup.clear([tmp_path / "nowhere"]) == []
