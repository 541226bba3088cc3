"""Migrations of added fields, on a table with rows, in a real database."""

import shutil
from pathlib import Path

import pytest

from generated.projects import Done, Project
from generated.service import production
from generated.sql import ALEMBIC, EXECUTE
from living import MODELS, VERSIONS, Living

pytestmark = pytest.mark.slow

ROWS = (
    """INSERT INTO users (id, email, hashed_password, is_active, is_admin, created_at, updated_at)
    VALUES (1, 'ada@example.org', 'x', true, false, '2024-01-01', '2024-01-01')""",
    """INSERT INTO cats (id, owner_id, name, created_at, updated_at)
    VALUES (1, 1, 'c', '2024-01-01', '2024-01-01')""",
    """INSERT INTO items (id, owner_id, name, status, cat_id, created_at, updated_at)
    VALUES (1, 1, 'n1', 'draft', 1, '2024-01-01', '2024-01-01'),
    (2, 1, 'n2', 'draft', 1, '2024-01-01', '2024-01-01')""",
)
# As the app asks: PostgreSQL's driver sends the last day as infinity.
COUNT_OF_LAST_DAY = """
import asyncio, datetime, sys
from sqlalchemy import column, func, literal, select, table
from sqlalchemy.ext.asyncio import create_async_engine
async def main(url):
    query = select(func.count()).select_from(table("items"))
    async with create_async_engine(url).connect() as connection:
        print(await connection.scalar(query.where(column("until") >= literal(datetime.date.max))))
asyncio.run(main(sys.argv[1]))
"""
CHECK = """
from sqlalchemy import CheckConstraint, Table

assert isinstance(Item.__table__, Table)
Item.__table__.append_constraint(CheckConstraint("length(name) > 1", name="mine"))
"""
FIELDS = (
    "kind:enum:a,b:default=a",
    "sku:str:32:unique:optional",
    "count:int:index:default=3",
    "tags:list:str",
    "other:ref:cat:optional",
    "parent:ref:item:optional",
    "seen_at:datetime:default=2024-01-02T03:04:05Z",
    "cost:decimal:10,2:default=1.50",
    "until:date:default=9999-12-31",
    "rank:int:optional:sort:filter",
    "title:str:60:search:default=x",
    "live:bool:filter:default=true",
    "maker:ref:cat:optional:filter",
    "noticed_at:datetime:default=now:sort",
    "noticed_on:date:optional:default=now",
)
NOTICED = """SELECT count(*) FROM items
WHERE noticed_at > '2026-01-01' AND noticed_on > '2026-01-01'
AND noticed_at = (SELECT max(noticed_at) FROM items)"""


@pytest.fixture
def shop(project: Project, tmp_path: Path) -> Living:
    """A copy of the installed project with two resources; a person wrote a check into one."""
    root = tmp_path / "shop"
    shutil.copytree(project.path, root, ignore=shutil.ignore_patterns(".venv", ".env"))
    shop = Living(project.user, root)
    shop.must("add", "resource", "cat", "name:str:50:unique")
    shop.must(
        *("add", "resource", "item", "name:str:100:unique:search"),
        *("status:enum:draft,published:default=draft", "cat:ref:cat:optional"),
    )
    file = next((root / VERSIONS).glob("*create_items.py"))
    key = 'sa.PrimaryKeyConstraint("id", name=op.f("pk_items")),'
    mine = 'sa.CheckConstraint("length(name) > 1", name=op.f("ck_items_mine")),'
    file.write_text(file.read_text().replace(key, f"{key}\n        {mine}"))
    shop.write(MODELS, shop.read(MODELS) + CHECK)
    return shop


def test_a_field_is_added_to_rows_and_taken_from_them(
    project: Project, shop: Living, database_url: str
) -> None:
    env = {**production(database_url), "PYTHONPATH": str(shop.root / "src")}
    there = Project(shop.root, project.user, installed=project.path)

    def alembic(*commands: str) -> None:
        there.python("-c", ALEMBIC, *commands, env=env).must_succeed()

    def sql(*statements: str) -> Done:
        return there.python("-c", EXECUTE, database_url, *statements, env=env)

    alembic("upgrade head")
    sql(*ROWS).must_succeed()
    shop.must("add", "field", "cat", "code:enum:x,y:default=x", "mark:str:10:unique:optional")
    shop.must("add", "field", "item", *FIELDS)
    alembic("upgrade head", "check")
    values = "SELECT name, cat_id, kind, sku, count, other_id FROM items ORDER BY id"
    assert sql(values).must_succeed().strip() == (
        "[('n1', 1, 'a', None, 3, None), ('n2', 1, 'a', None, 3, None)]"
    )
    counted = there.python("-c", COUNT_OF_LAST_DAY, database_url, env=env)
    assert counted.must_succeed().strip() == "2"
    assert sql(NOTICED).must_succeed().strip() == "[(2,)]"
    refused = {
        "UPDATE items SET kind = 'c'": "ck_items_kind",
        "UPDATE items SET status = 'gone'": "ck_items_status",
        "UPDATE items SET name = ''": "ck_items_mine",
        "UPDATE cats SET code = 'z'": "ck_cats_code",
        "UPDATE items SET sku = 'same'": "sku",
        "UPDATE items SET name = 'same'": "name",
    }
    for statement, told in refused.items():
        done = sql(statement)
        assert done.code, statement
        assert told in done.out
    alembic("downgrade -2")
    assert sql("SELECT name, status, cat_id FROM items ORDER BY id").must_succeed().strip() == (
        "[('n1', 'draft', 1), ('n2', 'draft', 1)]"
    )
    for statement in ("UPDATE items SET status = 'gone'", "UPDATE items SET name = ''"):
        assert sql(statement).code, statement
    alembic("upgrade head")
    shop.write(MODELS, shop.read(MODELS).replace(CHECK, ""))
    shop.must("remove", "resource", "item")
    alembic("upgrade head", "check", "downgrade base")
