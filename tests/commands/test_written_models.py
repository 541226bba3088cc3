"""References to models that people wrote by hand."""

import pytest

from living import MODELS, Living

GEO = "src/app/models/geo.py"
SOURCE = '''\
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base
from app.models.mixins import IdMixin


class Warehouse(IdMixin, Base):
    """Where things are."""

    __tablename__ = "warehouse"

    code: Mapped[str] = mapped_column(sa.String(20))


class Shelf(Base):
    __tablename__ = "my_shelves"

    id: Mapped[int] = mapped_column(primary_key=True)


class Visit(Base):
    __tablename__ = "visits"

    id: Mapped[UUID] = mapped_column(primary_key=True)


class Hidden(IdMixin, Base):
    __tablename__ = "hidden"
'''
HELPERS = "async def make_warehouse() -> None: ...\nasync def make_shelf() -> None: ...\n"


@pytest.fixture
def shop(project: Living) -> Living:
    project.write(GEO, SOURCE)
    names = ("Shelf", "Visit", "Warehouse")
    exported = "".join(f"from app.models.geo import {name} as {name}\n" for name in names)
    project.write(MODELS, exported + project.read(MODELS))
    return project


BOX = ("add", "resource", "box", "place:ref:warehouse:filter", "shelf:ref:shelves:optional")


@pytest.mark.slow
def test_a_ref_leads_to_a_model_with_a_table_and_a_module_of_its_own(shop: Living) -> None:
    for module in ("test_warehouses", "test_shelves"):
        shop.write(f"tests/{module}.py", HELPERS)
    shop.must(*BOX)
    model = shop.read("src/app/models/box.py")
    assert "from app.models.geo import Shelf, Warehouse\n" in model
    assert '"warehouse.id"' in model
    assert '"my_shelves.id"' in model
    geo = shop.read(GEO)
    assert geo.count('boxes: Mapped[list["Box"]] = relationship(') == 2
    assert "from test_warehouses import make_warehouse\n" in shop.read("tests/test_boxes.py")
    assert shop.run("check").out == "uv.lock: it does not exist\n  hint: uv lock\n"
    shop.must("add", "field", "box", "spare:ref:shelf:optional")
    shop.commit()
    shop.must("remove", "resource", "box")
    assert shop.read(GEO) == SOURCE


def test_tests_without_a_helper_of_the_model_are_left_to_the_user(shop: Living) -> None:
    result = shop.run(*BOX)
    assert result.code == 4
    assert "it imports make_shelf of tests/test_shelves.py and make_warehouse of" in result.err
    assert "relationship" in shop.read(GEO)


@pytest.mark.parametrize(
    ("field", "reason", "hint"),
    [
        ("seen:ref:visit", "its key is not `id: Mapped[int]`", "seen_id:uuid"),
        ("in:ref:Hidden", "src/app/models/__init__.py does not import it", "in_id:int"),
    ],
)
def test_models_that_no_ref_can_lead_to(shop: Living, field: str, reason: str, hint: str) -> None:
    result = shop.run("add", "resource", "box", field)
    assert result.code == 1
    assert reason in result.err
    assert f"hint: fastgen add resource box {hint}\n" in result.err


def test_they_are_among_those_that_are_there(shop: Living) -> None:
    result = shop.run("add", "resource", "box", "place:ref:warehous")
    assert "there are shelf, user, warehouse; did you mean warehouse?" in result.err
