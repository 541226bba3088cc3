"""Whatever happens, and whenever, a project is as it was or has all of the changes."""

import json
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import memory

pytestmark = pytest.mark.slow

STRIKER = Path(__file__).with_name("striker.py")
Entries = dict[str, Any]


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A folder in memory, if there is such: a sweep waits for the disk thousands of times."""
    with tempfile.TemporaryDirectory(dir=memory.folder() or tmp_path) as found:
        yield Path(found)


@pytest.fixture(params=["git", "state"])
def where(request: pytest.FixtureRequest) -> str:
    """Whose folder has the journal: the repository's, or the user's."""
    return str(request.param)


def strikes(*arguments: str | Path) -> tuple[Any, list[Any]]:
    """Return what the undisturbed run was like, and each of those that were struck."""
    done = subprocess.run(
        [sys.executable, STRIKER, *arguments], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    rehearsal, *runs = map(json.loads, done.stdout.splitlines())
    assert len(runs) == len(rehearsal["moments"]) > 30
    return rehearsal, runs


def state(now: Entries, rehearsal: Any) -> str:
    for name in ("before", "after"):
        if now == rehearsal[name]:
            return name
    changed = {k for k in now if now[k] != rehearsal["before"].get(k)}
    return f"torn: {sorted(changed | (rehearsal['before'].keys() - now.keys()))}"


def test_after_a_kill_the_next_command_puts_it_right(where: str, folder: Path) -> None:
    rehearsal, runs = strikes(where, "sweep", "SIGKILL", folder)
    seen = set()
    for run in runs:
        assert run["status"] == signal.SIGKILL, run["event"]
        now = state(run["in_the_end"], rehearsal)
        assert now in {"before", "after"}, run["event"]
        seen.add((now, run["said"][0].split(" ")[0] if run["said"] else ""))
    assert seen == {
        ("before", ""),
        ("before", "removed"),
        ("before", "undid"),
        ("after", "removed"),
    }


def test_a_kill_while_it_is_put_right_does_no_harm(where: str, folder: Path) -> None:
    rehearsal, runs = strikes(where, "again", folder)
    for run in runs:
        assert run["status"] == signal.SIGKILL, run["event"]
        assert run["in_the_end"] == rehearsal["after"], run["event"]
    assert ".fastgen" not in rehearsal["after"]
    assert "src/app/old/pkg/gone.py" in rehearsal["after"]


@pytest.mark.parametrize("way", ["SIGTERM", "KEYBOARD"])
def test_a_stop_undoes_before_it_is_told(folder: Path, way: str) -> None:
    rehearsal, runs = strikes("git", "sweep", way, folder)
    states = set()
    for run in runs:
        now = state(run["at_once"], rehearsal)
        # A bare KeyboardInterrupt, which nobody holds back, may stop the last tidying up.
        if way == "KEYBOARD" and run["said"]:
            now = state(run["in_the_end"], rehearsal)
            assert now == "after", run["event"]
        assert now in {"before", "after"}, run["event"]
        assert run["error"] in {"Interrupted", "KeyboardInterrupt"}, run["event"]
        assert bool(run["stands"]) == (now == "after"), run["event"]
        states.add(now)
    assert states == {"before", "after"}


def test_an_error_of_the_system_undoes_all(folder: Path) -> None:
    rehearsal, runs = strikes("git", "sweep", "ONCE", folder)
    for run in runs:
        now = state(run["at_once"], rehearsal)
        if run["error"] is None:
            # What could not be tidied up is so by the next command.
            assert state(run["in_the_end"], rehearsal) == "after", run["event"]
        else:
            assert (run["error"], now) == ("CannotWrite", "before"), run["event"]
            assert "No space left on device; nothing was changed" in run["message"]
    assert {run["error"] for run in runs} == {None, "CannotWrite"}


def test_a_disk_that_stays_full(folder: Path) -> None:
    rehearsal, runs = strikes("git", "sweep", "FULL", folder)
    errors = set()
    for run in runs:
        wanted = "after" if run["error"] is None else "before"
        assert state(run["at_once"], rehearsal) == wanted, run["event"]
        errors.add(run["error"])
    # Undoing needs no space: nothing is ever left half done.
    assert errors == {None, "CannotWrite"}
