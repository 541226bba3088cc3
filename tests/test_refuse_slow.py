"""`pytest --refuse-slow`, as CI calls it."""

import subprocess
import sys
from pathlib import Path

import pytest

from support import ROOT

# With a tenth of what is allowed; two and a half times that, on each machine.
TESTS = """\
import subprocess, sys, conftest, pytest

conftest.MOST_UNITS, conftest.LEAST_SECONDS = 6, 0

def work(units):
    for _ in range(units):
        subprocess.run([sys.executable, "-c", conftest.UNIT], check=True)

@pytest.fixture(scope="session")
def shared(): work(15)

def test_quick(shared): work(1)
def test_unmarked(): work(15)
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
