"""What has comments, and what only looks like one."""

import pytest

from fastgen.domain.exporting import has_comments


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("version: 1\n", False),
        ("# ours\nversion: 1\n", True),
        ("version: 1 # ours\n", True),
        ("a: [b] # ours\n", True),
        ("a: 'b # c'\n", False),
        ('a: ["b:str:pattern=^#x"]\n', False),
        ("a: b#c\n", False),
        ("a: |\n  # text\n", False),
        ("a: b\n# the end", True),
    ],
)
def test_comments(text: str, found: bool) -> None:
    assert has_comments(text.encode()) == found
