"""The marks of tests of which a few parameters are enough by day."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from support import ROOT

pytestmark = pytest.mark.slow

TESTS = """\
import pytest

@pytest.mark.others_slow
@pytest.mark.parametrize("n", [1, 2, 3])
def test_first(n): pass

@pytest.mark.others_nightly("b", "c")
@pytest.mark.parametrize("n", ["a", "b", "c"])
def test_named(n): pass

@pytest.mark.slow
@pytest.mark.others_nightly
@pytest.mark.parametrize("n", [1, 2])
def test_slow(n): pass
"""
NAMED = re.compile(r"mark\.others_\w+\(([^)]+)\)(?:\n@.*|\n .*|\n\))*\ndef (\w+)")


@pytest.mark.parametrize(
    ("marks", "collected"),
    [
        ("not slow", ["first[1]", "named[b]", "named[c]"]),
        ("slow and not nightly", ["first[2]", "first[3]", "slow[1]"]),
        ("nightly", ["named[a]", "slow[2]"]),
    ],
)
def test_other_parameters_are_for_later(marks: str, collected: list[str], tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text(TESTS)
    assert [
        name.partition("::test_")[2] for name in names("-p", "conftest", tmp_path, marks=marks)
    ] == collected


def test_parameters_that_are_named_are_there() -> None:
    files = [file for file in (ROOT / "tests").rglob("test_*.py") if file != Path(__file__)]
    named = {file: NAMED.findall(file.read_text("utf-8")) for file in files}
    there = names(*(file for file, found in named.items() if found), marks="")
    for file, found in named.items():
        for parameters, function in found:
            for name in re.findall('"(.*?)"', parameters):
                assert f"{file.relative_to(ROOT)}::{function}[{name}]" in there


def names(*arguments: str | Path, marks: str) -> list[str]:
    """Return the names of the tests that have the marks."""
    flags = ["-c", str(ROOT / "pyproject.toml"), "-n0", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *flags, "-q", "--collect-only", "-m", marks, *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done
    return [line for line in done.stdout.splitlines() if "::" in line]
