"""A domain after many changes: its own tests pass, and it is as if made so from the start."""

import re

import pytest

from generated import variants
from generated.projects import Workshop
from living import VERSIONS, Living

pytestmark = pytest.mark.slow

FIRST = (
    "category title:str:60:unique --access shared",
    (
        "product name:str:100:search price:decimal:10,2:gt=0 category:ref:category:filter "
        "tags:list:str:unique due:datetime:optional:sort "
        "status:enum:draft,open:default=draft:filter"
    ),
    "review product:ref:product:ondelete=cascade rating:int:ge=1:le=5 text:text:optional",
)
CHANGES = (
    "change field product price:decimal:12,3:ge=0 status:enum:draft,open,closed:default=open",
    "rename field product price amount",
    "remove field product tags",
    "change field review text:text:optional:search rating:int:ge=1:le=10:sort",
    "change access product shared",
    "rename resource product article",
    "add field article code:str:20:unique --fill none",
    "change access category owner --fill 1",
    "rename field article category section",
    "change field review text:text:search --fill nothing",
    "change access review admin",
)
LAST = (
    "category title:str:60:unique --access owner",
    (
        "article name:str:100:search amount:decimal:12,3:ge=0 section:ref:category:filter "
        "due:datetime:optional:sort status:enum:draft,open,closed:default=open code:str:20:unique "
        "--access shared"
    ),
    (
        "review product:ref:article:ondelete=cascade rating:int:ge=1:le=10:sort text:text:search "
        "--access admin"
    ),
)
# Come with the first migration that copies a table, and with the first that checks its rows.
FOR_MIGRATIONS = (
    "src/app/migrations/copies.py",
    "tests/test_copied_tables.py",
    ".fastgen/files/types/migrations/copies.yml",
    "src/app/migrations/row_checks.py",
    "tests/test_row_checks.py",
    ".fastgen/files/types/migrations/row_checks.yml",
)


def state(project: Living) -> dict[str, str]:
    """Return the source, the tests and the recipe.

    Without migrations, what they need, and the order of routers.
    """
    found = {}
    for path in project.git("ls-files", "src", "tests", ".fastgen").splitlines():
        text = project.read(path)
        if path.startswith(".fastgen"):
            text = re.sub(r"revisions:\n(- .+\n)+", "", text)
        if path.endswith("v1/router.py"):
            text = "\n".join(sorted(text.splitlines()))
        if not path.startswith((VERSIONS, *FOR_MIGRATIONS)):
            found[path] = text
    return found


@pytest.mark.by_day("sqlite")
def test_a_changed_domain_passes_its_tests(workshop: Workshop, database: str) -> None:
    answers = variants.default() | {"database": database}
    project = workshop.project(f"changed-{database}", answers)
    shop = Living(project.user, project.path)
    other = shop.copy(f"other-{database}")
    for each, lines in ((shop, FIRST), (other, LAST)):
        for line in lines:
            each.must("add", "resource", *line.split())
        each.commit()
    for line in CHANGES:
        shop.must(*line.split())
        shop.commit()
    assert state(shop) == state(other)
    shop.must("check")
    project.must_pass_its_tests(covered=False)
    project.uv_run("ruff", "check", ".").must_succeed()
    project.uv_run("ruff", "format", "--check", ".").must_succeed()
    project.uv_run("mypy").must_succeed()
