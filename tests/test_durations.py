"""What is known of the tests' durations: it is kept, read back, and used for shards and order."""

from pathlib import Path

import durations

REPORT = """\
<testsuites><testsuite>
  <testcase file="tests/test_durations.py" name="a" time="1.25"/>
  <testcase file="tests/test_durations.py" name="b" time="2.5"/>
  <testcase file="tests/test_picture.py" name="c" time="0.2"/>
</testsuite></testsuites>
"""


def test_they_are_read_from_a_report(tmp_path: Path) -> None:
    report = tmp_path / "slow.xml"
    report.write_text(REPORT)

    assert durations.taken([report]) == {"tests/test_durations.py": 3.8}


def test_those_that_are_kept_are_of_files_that_are_there() -> None:
    assert [path for path in durations.kept() if not (durations.ROOT / path).is_file()] == []
    assert max(durations.kept().values()) > 30


def test_shards_take_about_as_long_as_each_other() -> None:
    seconds = durations.kept()
    hands = durations.dealt([*seconds, "tests/new.py"], seconds, 4)

    assert sorted(path for hand in hands for path in hand) == sorted([*seconds, "tests/new.py"])
    loads = [sum(seconds.get(path, 0) for path in hand) for hand in hands]
    assert max(loads) < max(1.2 * min(loads), max(seconds.values()) + 1)


def test_files_that_are_not_known_are_dealt_evenly() -> None:
    assert [len(hand) for hand in durations.dealt("abcdefgh", {}, 4)] == [2, 2, 2, 2]
