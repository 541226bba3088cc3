"""The picture in README: it shows what a run prints."""

import html
import re
import runpy

import pytest

from support import ROOT

DOCS = ROOT / "docs"


def words(picture: str) -> list[str]:
    return [html.unescape(text) for text in re.findall(r"<text [^>]*>(.*?)</text>", picture)]


def test_nothing_in_it_is_fetched_from_elsewhere() -> None:
    picture = (DOCS / "terminal.svg").read_text("utf-8")
    assert not re.search(r"url\((?!#)|href|@import|@font-face|<script|<image", picture)


@pytest.mark.slow
def test_it_says_what_a_run_says() -> None:
    """Needs the package index, or uv's cache. `uv run python docs/picture.py` makes it again."""
    made = runpy.run_path(str(DOCS / "picture.py"))["picture"]()
    shown = words((DOCS / "terminal.svg").read_text("utf-8"))
    assert "uv\xa0run\xa0pytest" in "".join(shown)
    assert words(made) == shown
