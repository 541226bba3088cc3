"""How much of public schemas a `resources.yml` says, and what the docs tell of the rest."""

from pathlib import Path

import pytest

from corpus import CORPUS
from corpus.shares import differing, shares

DOCS = Path(__file__).parents[2] / "docs" / "domains.md"


def test_most_columns_and_tables_are_as_they_are() -> None:
    columns, tables = shares()
    assert columns >= 0.95
    assert tables >= 0.85


@pytest.mark.parametrize("name", CORPUS)
def test_the_docs_tell_what_is_not(name: str) -> None:
    text = DOCS.read_text("utf-8")
    for table, column in differing(name):
        assert f"`{table}.{column}`" in text
