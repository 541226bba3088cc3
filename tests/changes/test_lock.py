"""One at a time: another waits, or refuses."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from fastgen.changes import lock
from fastgen.errors import AGAIN, Refused

HOLDER = """
import sys, time
from pathlib import Path
from fastgen.changes import lock
with lock.held(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(float(sys.argv[2]))
"""

COUNTER = """
import sys
from pathlib import Path
from fastgen.changes import lock
from fastgen.changes.apply import apply
from fastgen.changes.plan import Edit, Plan
root = Path(sys.argv[1])
for _ in range(20):
    with lock.held(root, wait_seconds=60):
        count = (root / "count").read_bytes()
        apply(root, Plan((Edit("count", count, b"%d" % (int(count) + 1), "it counts"),)))
"""


def holder(root: Path, seconds: float) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", HOLDER, str(root), str(seconds)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    assert process.stdout.readline() == "held\n"
    return process


def test_it_refuses_when_the_other_takes_long(tmp_path: Path) -> None:
    with holder(tmp_path, 60) as process:
        start = time.monotonic()
        with (
            pytest.raises(Refused, match=f"another fastgen is running in {tmp_path}") as refused,
            lock.held(tmp_path, wait_seconds=0.2),
        ):
            pass
        assert 0.2 <= time.monotonic() - start < 5
        assert refused.value.instead == AGAIN
        process.kill()
    # Killed, it contains nothing.
    with lock.held(tmp_path, wait_seconds=5):
        pass


def test_it_waits_for_the_other(tmp_path: Path) -> None:
    with holder(tmp_path, 0.5), lock.held(tmp_path, wait_seconds=30):
        pass


def test_it_leaves_nothing(tmp_path: Path) -> None:
    with lock.held(tmp_path):
        assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="cannot be locked: No such file"), lock.held(tmp_path / "x"):
        pass


def test_runs_at_the_same_time_lose_nothing(tmp_path: Path) -> None:
    (tmp_path / "count").write_bytes(b"0")
    command = [sys.executable, "-c", COUNTER, str(tmp_path)]
    processes = [subprocess.Popen(command) for _ in range(3)]
    assert [process.wait(timeout=120) for process in processes] == [0, 0, 0]
    assert (tmp_path / "count").read_bytes() == b"60"
    assert [path.name for path in tmp_path.iterdir()] == ["count"]
