"""The form of a journal, and all that is near to it and not it."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fastgen.changes import form
from fastgen.changes.form import FileStep, Journal
from fastgen.changes.paths import is_relative

NEW = FileStep("a/new.py", None, "0" * 64)
EDITED = FileStep("b.py", "a" * 64, "f" * 64)
WRITTEN = Journal([NEW, EDITED], ["a"], {"a": 0o755})


def test_what_is_written_is_read() -> None:
    assert form.read(WRITTEN.text()) == WRITTEN


@given(st.text(alphabet=st.characters(codec=None)))
def test_names_are_any_text_that_a_path_may_be(name: str) -> None:
    path = f"a/{name}"
    written = Journal([FileStep(path, None, None)], [], {})
    try:
        assert form.read(written.text()) == written
    except ValueError:
        assert not is_relative(path)


@pytest.mark.parametrize(
    ("where", "wrong"),
    [
        ("version", True),
        ("version", 1.0),
        ("version", 2),
        ("steps", {}),
        ("steps", [[]]),
        ("steps", [{"path": "a", "old": None}]),
        ("steps", [{"path": "a", "old": None, "new": None, "more": 1}]),
        ("steps", [{"path": 1, "old": None, "new": None}]),
        ("steps", [{"path": "a", "old": "A" * 64, "new": None}]),
        ("steps", [{"path": "a", "old": None, "new": "0" * 63}]),
        ("steps", [{"path": "a", "old": None, "new": "0" * 64 + "\n"}]),
        ("steps", [{"path": "a", "old": 0, "new": None}]),
        ("made", "a"),
        ("made", [None]),
        ("made", ["../a"]),
        ("modes", []),
        ("modes", {"/a": 0}),
        ("modes", {"a": -1}),
        ("modes", {"a": 0o10000}),
        ("modes", {"a": True}),
        ("modes", {"a": "7"}),
        ("more", 1),
    ],
)
def test_anything_else_is_refused(where: str, wrong: Any) -> None:
    content = json.loads(WRITTEN.text())
    content[where] = wrong
    with pytest.raises(ValueError, match="form of a journal"):
        form.read(json.dumps(content).encode())


@pytest.mark.parametrize("missing", ["version", "steps", "made", "modes"])
def test_nothing_may_be_missing(missing: str) -> None:
    content = json.loads(WRITTEN.text())
    del content[missing]
    with pytest.raises(ValueError, match="form of a journal"):
        form.read(json.dumps(content).encode())
