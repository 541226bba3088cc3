"""How long the tests of each file take, kept for the next run, which begins with the longest.

    uv run python tests/durations.py .ci/reports/*.xml

reads it from pytest's reports of a run, and writes `tests/durations.json`.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from xml.etree.ElementTree import parse

import pytest

ROOT = Path(__file__).resolve().parents[1]
FILE = Path(__file__).with_suffix(".json")
# They share a storage of images, and e2e shares servers: neither is torn apart.
FIRST, LAST = "container", "e2e"


def kept(file: Path = FILE) -> dict[str, float]:
    """Return the seconds that the tests of each file took together, by its path."""
    seconds: dict[str, float] = json.loads(file.read_text("utf-8"))
    return seconds


def longest_first(items: Sequence[pytest.Item], seconds: Mapping[str, float]) -> list[pytest.Item]:
    """Order files by what one of their tests takes, so that no process ends long after another.

    A file that is not known is among the first.
    """
    tests = Counter(path_of(item) for item in items)

    def place(item: pytest.Item) -> tuple[bool, bool, float, str]:
        path = path_of(item)
        folder = Path(path).parent.name
        each = 0 if folder in {FIRST, LAST} else seconds.get(path, float("inf")) / tests[path]
        return folder != FIRST, folder == LAST, -each, path if each else ""

    return sorted(items, key=place)


def dealt(files: Iterable[str], seconds: Mapping[str, float], shards: int) -> list[set[str]]:
    """Deal files so that each of so many shards takes about as long as the others."""
    hands: list[set[str]] = [set() for _ in range(shards)]
    loads = [0.0] * shards
    for path in sorted(files, key=lambda path: (-seconds.get(path, 0), path)):
        least = loads.index(min(loads))
        hands[least].add(path)
        loads[least] += seconds.get(path, 0) + 1  # of a file that is not known
    return hands


def path_of(item: pytest.Item) -> str:
    """Return the path of a test's file, from the root of this repository."""
    return item.path.relative_to(ROOT).as_posix() if item.path.is_relative_to(ROOT) else ""


def taken(reports: Iterable[Path]) -> dict[str, float]:
    """Return the seconds of each file in pytest's reports."""
    seconds: Counter[str] = Counter()
    for report in reports:
        for case in parse(report).getroot().iter("testcase"):  # noqa: S314 (our own file)
            seconds[case.get("file", "")] += float(case.get("time", 0))  # type: ignore[assignment]
    return {path: round(seconds[path], 1) for path in sorted(seconds) if seconds[path] >= 1}


if __name__ == "__main__":
    found = kept() | taken(map(Path, sys.argv[1:]))
    there = {path: found[path] for path in sorted(found) if (ROOT / path).is_file()}
    FILE.write_text(json.dumps(there, indent=2) + "\n", "utf-8")
