"""Lists sorted by `updated_at`, as docs/resources.md says to declare it."""

import re
import shutil
from pathlib import Path
from textwrap import indent

import pytest

from generated.projects import Project
from generated.server import migrated
from generated.service import GUNICORN, development
from generated.shop import API, Person
from generated.sql import ALEMBIC, connected
from living import MODEL, Living
from support import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.by_day("sqlite")]

SCHEMA = "src/app/schemas/item.py"
HEADING = "### Sorting by updated_at"
CREATED = '        sa.Index(None, "owner_id", "created_at", "id"),\n'
# Two rows were changed in the same moment.
CHANGES = (
    "UPDATE items SET updated_at = '2026-01-02 00:00:00.000000' WHERE id IN (2, 3)",
    "UPDATE items SET updated_at = '2026-01-01 00:00:00.000000' WHERE id = 4",
    "UPDATE items SET updated_at = '2026-01-03 00:00:00.000000' WHERE id = 1",
)
ASCENDING = [4, 2, 3, 1, 5]
NEXT = """EXPLAIN {plan} SELECT id FROM items WHERE owner_id = 1
    AND (updated_at, id) {sign} ('2026-01-02', 2)
    ORDER BY updated_at {order}, id {order} LIMIT 3"""


def test_pages_are_sorted_by_it(project: Project, database_url: str, tmp_path: Path) -> None:
    root = tmp_path / "shop"
    shutil.copytree(project.path, root, ignore=shutil.ignore_patterns(".venv"))
    shop = Living(project.user, root)
    there = Project(root, project.user, installed=project.path)
    env = development(database_url) | {"PYTHONPATH": str(root / "src")}
    shop.must("add", "resource", "item", "title:str:100")
    there.python("-c", ALEMBIC, "upgrade head", env=env).must_succeed()
    index, members = declare(shop)
    revision = "revision --autogenerate -m indexed"
    there.python("-c", ALEMBIC, revision, "upgrade head", "check", env=env).must_succeed()
    shop.commit()
    shop.must("add", "field", "item", "note:text:optional")
    shop.must("change", "field", "item", "title:str:120:sort")
    assert index in shop.read(MODEL)
    assert members in shop.read(SCHEMA)
    assert shop.must("check").code == 0

    with migrated(there, tmp_path / "logs", *GUNICORN, env=env) as server:
        person = Person(server)
        for number in sorted(ASCENDING):
            person.make("/items", {"title": str(number)})
        with connected(project, database_url) as sql:
            for change in CHANGES:
                sql(change)
            sql("SELECT 1" if sql.on_sqlite else "SET enable_seqscan = off")
            for sign, order in ((">", "ASC"), ("<", "DESC")):
                plan = "QUERY PLAN" if sql.on_sqlite else ""
                found = str(sql(NEXT.format(plan=plan, sign=sign, order=order)))
                assert "ix_items_owner_id_updated_at_id" in found
                assert not re.search("(?i)sort|b-tree", found)
        assert pages(person, "updated_at") == ASCENDING
        assert pages(person, "-updated_at") == ASCENDING[::-1]
        document = server.send("GET", f"{API}/openapi.json").json
        assert {"updated_at", "-updated_at"} < {
            *document["components"]["schemas"]["ItemSort"]["enum"]
        }
        cursor = person.send("GET", "/items?limit=1&sort=updated_at").json["next"]
        assert person.send("GET", f"/items?sort=-updated_at&cursor={cursor}").status == 422


def declare(shop: Living) -> tuple[str, str]:
    """Do what the page says; return the lines for the model and those for the schema."""
    page = (ROOT / "docs/resources.md").read_text("utf-8").partition(f"{HEADING}\n")[2]
    found = re.findall(r"```python\n(.*?)\n```", page.partition("\n## ")[0], re.DOTALL)
    index, members = f"{indent(found[0], ' ' * 8)},\n", f"{indent(found[1], ' ' * 4)}\n"
    shop.edit(MODEL, f"({CREATED.strip()})", f"(\n{CREATED}{index}    )")
    last = '    CREATED_AT_DESC = "-created_at"\n'
    shop.edit(SCHEMA, last, last + members)
    return index, members


def pages(person: Person, sort: str) -> list[int]:
    """Read all rows by pages of two, each from the `Link` of the one before."""
    found: list[int] = []
    path = f"/items?limit=2&sort={sort}"
    for _ in ASCENDING:
        answer = person.send("GET", path)
        assert answer.status == 200, answer.body
        found += [item["id"] for item in answer.json["items"]]
        link = answer.headers.get("link")
        assert bool(link) == bool(answer.json["next"])
        if not link:
            return found
        path = link.partition("<")[2].partition(">")[0].removeprefix(API)
    raise AssertionError(found)
