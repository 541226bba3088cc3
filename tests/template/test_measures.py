"""How much code a generated project has, and that it uses all of it."""

import ast
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import product
from pathlib import Path
from statistics import median

import pytest

from fastgen.databases import BY_NAME
from fastgen.errors import FastgenError
from fastgen.fields.grammar import word
from fastgen.fields.parse import parse
from fastgen.fields.types import TYPES
from fastgen.names.resource import resolve
from fastgen.slices.render import Renderer
from fastgen.slices.resource import Resource, World
from fastgen.slices.type_modules import needed
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
# What clients may do with a field, and what else may change what it needs.
SEEN = ("", ":optional", ":optional:readonly", ":readonly", ":writeonly", ":optional:writeonly")
MODIFIERS = (
    "", ":unique", ":index", ":filter", ":sort", ":search", ":filter:sort", ":min=1", ":max=150",
    ":pattern=^[a-z]+$", ":unique:max=5",
)  # fmt: skip
NOW = "datetime:default=now"
# A field at first, and what it is changed to.
STEPS = {
    "decimal": (
        "decimal:9,2:optional",
        "decimal:9,2:optional:readonly",
        "float:optional:writeonly",
    ),
    "datetime": ("datetime:optional", "datetime:optional:ge=2026-01-01T00:00:00Z", "date:optional"),
    "text": ("text:optional:pattern=^[a-z]+$", "str:40:optional:pattern=^[a-z]+$", "text:optional"),
}


@pytest.fixture(scope="module")
def fresh(workshop: Workshop) -> Path:
    return workshop.project("measured", {"database": "sqlite"}).path


@pytest.fixture(scope="module")
def of_app(fresh: Path) -> Counter[str]:
    """What a fresh project uses, and how often."""
    return _used_in(ast.parse(path.read_text()) for path in (fresh / "src/app").rglob("*.py"))


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


@pytest.mark.parametrize("kind", TYPES)
def test_a_modifier_brings_only_what_is_used(
    of_app: Counter[str], tmp_path: Path, kind: str
) -> None:
    brought = {field: modules(field, tmp_path) for field in variants(kind)}
    left = {field: _unused(all_, of_app + _used_in(all_)) for field, all_ in brought.items()}

    assert any(brought.values())
    assert {field: names for field, names in left.items() if names} == {}


@pytest.mark.parametrize("kind", STEPS)
def test_a_change_leaves_only_what_is_used(small: Path, cli: Cli, kind: str) -> None:
    first, *later = (f"value:{step}" for step in STEPS[kind])
    for command in (
        ("add", "resource", "item", "name:str:100"),
        ("add", "field", "item", first),
        *(("change", "field", "item", field) for field in later),
        ("remove", "field", "item", "value"),
        ("add", "resource", "other", first),
        ("remove", "resource", "other"),
    ):
        done = cli.run(*command, cwd=small)
        assert done.code == 0, done.err
        assert unused(small) == FOR_OWNERS, command
    assert not {path.stem for path in (small / "src/app/schemas/types").glob("*.py")} - {
        "__init__",
        "strings",
    }


def variants(kind: str) -> Iterator[str]:
    """Yield fields of a type with what may go with it, and with what may not."""
    type_ = TYPES[kind]
    examples = {type_.example, type_.default_example, type_.bound_example, type_.max_example, NOW}
    examples |= {f"list:{item.name}" for item in type_.item_types}
    starts = [example for example in sorted(examples) if example.partition(":")[0] == kind]
    allowed = [one for one in MODIFIERS if set(map(word, one.split(":")[1:])) <= type_.modifiers]
    for start, seen, modifier in product(starts, SEEN, allowed):
        head, default, value = start.partition(":default=")
        yield f"{head}{seen}{modifier}{default}{value}"


def modules(field: str, folder: Path) -> list[ast.Module]:
    """Return the modules of a resource with a field, and those that it brings; none if invalid."""
    on = BY_NAME["sqlite"]
    try:
        fields = parse(["name:str:100", f"value:{field}"], database=on)
        item = Resource(resolve("item"), "shared", fields)
        renderer = Renderer(folder)
        files = renderer.files(item, World(on, {"item": item}))
    except FastgenError:
        return []
    for module in needed(files.values(), on):
        files |= renderer.type_module(module, on)
    return [ast.parse(text) for path, text in files.items() if path.startswith("src/")]


def unused(project: Path) -> set[str]:
    """Return the names that the modules of the app define and none of them uses."""
    modules = {path: ast.parse(path.read_text()) for path in (project / "src/app").rglob("*.py")}
    # Alembic uses what migrations define.
    defining = [module for path, module in modules.items() if "versions" not in path.parts]
    return _unused(defining, _used_in(modules.values()))


def _unused(modules: Iterable[ast.Module], used: Counter[str]) -> set[str]:
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


def _used_in(modules: Iterable[ast.Module]) -> Counter[str]:
    return sum(map(_used, modules), Counter[str]())


def _used(node: ast.AST) -> Counter[str]:
    return Counter(
        one.id if isinstance(one, ast.Name) else one.attr
        for one in ast.walk(node)
        if isinstance(one, ast.Attribute)
        or (isinstance(one, ast.Name) and isinstance(one.ctx, ast.Load))
    )
