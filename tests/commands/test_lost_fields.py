"""What people wrote with a field that is gone, or has another name now, is told with its lines."""

import pytest

from living import ITEM, MODEL, SERVICE, Living

TESTS = "tests/test_items.py"
REPORT = "src/app/report.py"
LABEL = """
    @property
    def label(self) -> str:
        return f"{self.note} {self.created_at.date()}"
"""
CHEAPEST = """
    async def noted(self, page: list[str], word: str) -> None:
        del page[:]
        self._session.add(Item(name=word.title(), note="x"))
        await self._session.execute(ALL.where(ITEMS.c.note == word, Item.note == word))
"""
REPORTED = """\
from sqlalchemy import select

from app.models import Item

NOTED = select(Item.note, Item.name)
"""


@pytest.fixture
def shop(project: Living) -> Living:
    """A project in which somebody uses a field."""
    project.must(*ITEM, "note:text:optional", "--access", "shared")
    project.write(MODEL, project.read(MODEL) + LABEL)
    project.write(SERVICE, project.read(SERVICE) + CHEAPEST)
    project.write(TESTS, project.read(TESTS) + '\n\nNOTE = {"note": "x"}\n')
    project.write(REPORT, REPORTED)
    return project


def lines(project: Living, path: str, text: str) -> list[int]:
    """Return the numbers of the lines in `path` that say `text`."""
    found = enumerate(project.read(path).splitlines(), 1)
    return [number for number, line in found if text in line]


def test_a_removed_field_that_is_used(shop: Living) -> None:
    result = shop.run("remove", "field", "item", "note")
    assert result.code == 4
    told = {
        MODEL: "line {} still uses note, which no longer exists\n    self.note\n",
        TESTS: "line {} still uses note, which no longer exists\n    'note'\n",
        REPORT: "line {} still uses note, which no longer exists\n    Item.note\n",
        SERVICE: "lines {} still use note, which no longer exists\n    note='x'\n",
    }
    for path, text in told.items():
        where = ", ".join(map(str, lines(shop, path, "note")[-2 if path == SERVICE else -1 :]))
        assert f"left to you: {path}: {text.format(where)}" in result.err, result.err
    assert result.err.count("left to you: ") == len(told)


@pytest.mark.slow
def test_a_renamed_field_that_another_module_uses(shop: Living) -> None:
    result = shop.run("rename", "field", "item", "note", "remark")
    assert result.code == 4
    assert f"left to you: {REPORT}: line 5 still uses note, which is now remark" in result.err
    assert result.err.count("left to you: ") == 1
    shop.edit(REPORT, "Item.note", "Item.remark")
    assert "self.remark" in shop.read(MODEL)
    assert 'Item(name=word.title(), remark="x")' in shop.read(SERVICE)


@pytest.mark.slow
def test_other_uses_of_the_word(shop: Living) -> None:
    shop.must("add", "resource", "order", "item:ref:item", "name:str:40", "note:text:optional")
    service = "src/app/services/order.py"
    text = shop.read(service)
    own = "\n    def told(self, item: Item, names: set[str]) -> object:\n"
    shop.write(service, f"{text}{own}        return item.note, Item.note, dict(note=names)\n")
    shop.must("remove", "field", "order", "note")
