"""Moving in, step by step: undone on an error, finished after a kill."""

import json
from pathlib import Path

import pytest

from fastgen.errors import TargetRefused
from fastgen.placement import cleanup, entries, stage
from fastgen.placement.stage import Stage
from fastgen.system import user_folders

NAMES = ["a", "b", "c"]


@pytest.fixture(autouse=True)
def _state(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Stages here all have the same name, and journals are found by it."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))


def prepared(staged: Stage) -> Path:
    project = staged.tree / "myapi"
    project.mkdir(parents=True)
    for name in NAMES:
        (project / name).write_text("ours")
    return project


def names(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.iterdir() if not stage.is_stage_name(p.name))


def test_moves_everything(tmp_path: Path) -> None:
    (tmp_path / "README").write_text("theirs")
    with stage.opened(tmp_path) as staged:
        entries.move_in(staged, prepared(staged), tmp_path, ["README"])
        assert not entries.begun(staged)
    assert names(tmp_path) == ["README", *NAMES]


def test_an_error_undoes_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rename = Path.rename

    def failing(self: Path, target: Path) -> Path:
        if self.name == "c" and self.parent.name == "myapi":
            raise OSError(5, "the disk is gone")
        return rename(self, target)

    with stage.opened(tmp_path) as staged:
        project = prepared(staged)
        monkeypatch.setattr(Path, "rename", failing)
        with pytest.raises(OSError, match="the disk is gone"):
            entries.move_in(staged, project, tmp_path, [])
        assert names(tmp_path) == []
        assert sorted(p.name for p in project.iterdir()) == NAMES
        assert not entries.begun(staged)


def test_what_came_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    with stage.opened(tmp_path) as staged:
        project = prepared(staged)
        (tmp_path / "a").write_text("theirs")
        with pytest.raises(TargetRefused, match="filled while fastgen was working"):
            entries.move_in(staged, project, tmp_path, [])
    assert (tmp_path / "a").read_text() == "theirs"


def killed(folder: Path, target: Path) -> Path:
    """Leave behind what a killed run does that had moved `a`."""
    path = folder / ".fastgen-abcd1234"
    prepared(Stage(path))
    (path / "tree" / "myapi" / "a").rename(target / "a")
    entry = {"project": "myapi", "target": "." if target == folder else str(target)}
    state = user_folders.state()
    assert state
    user_folders.make(state)
    (state / path.name).write_text(json.dumps(entry))
    return state / path.name


def test_the_next_run_finishes_it(tmp_path: Path) -> None:
    killed(tmp_path, tmp_path)
    (said,) = cleanup.clear([tmp_path])
    assert said.startswith(f"finished the project in {tmp_path}")
    assert sorted(p.name for p in tmp_path.iterdir()) == NAMES


def test_what_the_person_made_since_wins(tmp_path: Path) -> None:
    killed(tmp_path, tmp_path)
    (tmp_path / "b").write_text("theirs")
    cleanup.clear([tmp_path])
    assert (tmp_path / "b").read_text() == "theirs"
    assert (tmp_path / "c").read_text() == "ours"


def test_a_journal_that_leads_elsewhere_is_not_followed(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere" / "deep"
    elsewhere.mkdir(parents=True)
    killed(tmp_path, elsewhere)
    cleanup.clear([tmp_path])
    assert sorted(p.name for p in elsewhere.iterdir()) == ["a"]


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "{}", '{"project": 1, "target": null}', '{"project": "../..", "target": "."}'],
)
def test_a_torn_journal_means_nothing_was_moved(tmp_path: Path, text: str) -> None:
    killed(tmp_path, tmp_path).write_text(text)
    (said,) = cleanup.clear([tmp_path])
    assert said.startswith("removed")


def test_a_stage_that_came_with_a_repository_moves_nothing(tmp_path: Path) -> None:
    stage_of = Stage(tmp_path / ".fastgen-abcd1234")
    prepared(stage_of)
    (tmp_path / ".git").mkdir()
    (stage_of.path / "journal.json").write_text('{"project": "myapi", "target": ".git"}')
    assert cleanup.clear([tmp_path]) == []
    assert list((tmp_path / ".git").iterdir()) == []


def test_a_dry_run_finishes_no_move(tmp_path: Path) -> None:
    killed(tmp_path, tmp_path)
    assert cleanup.clear([tmp_path], moves=False) == []
    assert names(tmp_path) == ["a"]
