"""What people do to a generated project in a year, by hand."""

import re
from pathlib import Path

from living import VERSIONS, Living

RESOURCES = (
    ("category", "name:str:80:unique"),
    ("tag", "name:str:40:unique"),
    (
        "item",
        "name:str:100:min=1:search",
        "price:decimal:10,2:gt=0:filter",
        "category:ref:category",
        "note:text:optional",
    ),
    ("order", "item:ref:item", "quantity:int:ge=1"),
)
CATALOG = "src/app/api/v1/catalog"
ENDPOINTS = f"{CATALOG}/items.py"
ROUTER = "src/app/api/v1/router.py"
SCHEMA, SERVICE = "src/app/schemas/item.py", "src/app/services/item.py"
MODEL, OTHER = "src/app/models/item.py", "src/app/models/tag.py"
TESTS, CHILD = "tests/api/test_items.py", "tests/api/test_orders.py"
RENAMED_TESTS = "tests/api/test_products.py"

ROUTERS = """\
from app.api.v1.catalog.categories import router as categories_router
from app.api.v1.catalog.items import router as items_router
from app.api.v1.catalog.tags import router as tags_router

CATALOG = [
    categories_router,
    items_router,
    tags_router,
]
"""
TABLE = """
ITEM_KEY = "fk_item_tags_item_id_items"
item_tags = sa.Table(
    "item_tags",
    Base.metadata,
    sa.Column(
        "item_id", sa.ForeignKey("items.id", name=ITEM_KEY, ondelete="CASCADE"), primary_key=True
    ),
    sa.Column("tag_id", sa.ForeignKey("tags.id", ondelete="CASCADE"), primary_key=True),
)


class Item("""
METHODS = '''\
    async def add_tag(self, item_id: int, tag_id: int) -> None:
        """Give an item a tag; raises NotFoundError."""
        await self.get(item_id)
        if await self._session.get(Tag, tag_id) is None:
            raise NotFoundError("Tag", tag_id)
        await self._session.execute(insert(item_tags).values(item_id=item_id, tag_id=tag_id))

    async def tags_of(self, item_id: int) -> Sequence[str]:
        named = select(Tag.name).join(item_tags, item_tags.c.tag_id == Tag.id)
        return [*await self._session.scalars(named.where(item_tags.c.item_id == item_id))]

    async def _check_references'''
ROUTES = '''

@router.put("/{item_id:int}/tags/{tag_id:int}", status_code=status.HTTP_204_NO_CONTENT)
async def add_tag(session: DbSession, item_id: RowId, tag_id: RowId) -> None:
    """Give an item a tag."""
    await ItemService(session).add_tag(item_id, tag_id)


@router.get("/{item_id:int}/tags")
async def list_tags_of_item(session: DbSession, item_id: RowId) -> Sequence[str]:
    """List the tags of an item."""
    item = await ItemService(session).read(item_id)
    return await ItemService(session).tags_of(item.id)
'''
OWN_TESTS = """

class TestTags:
    async def test_are_given_and_listed(
        self, client: AsyncClient, accounts: dict[str, Account]
    ) -> None:
        items = [await new_item(client, accounts, number) for number in range(2)]
        tag = await make_tag(client, accounts)
        path = f"{ITEMS}/{items[0]['id']}/tags"
        assert (await client.put(f"{path}/{tag['id']}")).status_code == 204
        assert (await client.get(path)).json() == [tag["name"]]
        found = (await client.get(ITEMS)).json()
        assert [item["id"] for item in found["items"]] == [item["id"] for item in items]
        for name, value in items[0].items():
            assert found["items"][0][name] == value


async def test_deleted_items_are_hidden(
    client: AsyncClient, accounts: dict[str, Account]
) -> None:
    item = await new_item(client, accounts)
    assert (await client.delete(f"/api/v1/items/{item['id']}")).status_code == 204
    assert (await client.get("/api/v1/items")).json()["items"] == []
"""
MIGRATION = '''"""soft delete and tags

Revision: aaaabbbbcccc
Revises: {head}
Created: 2026-06-01 12:00:00+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = "aaaabbbbcccc"
down_revision = "{head}"
branch_labels = None
depends_on = None
KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("items", sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "item_tags",
        sa.Column("item_id", KEY, nullable=False),
        sa.Column("tag_id", KEY, nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"],
            ["items.id"],
            name=op.f("fk_item_tags_item_id_items"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tag_id"], ["tags.id"], name=op.f("fk_item_tags_tag_id_tags"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("item_id", "tag_id", name=op.f("pk_item_tags")),
    )


def downgrade() -> None:
    op.drop_table("item_tags")
    op.drop_column("items", "deleted_at")
'''


def edit(shop: Living) -> None:
    """Make all edits in `shop`, which has the `RESOURCES`."""
    _split_the_router(shop)
    for name in ("categories", "items", "tags", "orders"):
        _move(shop, f"tests/test_{name}.py", f"tests/api/test_{name}.py")
    _rename_functions(shop)
    _delete_softly(shop)
    _tag_items(shop)
    shop.edit("pyproject.toml", "line-length = 100", "line-length = 120")


def _move(shop: Living, old: str, new: str) -> None:
    shop.write(new, shop.read(old))
    (shop.root / old).unlink()


def _split_the_router(shop: Living) -> None:
    routers = shop.read(ROUTER)
    for name in ("categories", "items", "tags"):
        _move(shop, f"src/app/api/v1/endpoints/{name}.py", f"{CATALOG}/{name}.py")
        line = f"from app.api.v1.endpoints.{name} import router as {name}_router\n"
        routers = routers.replace(line, "").replace(f"    {name}_router,\n", "")
    routers = routers.replace("    orders_router,\n", "    *CATALOG,\n    orders_router,\n")
    shop.write(ROUTER, f"from app.api.v1.catalog import CATALOG\n{routers}")
    shop.write(f"{CATALOG}/__init__.py", ROUTERS)


def _rename_functions(shop: Living) -> None:
    for path in (SCHEMA, SERVICE, ENDPOINTS):
        shop.write(path, shop.read(path).replace("ItemQuery", "ItemFilters"))
    shop.edit(ENDPOINTS, "async def read_item(", "async def get_item(")
    for path in (TESTS, CHILD):
        shop.write(path, re.sub(r"\bmake_item\b", "new_item", shop.read(path)))


def _delete_softly(shop: Living) -> None:
    note = "    note: Mapped[str | None] = mapped_column(sa.Text)\n"
    column = "    deleted_at: Mapped[datetime | None] = mapped_column(sa.DateTime(timezone=True))\n"
    shop.edit(MODEL, note, note + column)
    shop.edit(MODEL, "from decimal", "from datetime import datetime\nfrom decimal")
    there = "Item.deleted_at.is_(None)"
    shop.edit(
        SERVICE,
        "ALL = select(*SHOWN)\n",
        "ALL = select(*SHOWN).where(ITEMS.c.deleted_at.is_(None))\n",
    )
    shop.edit(
        SERVICE,
        "            .where(Item.id == item_id)\n            .with_for_update()",
        f"            .where(Item.id == item_id, {there})\n            .with_for_update()",
    )
    gone = "update(Item).values(deleted_at=datetime.now(UTC))"
    shop.edit(
        SERVICE,
        "delete(Item).where(Item.id == item_id).returning(Item.id)",
        f"{gone}.where(Item.id == item_id, {there}).returning(Item.id)",
    )
    shop.write(CHILD, without_deletion(shop.read(CHILD), "item"))


def without_deletion(tests: str, name: str) -> str:
    """Return `tests` without the one that a row which others refer to cannot be deleted."""
    test = rf"    async def test_{name}_is_deleted.*?(?=\nclass )"
    return re.sub(test, "", tests, flags=re.DOTALL)


def _tag_items(shop: Living) -> None:
    shop.edit(MODEL, "\n\nclass Item(", TABLE)
    shop.edit(
        MODEL,
        "    from app.models.order",
        "    from app.models.tag import Tag\n    from app.models.order",
    )
    tags = (
        '    tags: Mapped[list["Tag"]] = relationship(\n'
        '        secondary=item_tags, back_populates="items", lazy="raise"\n    )\n'
    )
    category = '    category: Mapped["Category"]'
    shop.edit(MODEL, category, tags + category)
    items = (
        '\n    items: Mapped[list["Item"]] = relationship(\n'
        '        secondary="item_tags", back_populates="tags", lazy="raise"\n    )\n'
    )
    shop.write(OTHER, shop.read(OTHER) + items)
    shop.edit(OTHER, "Mapped, mapped_column", "Mapped, mapped_column, relationship")
    typed = "from typing import TYPE_CHECKING\n\nimport sqlalchemy as sa"
    shop.edit(OTHER, "import sqlalchemy as sa", typed)
    checked = "\nif TYPE_CHECKING:\n    from app.models.item import Item\n\n\nclass Tag("
    shop.edit(OTHER, "\n\nclass Tag(", checked)
    shop.edit(SERVICE, "    async def _check_references", METHODS)
    lines = shop.read(SERVICE).splitlines(keepends=True)
    [names] = [line for line in lines if line.startswith("from sqlalchemy import ")]
    dated = "from collections.abc import Sequence\nfrom datetime import UTC, datetime\n\n"
    shop.edit(
        SERVICE,
        names,
        f"{dated}{names.replace('delete, ', '').replace('select', 'select, update')}",
    )
    models = "from app.models import Category, Item\n"
    shop.edit(
        SERVICE,
        models,
        "from app.models import Category, Item, Tag\nfrom app.models.item import item_tags\n",
    )
    shop.write(ENDPOINTS, f"from collections.abc import Sequence\n{shop.read(ENDPOINTS)}{ROUTES}")
    shop.write(TESTS, shop.read(TESTS) + OWN_TESTS)
    shop.edit(
        TESTS,
        "CATEGORIES, make_category\n",
        "CATEGORIES, make_category\nfrom test_tags import make_tag\n",
    )
    shop.write(f"{VERSIONS}/20260601_1200_tags.py", MIGRATION.format(head=_head(shop.root)))


def _head(root: Path) -> str:
    """Return the last revision."""
    texts = [file.read_text() for file in (root / VERSIONS).glob("*.py")]
    made = {re.findall(r'^revision = "(\w+)"', text, re.MULTILINE)[0] for text in texts}
    known = {
        one for text in texts for one in re.findall(r'^down_revision = "(\w+)"', text, re.MULTILINE)
    }
    [head] = map(str, made - known)
    return head
