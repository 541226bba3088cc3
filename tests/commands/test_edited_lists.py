"""Lists of children that people changed keep their place, and what was added to them."""

import pytest

from living import ITEM, MODEL, Living

LIST = """\
    @property
    def label(self) -> str:
        return f"{self.name}: {self.price}"

    # The newest first.
    orders: Mapped[list["Order"]] = relationship(
        back_populates="item", lazy="selectin", passive_deletes="all", order_by="Order.id.desc()"
    )
"""


@pytest.fixture
def shop(project: Living) -> Living:
    """A project in which somebody changed the list in a model."""
    project.must(*ITEM)
    project.must("add", "resource", "order", "item:ref:item", "amount:int")
    head, _, _ = project.read(MODEL).partition("    orders: ")
    project.write(MODEL, f"{head}\n{LIST}")
    return project


def test_it_stays_when_its_model_changes(shop: Living) -> None:
    shop.must("change", "field", "item", "name:str:120:min=1")
    assert shop.read(MODEL).endswith(LIST)
    assert "String(120)" in shop.read(MODEL)


NAMES = {
    ("rename", "resource", "order", "sale"): {"Order": "Sale", "orders": "sales"},
    ("rename", "field", "order", "item", "product"): {'"item"': '"product"'},
    ("rename", "field", "item", "price", "cost"): {"price": "cost"},
}


@pytest.mark.slow
@pytest.mark.parametrize("line", NAMES)
def test_it_gets_new_names(shop: Living, line: tuple[str, ...]) -> None:
    shop.must(*line)
    expected = LIST
    for old, new in NAMES[line].items():
        expected = expected.replace(old, new)
    assert shop.read(MODEL).endswith(expected)


@pytest.mark.slow
def test_it_moves_with_its_model(shop: Living) -> None:
    shop.must("rename", "resource", "item", "product")
    assert shop.read("src/app/models/product.py").endswith(LIST)
    assert 'item: Mapped["Product"]' in shop.read("src/app/models/order.py")


@pytest.mark.slow
def test_lines_with_new_names_are_formatted_again(shop: Living) -> None:
    long = "very_" * 6 + "long"
    shop.must("rename", "field", "item", "price", long)
    before = f"        total = sum(\n            [self.{long}, self.{long}]\n        )\n"
    shop.edit(
        MODEL, "    # The newest", f"    def twice(self) -> Decimal:\n{before}\n    # The newest"
    )
    shop.must("rename", "field", "item", long, "price")
    assert "        total = sum([self.price, self.price])\n" in shop.read(MODEL)
