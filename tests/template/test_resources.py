"""Slices in a fresh project of each database; their tests notice when the code is wrong."""

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from generated import variants
from generated.projects import Done, Project, Workshop

pytestmark = pytest.mark.slow

OTHER = "other:ref:user:optional:filter"
EXAMPLE = (
    "item name:str:100:min=1:search price:decimal:10,2:gt=0 "
    "quantity:int:ge=0:le=10000:default=0 tags:list:str:max=10:unique"
)
CATEGORY = "category name:str:50:unique --access owner"
ITEM = (
    "item name:str:100:min=1:unique:search:sort price:decimal:10,2:gt=0:filter "
    "quantity:int:ge=0:le=10000:sort:default=0 tags:list:str:max=10:unique note:text:optional "
    "secret:str:40:writeonly due:datetime:optional:filter:sort "
    "category:ref:category:filter:ondelete=cascade"
)
NOTICE = "notice text:str:100 --access admin"
CHECKS = (("ruff", "check"), ("ruff", "format", "--check"), ("mypy",), ("lint-imports",))
MODEL = "src/app/models/item.py"
SCHEMA = "src/app/schemas/item.py"
SERVICE = "src/app/services/item.py"
ENDPOINTS = "src/app/api/v1/endpoints/items.py"
OF_ITEMS = "*/item.py,*/items.py"
MIGRATION = "src/app/migrations/versions/*_create_items.py"


@dataclass(frozen=True)
class Mutation:
    """A mistake that somebody could make: what is in a file, and what is there instead."""

    path: str
    pattern: str
    instead: str


MUTATIONS = {
    "rows of others are shown": Mutation(
        SERVICE, r'\.where\(ITEMS\.c\.owner_id == bindparam\("owner_id"\)\)', ""
    ),
    "a name may be there twice": Mutation(
        MIGRATION, r'sa\.UniqueConstraint\([^)]*"name".*?\),\n', ""
    ),
    "a bound is gone": Mutation(SCHEMA, r"le=10000", "le=20000"),
    "a bound is taken for the next value": Mutation(SCHEMA, r"gt=0", "ge=0"),
    "a text may be blank": Mutation(SCHEMA, r"min_length=1, max_length=100", "max_length=100"),
    "a validator is gone": Mutation(SCHEMA, r"\s*AfterValidator\(distinct\),?", ""),
    "a reference is not checked when a row is made": Mutation(
        SERVICE, r"(def create.*?)await self\._check_references\(data\)", r"\1"
    ),
    "a reference is not checked when a row is changed": Mutation(
        SERVICE, r"(def update.*?)await self\._check_references\(data\)", r"\1"
    ),
    "rows of others can be referred to": Mutation(
        SERVICE, r"\.where\(Category\.owner_id == self\._owner\.id\)", ""
    ),
    "a list is not sorted as wanted": Mutation(
        SERVICE,
        r"(PAGES\.read\(self\._session, )query",
        r"\1ItemQuery(**query.model_dump(exclude={'sort'}))",
    ),
    "a filter is turned round": Mutation(SERVICE, r"c\.price >= bind", "c.price <= bind"),
    "a filter is another's": Mutation(
        SERVICE, r"category_id=ITEMS\.c\.category_id", "category_id=ITEMS.c.id"
    ),
    "null is not null": Mutation(SERVICE, r"c\.due\.is_\(None\)", "c.due.is_not(None)"),
    "a search is ignored": Mutation(
        SERVICE, r"contains\(ITEMS\.c\.name\)", "ITEMS.c.id == ITEMS.c.id"
    ),
    "null is first": Mutation(SCHEMA, r"(class ItemResponse.*?due: dt\.datetime) \| None", r"\1"),
    "a parameter that is not known is ignored": Mutation(
        ENDPOINTS, r" *refuse_unknown_parameters\(request\)\n", ""
    ),
    "nobody learns of the next page": Mutation(
        ENDPOINTS, r"with_next_link\(request, response, (.*?)\)\n", r"\1\n"
    ),
    "what is not there is taken for an empty row": Mutation(
        SERVICE,
        r"(if item is None:\s+)raise NotFoundError",
        r"\1return Item()\n            raise NotFoundError",
    ),
    "rows of others can be changed": Mutation(
        SERVICE,
        r"(select\(Item\)\s*\.where\(Item\.id == item_id), Item\.owner_id == self\._owner\.id",
        r"\1",
    ),
    "rows of others can be deleted": Mutation(
        SERVICE,
        r"(delete\(Item\)\s*\.where\(Item\.id == item_id), Item\.owner_id == self\._owner\.id",
        r"\1",
    ),
    "nothing is stored": Mutation(
        SERVICE,
        r"row = \(await self\._session\.execute\(ADD, values\)\)\.one\(\)",
        r"row = {'id': 1, 'created_at': None, 'updated_at': None, **values}",
    ),
    "nothing is changed": Mutation(SERVICE, r"setattr\(item, field, value\)", "str(value)"),
    "nothing is deleted": Mutation(
        SERVICE, r"delete\(Item\)(.*?)\.returning\(Item\.id\)", r"select(Item.id)\1"
    ),
    "the database has another default": Mutation(MODEL, r', server_default="0"', ""),
    "a default is another": Mutation(SCHEMA, r"ItemQuantity = 0", "ItemQuantity = 1"),
    "null is taken where a value must be": Mutation(
        SCHEMA, r"ItemName = omittable\(\)", "ItemName | None = None"
    ),
    "what is optional must be sent": Mutation(
        SCHEMA, r"note: ItemNote \| None = None", "note: ItemNote"
    ),
    "a secret is shown": Mutation(
        SCHEMA, r"(class ItemResponse.*?id: int\n)", r"\1    secret: str\n"
    ),
    "the answer has another status": Mutation(ENDPOINTS, r"HTTP_201_CREATED", "HTTP_200_OK"),
    "the answer does not say where the row is": Mutation(
        ENDPOINTS, r"\"Location\"", '"X-Location"'
    ),
    "rows stay when what they refer to goes": Mutation(
        MIGRATION, r'(\["categories\.id"\].*?)CASCADE', r"\1RESTRICT"
    ),
    "everybody may write": Mutation(
        "src/app/api/v1/endpoints/notices.py", r"dependencies=\[Depends\(require_admin\)\],", ""
    ),
    "nobody needs to log in to read": Mutation(
        "src/app/api/v1/endpoints/notices.py", r"Depends\(get_caller\), ", ""
    ),
}


# One of each kind that the generated tests look for; the others at night.
BY_DAY = {
    "rows of others are shown",
    "a name may be there twice",
    "a list is not sorted as wanted",
    "a search is ignored",
    "rows of others can be changed",
    "the database has another default",
    "everybody may write",
}


@pytest.mark.parametrize(
    "database", ["sqlite", pytest.param("postgresql", marks=pytest.mark.nightly)]
)
def test_the_example_and_added_fields_leave_a_project_clean(
    database: str, workshop: Workshop
) -> None:
    project = workshop.project(f"example-{database}", variants.default() | {"database": database})
    add(project, EXAMPLE)
    for command in CHECKS:
        project.uv_run(*command).must_succeed()
    # Among them: the migrations up, `alembic check`, and down again.
    own = ("tests/test_items.py", "tests/test_migrations.py")
    covered = ("--cov", "--cov-report=", "--cov-fail-under=0")
    project.uv_run("pytest", "-q", *covered, *own).must_succeed()
    project.uv_run("coverage", "report", f"--include={OF_ITEMS}").must_succeed()
    # Of a kind for which SQLite must make the table anew, and of one for which it need not.
    for fields in (["sku:str:32:unique:optional"], ["kind:enum:a,b:default=a", OTHER]):
        done = project.user.run("add", "field", "item", *fields, cwd=project.path)
        assert done.code == 0, done.err
    for command in CHECKS:
        project.uv_run(*command).must_succeed()
    project.must_pass_its_tests(covered=False)


@pytest.fixture(scope="module")
def project(workshop: Workshop, worker_id: str) -> Project:
    """A project with three resources, whose tests pass; each process has its own to change."""
    made = workshop.project(f"mutated-{worker_id}", variants.default())
    for line in (CATEGORY, ITEM, NOTICE):
        add(made, line)
    run_tests(made, "tests/test_items.py", "tests/test_notices.py").must_succeed()
    return made


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=() if name in BY_DAY else pytest.mark.nightly) for name in MUTATIONS],
)
def test_generated_tests_notice_that(name: str, project: Project) -> None:
    mutation = MUTATIONS[name]
    (file,) = project.path.glob(mutation.path)
    source = file.read_text("utf-8")
    mutated, times = re.subn(mutation.pattern, mutation.instead, source, flags=re.DOTALL)
    assert times >= 1, source
    assert mutated != source
    write(file, mutated)
    try:
        done = run_tests(
            project,
            "-x",
            f"tests/test_{'notices' if 'notice' in file.name else 'items'}.py",
            "tests/test_migrations.py",
        )
    finally:
        write(file, source)
    assert done.code == 1, done.out
    assert re.search(r"\d+ failed", done.out), done.out


def add(project: Project, line: str) -> None:
    added = project.user.run("add", "resource", *line.split(), cwd=project.path)
    assert added.code == 0, added.err


def run_tests(project: Project, *arguments: str) -> Done:
    return project.pytest("-q", *arguments)


def write(file: Path, source: str) -> None:
    """Write a module so that no compiled form of what it was is taken for it."""
    file.write_text(source, "utf-8")
    for compiled in file.parent.glob(f"__pycache__/{file.stem}.*.pyc"):
        compiled.unlink()
