"""What a change leaves to people, in code that they wrote themselves, with file and line."""

from living import MODEL, MODELS, SERVICE, Living

REMARK = "src/app/models/remark.py"
TABLE = """\
import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base
from app.models.mixins import IdMixin

item_links = sa.Table(
    "item_links",
    Base.metadata,
    sa.Column("item_id", sa.ForeignKey("items.id", name="links"), primary_key=True),
)


class Remark(IdMixin, Base):
    __tablename__ = "remarks"
    __table_args__ = (
        sa.ForeignKeyConstraint(["owner_id"], ["users.id"]),
        sa.Index("ix_mine", "item_id"),
    )

    item_id: Mapped[int] = mapped_column(sa.ForeignKey("items.id"), index=True)
    owner_id: Mapped[int]
"""
MINE = """\
    sku: Mapped[str | None] = mapped_column(sa.String(9), index=True)
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id", name="mine"))
"""


def told(project: Living, *command: str) -> list[str]:
    """Return what is left to people, without the lines of code to change."""
    result = project.run(*command)
    assert result.code == 4, result
    begin = "left to you: "
    return [one.removeprefix(begin) for one in result.err.splitlines() if one.startswith(begin)]


def test_tables_by_hand_refer_to_a_renamed_one(with_item: Living) -> None:
    with_item.write(REMARK, TABLE)
    with_item.write(
        MODELS, with_item.read(MODELS) + "from app.models.remark import Remark as Remark\n"
    )
    with_item.commit()
    result = with_item.run("rename", "resource", "item", "product")
    assert result.code == 4
    now = f"left to you: {REMARK}: line %s refers to items.id, which is now products.id"
    kept = (
        "; its name in the database is still fk_remarks_item_id_items: use this name, or rename it"
    )
    assert f"{now % 10}\n    sa.ForeignKey('products.id', name='links')\n" in result.err
    assert f"{now % 21}{kept} in a migration\n" in result.err
    assert "    sa.ForeignKey('products.id', name=\"fk_remarks_item_id_items\")\n" in result.err
    assert result.err.count("left to you") == 2


def test_what_was_added_to_a_renamed_table_keeps_its_names(with_item: Living) -> None:
    with_item.write(MODEL, with_item.read(MODEL) + MINE)
    ours = 'sa.UniqueConstraint("name", "sku"), sa.CheckConstraint("sku > 1", name="sku")'
    with_item.edit(MODEL, '"created_at", "id"),)', f'"created_at", "id"), {ours})')
    with_item.commit()
    kept = "its name in the database is still {}: use this name, or rename it in a migration"
    found = told(with_item, "rename", "resource", "item", "product", "--dry-run")
    assert [one.split(": ", 2)[2] for one in found] == [
        kept.format(name) for name in ("uq_items_name_sku", "ck_items_sku", "ix_items_sku")
    ]
    [one] = told(with_item, "rename", "field", "item", "name", "title", "--dry-run")
    assert one.endswith(kept.format("uq_items_name_sku"))


def test_texts_with_the_old_route_or_table(with_item: Living) -> None:
    tests, report = "tests/test_mine.py", "src/app/report.py"
    with_item.write(
        tests,
        '"""Not /items."""\n\nfrom conftest import API\n\nURL = "https://example.org/items"\n'
        'ONE = f"{API}/items/1"\nALL = "/api/v1/items?limit=1"\nOTHERS = "/items-of-others"\n',
    )
    with_item.write(report, 'SQL = "SELECT count(*) FROM items"\n')
    with_item.commit()
    renaming = ("rename", "resource", "item", "product")
    table = f"{report}: line 1 still mentions items, which is now products"
    path = f"{tests}: lines 6, 7 still mention /items, which is now /products"
    assert told(with_item, *renaming, "--dry-run") == [table, path]
    assert told(with_item, *renaming, "--keep-path", "--dry-run") == [table]


def test_rows_that_stay_when_they_are_deleted(with_item: Living) -> None:
    before = with_item.read(SERVICE)
    with_item.write(SERVICE, before.replace("delete(Item)", "update(Item).values(gone=True)"))
    with_item.commit()
    for command, tests in (
        (("add", "resource", "order", "item:ref:item"), "tests/test_orders.py"),
        (("add", "field", "item", "parent:ref:item:optional"), "tests/test_items.py"),
    ):
        [one] = told(with_item, *command)
        lines = with_item.read(tests).splitlines()
        line = next(number for number, text in enumerate(lines, 1) if "_is_deleted(" in text)
        assert one.startswith(f"{tests}: line {line} expects that items are deleted, but {SERVICE}")
        assert one.endswith("keeps their rows: change that test, or remove it")
    with_item.must("add", "field", "order", "note:text:optional")
