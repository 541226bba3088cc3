"""The one step into place, where the system cannot swap folders."""

import errno
from pathlib import Path

import pytest

from fastgen.errors import TargetRefused
from fastgen.placement import exchange, move, stage
from fastgen.placement.site import Way, inspect


@pytest.fixture
def target(tmp_path: Path) -> Path:
    folder = tmp_path / "myapi"
    (folder / ".git").mkdir(parents=True)
    (folder / ".git" / "HEAD").write_text("ref: refs/heads/main")
    (folder / "Readme.md").write_text("theirs")
    return folder


def put(target: Path) -> None:
    where = inspect(target)
    with stage.opened(where.stage_parent) as staged:
        project = move.project_in(staged, where)
        project.mkdir()
        (project / "README.md").write_text("ours")
        (project / "main.py").write_text("ours")
        move.put(staged, where)


def state(target: Path) -> dict[str, str]:
    files = (path for path in target.rglob("*") if path.is_file())
    return {path.relative_to(target).as_posix(): path.read_text() for path in files}


KEPT = {".git/HEAD": "ref: refs/heads/main", "Readme.md": "theirs"}


def test_what_is_kept_wins(target: Path) -> None:
    put(target)
    assert state(target) == {**KEPT, "main.py": "ours"}
    assert [path.name for path in target.parent.iterdir()] == ["myapi"]


@pytest.mark.parametrize("code", [errno.EINVAL, errno.ENOSYS])
def test_a_file_system_without_exchange(
    target: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(code, "cannot")

    monkeypatch.setattr(exchange, "exchange", refuse)
    put(target)
    assert state(target) == {**KEPT, "main.py": "ours"}
    assert [path.name for path in target.parent.iterdir()] == ["myapi"]


def test_a_refused_exchange_leaves_all_as_it_was(
    target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.EIO, "cannot")

    monkeypatch.setattr(exchange, "exchange", refuse)
    with pytest.raises(OSError, match="cannot"):
        put(target)
    assert state(target) == KEPT


def test_what_came_while_it_was_made_is_not_lost(target: Path) -> None:
    where = inspect(target)
    assert where.way is Way.EXCHANGE or not exchange.available(target.parent)
    with stage.opened(where.stage_parent) as staged:
        move.project_in(staged, where).mkdir()
        (target / "mine.txt").write_text("mine")
        with pytest.raises(TargetRefused):
            move.put(staged, where)
    assert state(target) == {**KEPT, "mine.txt": "mine"}
