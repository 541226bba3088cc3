"""Models that a person edits: Alembic's autogenerate finds it, and rows go up and down."""

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from generated.projects import Done, Project
from generated.service import production
from generated.sql import ALEMBIC, EXECUTE
from living import MODEL, VERSIONS, Living

pytestmark = pytest.mark.slow

USER = """INSERT INTO users
    (id, email, hashed_password, is_active, is_admin, created_at, updated_at)
    VALUES (1, 'ada@example.org', 'x', true, false, '2024-01-01', '2024-01-01')"""
ROW = """INSERT INTO items (id, owner_id, name, status, created_at, updated_at)
    VALUES ({number}, 1, 'n', '{status}', '2024-01-01', '2024-01-01')"""
PRICED = "UPDATE items SET price = {price} WHERE id = 1"
VALUES = '    DRAFT = "draft"\n    LIVE = "live"\n'
STATUS = '    status: Mapped[ItemStatus] = mapped_column(text_enum(ItemStatus, "status"))\n'
KIND = '    kind: Mapped[ItemKind | None] = mapped_column(text_enum(ItemKind, "kind"))\n'
KINDS = 'class ItemKind(StrEnum):\n    ODD = "odd"\n    EVEN = "even"\n\n\nclass Item('
INDEX = 'sa.Index(None, "owner_id", "created_at", "id"),'
CHECK = ' sa.CheckConstraint("length(name) < {longest}", name="{name}"),'
MINE = """
import sqlalchemy as sa
from enum import StrEnum
from sqlalchemy.orm import Mapped, mapped_column
from app.columns.enums import text_enum
from app.database import Base

class Size(StrEnum):
    SMALL = "s"

class Mine(Base):
    __tablename__ = "mine"
    __table_args__ = (sa.CheckConstraint("id > 1", name="many"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    size: Mapped[Size] = mapped_column(text_enum(Size, "size"))
    order: Mapped[Size] = mapped_column(text_enum(Size, "order"))
    plain: Mapped[Size] = mapped_column(
        sa.Enum(Size, native_enum=False, create_constraint=True, length=10, name="plain")
    )
"""
PRICE = "    price: Mapped[Decimal | None] = mapped_column({kind}(10, {places}))\n"
READ = """
import asyncio, sys
from sqlalchemy import select
from sqlalchemy.ext.asyncio import create_async_engine
from app.models import Item
async def main(url):
    async with create_async_engine(url).connect() as connection:
        print([str(one) for one in await connection.scalars(select(Item.price).order_by(Item.id))])
asyncio.run(main(sys.argv[1]))
"""


@dataclass(frozen=True)
class Edited:
    """A project in whose models a person works, and a database with rows."""

    shop: Living
    project: Project
    url: str

    def alembic(self, *arguments: str) -> Done:
        return self.run("-m", "alembic", *arguments)

    def must(self, *commands: str) -> None:
        """Run commands of Alembic, each of which must succeed."""
        self.run("-c", ALEMBIC, *commands).must_succeed()

    def sql(self, *statements: str) -> Done:
        return self.run("-c", EXECUTE, self.url, *statements)

    def run(self, *arguments: str) -> Done:
        return self.copy.python(*arguments, env=self.env)

    @property
    def copy(self) -> Project:
        return Project(self.shop.root, self.shop.user, installed=self.project.path)

    @property
    def env(self) -> dict[str, str]:
        return {**production(self.url), "PYTHONPATH": str(self.shop.root / "src")}

    def migrate(self, title: str) -> str:
        """Make a migration of what was edited, as Alembic's manual says; return its text."""
        self.must(f"revision --autogenerate -m {title}", "upgrade head", "check")
        [file] = (self.shop.root / VERSIONS).glob(f"*_{title}.py")
        return file.read_text()

    def down_and_up(self) -> None:
        self.must("downgrade -1", "upgrade head")

    def insert(self, number: int, status: str = "draft") -> Done:
        return self.sql(ROW.format(number=number, status=status))

    def lint(self) -> None:
        self.run("-m", "ruff", "check", VERSIONS).must_succeed()
        self.run("-m", "ruff", "format", "--check", VERSIONS).must_succeed()

    def must_pass_tests_of_migrations(self) -> None:
        chosen = ("-k", "not none_answers", "tests/test_migrations.py")
        self.copy.pytest("-q", *chosen, env=self.env).must_succeed()


@pytest.fixture
def edited(project: Project, tmp_path: Path, database_url: str) -> Edited:
    root = tmp_path / "shop"
    shutil.copytree(project.path, root, ignore=shutil.ignore_patterns(".venv", ".env"))
    shop = Living(project.user, root)
    shop.must("add", "resource", "item", "name:str:100", "status:enum:draft,live")
    made = Edited(shop, project, database_url)
    made.must("upgrade head")
    made.sql(USER, ROW.format(number=1, status="draft")).must_succeed()
    return made


def test_values_of_an_enum_come_and_go(edited: Edited) -> None:
    assert edited.insert(2, "gone").code
    edited.shop.edit(MODEL, VALUES, f'{VALUES}    GONE = "gone"\n')
    assert edited.alembic("check").code
    edited.migrate("gone")
    edited.insert(2, "gone").must_succeed()
    assert edited.insert(3, "new").code
    # Rows that the older rule refuses are not lost.
    assert edited.alembic("downgrade", "-1").code
    edited.sql("DELETE FROM items WHERE status = 'gone'").must_succeed()
    edited.alembic("downgrade", "-1").must_succeed()
    assert edited.insert(2, "gone").code
    edited.alembic("upgrade", "head").must_succeed()
    edited.shop.edit(MODEL, '    LIVE = "live"\n', "")
    edited.migrate("no_live")
    assert edited.insert(2, "live").code
    edited.down_and_up()
    edited.insert(2, "gone").must_succeed()
    edited.lint()


@pytest.mark.by_day("sqlite")
def test_a_column_of_an_enum_comes_and_goes(edited: Edited) -> None:
    edited.shop.edit(MODEL, "class Item(", KINDS)
    edited.shop.edit(MODEL, STATUS, STATUS + KIND)
    edited.migrate("kind")
    row = ROW.format(number=2, status="draft")
    edited.sql(row, "UPDATE items SET kind = 'odd'").must_succeed()
    assert edited.sql("UPDATE items SET kind = 'none'").code
    edited.down_and_up()
    edited.insert(3).must_succeed()
    edited.shop.edit(MODEL, KIND, "")
    edited.migrate("no_kind")
    edited.insert(4).must_succeed()
    edited.alembic("downgrade", "-1").must_succeed()
    edited.insert(5).must_succeed()
    assert edited.sql("UPDATE items SET kind = 'none'").code
    edited.down_and_up()
    edited.insert(6).must_succeed()
    edited.lint()


def test_checks_come_change_and_go(edited: Edited) -> None:
    check = CHECK.format(longest=9, name="short")
    edited.shop.edit(MODEL, INDEX, INDEX + check)
    edited.migrate("short")
    assert edited.sql("UPDATE items SET name = 'long enough'").code
    edited.down_and_up()
    edited.shop.edit(MODEL, check, CHECK.format(longest=99, name="shorter"))
    edited.migrate("shorter")
    edited.sql("UPDATE items SET name = 'long enough'").must_succeed()
    assert edited.alembic("downgrade", "-1").code
    edited.shop.edit(MODEL, CHECK.format(longest=99, name="shorter"), "")
    edited.migrate("any")
    edited.down_and_up()
    edited.lint()


@pytest.mark.by_day("sqlite")
def test_a_table_of_ones_own_is_made_with_its_checks(edited: Edited) -> None:
    edited.shop.write("src/app/models/mine.py", MINE)
    models = "src/app/models/__init__.py"
    edited.shop.write(models, f"{edited.shop.read(models)}\nfrom app.models.mine import Mine\n")
    edited.migrate("mine")
    edited.must_pass_tests_of_migrations()
    row = 'INSERT INTO mine (id, size, "order", plain) VALUES '
    edited.sql(f"{row} (2, 's', 's', 'SMALL')").must_succeed()
    right = ("3", "'s'", "'s'", "'SMALL'")
    for place, value in enumerate(("1", "'x'", "'x'", "'s'")):
        wrong = ", ".join((*right[:place], value, *right[place + 1 :]))
        assert edited.sql(f"{row} ({wrong})").code, wrong
    edited.down_and_up()
    edited.lint()


@pytest.mark.by_day("sqlite")
def test_merged_heads_pass_the_checks_of_the_project(edited: Edited) -> None:
    first = next((edited.shop.root / VERSIONS).glob("*_create_items.py"))
    edited.shop.must("add", "resource", "cat", "name:str")
    second = next((edited.shop.root / VERSIONS).glob("*_create_cats.py"))
    parent = re.search("(?m)^down_revision = .*", first.read_text())
    assert parent
    text = re.sub("(?m)^down_revision = .*", parent[0], second.read_text())
    second.write_text(text)
    edited.alembic("merge", "heads", "-m", "merge branches").must_succeed()
    edited.must("upgrade head", "check")
    edited.lint()
    edited.must_pass_tests_of_migrations()


def test_numbers_stay_what_they_are_when_their_places_change(edited: Edited, database: str) -> None:
    kind = "Exact" if database == "sqlite" else "sa.Numeric"

    def prices() -> str:
        return edited.run("-c", READ, edited.url).must_succeed().strip()

    edited.shop.must("add", "field", "item", "price:decimal:10,2:optional")
    edited.alembic("upgrade", "head").must_succeed()
    priced = PRICED.format(price="999" if kind == "Exact" else "9.99")
    edited.sql(ROW.format(number=2, status="draft"), priced).must_succeed()
    assert prices() == "['9.99', 'None']"
    edited.shop.edit(MODEL, PRICE.format(kind=kind, places=2), PRICE.format(kind=kind, places=4))
    edited.migrate("places")
    assert prices() == "['9.9900', 'None']"
    edited.down_and_up()
    assert prices() == "['9.9900', 'None']"
    price = "12345678" if kind == "Exact" else "1234.5678"
    edited.sql(PRICED.format(price=price)).must_succeed()
    edited.shop.edit(MODEL, PRICE.format(kind=kind, places=4), PRICE.format(kind=kind, places=8))
    assert edited.alembic("check").code
    edited.alembic("revision", "--autogenerate", "-m", "more").must_succeed()
    # 10 digits, of which 8 are places, do not hold 1234.
    assert edited.alembic("upgrade", "head").code
    edited.lint()
