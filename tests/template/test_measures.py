"""How much code a generated project has, and that it uses all of it."""

import ast
from collections import Counter
from pathlib import Path
from statistics import median

import pytest

from generated.projects import Workshop
from support import Cli

pytestmark = pytest.mark.slow

MOST_LINES = {"src/app": 3_300, "tests": 3_000}
# That many more come with an option.
WITH_MAIL = {"src/app": 450, "tests": 400}
# For people who write their own endpoints; AGENTS.md has a use of each.
FOR_OWNERS = {"HttpClient", "Pagination"}
RESOURCES = (
    "category title:str:60:unique --access shared",
    (
        "product name:str:100:search price:decimal:10,2:gt=0 category:ref:category:filter "
        "tags:list:str:max=10:unique due:datetime:optional:sort"
    ),
    "review product:ref:product:ondelete=cascade rating:int:ge=1:le=5 text:text:optional",
)
# A field of each type, alone.
FIELDS = (
    "str:pattern=^[a-z]+$", "text", "text:pattern=^[a-z]+$", "int", "bigint", "float",
    "decimal:10,2", "bool", "date", "datetime", "time", "uuid", "email", "url", "color", "json",
    "json:optional:readonly", "enum:a,b", "ref:user", "list:str", "list:str:unique", "list:date",
    "list:datetime", "list:float", "list:url",
)  # fmt: skip


@pytest.fixture(scope="module")
def fresh(workshop: Workshop) -> Path:
    return workshop.project("measured", {"database": "sqlite"}).path


@pytest.fixture
def small(cli: Cli) -> Path:
    """Without what may be left out."""
    made = cli.run("new", "shop", "--no-git", "--no-install", "--database=sqlite", "--no-mail")
    assert made.code == 0, made.err
    return cli.cwd / "shop"


@pytest.fixture(scope="module")
def shop(workshop: Workshop) -> Path:
    answers = {"database": "sqlite"}
    return workshop.project("measured-shop", answers, resources=RESOURCES).path


@pytest.mark.parametrize("folder", MOST_LINES)
def test_a_fresh_project_is_small(fresh: Path, small: Path, folder: str) -> None:
    least, most = (sum(map(_lines, (made / folder).rglob("*.py"))) for made in (small, fresh))
    assert least <= MOST_LINES[folder]
    assert most - least <= WITH_MAIL[folder]


def test_files_and_functions_stay_small(shop: Path) -> None:
    app = [path for path in (shop / "src/app").rglob("*.py") if _lines(path) > 250]
    tests = [shop / f"tests/test_{name}.py" for name in ("categories", "products", "reviews")]
    functions = [
        (node.end_lineno or 0) - node.lineno + 1
        for path in (shop / "src/app").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]

    assert not app
    assert not [path for path in tests if _lines(path) > 450]
    assert median(functions) < 10


def test_every_name_is_used(fresh: Path) -> None:
    assert unused(fresh) == FOR_OWNERS


@pytest.mark.parametrize("field", FIELDS)
def test_a_type_brings_only_what_is_used(small: Path, cli: Cli, field: str) -> None:
    added = cli.run("add", "resource", "item", "name:str:100", f"value:{field}", cwd=small)
    assert added.code == 0, added.err
    assert unused(small) == FOR_OWNERS


def unused(project: Path) -> set[str]:
    """Return the names that the modules of the app define and none of them uses."""
    files = [path for path in (project / "src/app").rglob("*.py") if "versions" not in path.parts]
    modules = [ast.parse(path.read_text()) for path in files]
    used = sum(map(_used, modules), Counter[str]())
    return {
        name
        for module in modules
        for node in module.body
        for name in _defined(node)
        if used[name] == _used(node)[name]
    }


def _lines(path: Path) -> int:
    return len(path.read_text().splitlines())


def _defined(node: ast.stmt) -> list[str]:
    """Return what a statement defines; routes and listeners are used by their decorators."""
    names: list[str] = []
    if isinstance(node, ast.ClassDef):
        names = [node.name]
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not node.decorator_list:
        names = [node.name]
    if isinstance(node, ast.Assign | ast.AnnAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        names = [target.id for target in targets if isinstance(target, ast.Name)]
    return [name for name in names if not name.startswith("__")]


def _used(node: ast.AST) -> Counter[str]:
    return Counter(
        one.id if isinstance(one, ast.Name) else one.attr
        for one in ast.walk(node)
        if isinstance(one, ast.Attribute)
        or (isinstance(one, ast.Name) and isinstance(one.ctx, ast.Load))
    )
