"""`pytest --refuse-slow`, as CI calls it."""

import subprocess
import sys
from pathlib import Path

import pytest

from support import ROOT

# Two and a half times what is allowed, on each machine.
TESTS = """\
import subprocess, sys, pytest
from conftest import MOST_UNITS, UNIT

def work():
    subprocess.run([sys.executable, "-c", UNIT], check=True)

@pytest.fixture(scope="session")
def shared():
    for _ in range(MOST_UNITS * 5 // 2):
        work()

def test_quick(shared): work()
def test_unmarked():
    for _ in range(MOST_UNITS * 5 // 2):
        work()
"""


@pytest.mark.slow
def test_who_takes_long_is_told_and_not_who_is_first_with_a_fixture(tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text(TESTS)
    flags = ["-c", str(ROOT / "pyproject.toml"), "-p", "conftest", "-n0", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *flags, "--refuse-slow", tmp_path],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done
    assert "1 failed, 1 passed" in done.stdout
    assert "test_unmarked takes" in done.stdout
    assert "mark it slow" in done.stdout
