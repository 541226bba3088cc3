"""Migrations that are put behind another one."""

import pytest

from fastgen.wiring.down_revisions import follow
from fastgen.wiring.results import CannotWire, Edited

ANNOTATED = 'from typing import Union\n\ndown_revision: Union[str, None] = "old"\n'
FORMS = [
    ('down_revision = "old"\n', 'down_revision = "new"\n'),
    ("down_revision = 'old'  # ours\n", "down_revision = 'new'  # ours\n"),
    ("down_revision = None\n", 'down_revision = "new"\n'),
    ('down_revision = (\n    "a",\n    "b",\n)\n', 'down_revision = "new"\n'),
    (ANNOTATED, ANNOTATED.replace("old", "new")),
    (
        '"""Größe\r\n\r\nRevises: old\r\n"""\r\ndown_revision = "old"\r\n',
        '"""Größe\r\n\r\nRevises: new\r\n"""\r\ndown_revision = "new"\r\n',
    ),
    (
        '"""x\n\nRevises:\n\nRevises: old\n"""\ndown_revision = "old"\n',
        '"""x\n\nRevises:\n\nRevises: old\n"""\ndown_revision = "new"\n',
    ),
]


@pytest.mark.parametrize(("before", "after"), FORMS)
def test_only_what_names_the_parent_changes(before: str, after: str) -> None:
    assert follow(before.encode(), "new") == Edited(after.encode())


@pytest.mark.parametrize(
    "source",
    [
        "",
        "def f(:\n",
        "down_revision: str\n",
        'down_revision = "a"\ndown_revision = "b"\n',
        'down_revision = other = "a"\n',
        'if True:\n    down_revision = "a"\n',
    ],
)
def test_other_forms_are_left_with_the_line(source: str) -> None:
    result = follow(source.encode(), "new")
    assert isinstance(result, CannotWire)
    assert result.snippet == 'down_revision = "new"'
