"""What is generated, as files in `golden/`: a change of a template is seen there in its effect.

`uv run pytest tests/slices/test_golden.py --accept` writes them anew; review the difference.
The whole slice is there once. Other databases and access rules are what differs from it. A field
of each type is what it adds, once for all databases and access rules that it adds the same to; so
are a unique constraint and an index over several columns.
"""

import difflib
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from fastgen.databases import BY_NAME, Database
from fastgen.fields.parse import parse
from fastgen.fields.types import TYPES
from fastgen.migrating import difference as difference_of
from fastgen.migrating import render
from fastgen.names.resource import resolve
from fastgen.rendering.formatting import formatted
from fastgen.slices.render import Renderer
from fastgen.slices.resource import Resource, World
from fastgen.slices.rights import ACCESSES, Access
from fastgen.slices.type_modules import needed

FOLDER = Path(__file__).parent / "golden"
NAME = "name:str:100"
# A field of each type with most of what it can have; half of them are required.
FIELDS: Mapping[str, str] = {
    "str": "value:str:40:filter:sort:search:min=1",
    "text": "value:text:optional:search:max=500:default=none",
    "int": "value:int:filter:sort:ge=0:le=9:default=1",
    "bigint": "value:bigint:optional:filter:sort:ge=0",
    "float": "value:float:filter:sort:gt=0",
    "decimal": "value:decimal:10,2:optional:filter:sort:gt=0:default=9.99",
    "bool": "value:bool:filter:sort:default=true",
    "date": "value:date:filter:sort:ge=2026-01-01",
    "datetime": "value:datetime:optional:filter:sort:ge=2026-01-01T00:00:00Z",
    "time": "value:time:filter:sort:lt=18:00",
    "uuid": "value:uuid:unique:filter",
    "email": "value:email:optional:unique:sort:search",
    "url": "value:url:filter",
    "color": "value:color:optional:filter:default=#1F6FEB",
    "json": "value:json:optional:writeonly:max=100",
    "enum": "value:enum:draft,live:filter:sort:default=draft",
    "list": "value:list:str:optional:readonly:max=10",
    "ref": "value:ref:maker:optional:filter:sort:ondelete=cascade",
}
# Columns that are called otherwise in Python.
RENAMED = (
    "metadata:json:optional", "class:str:40:filter:search", "copy:decimal:9,2:default=1.00",
    "registry:ref:maker:optional",
)  # fmt: skip
# What is filled in for each row.
NOW = (
    "seen_at:datetime:default=now",
    "day:date:optional:default=now",
    "noted_at:datetime:readonly:default=now",
)
# Other ones each time.
STAMP = re.compile(r"\b\d{8}_\d{4}_")
REVISION = re.compile(r"(?<=^Revision: ).+|(?<=^Created: ).+|(?<=^revision = ).+", re.MULTILINE)

# The unique constraints and the indexes over several columns.
Sets = tuple[tuple[tuple[str, ...], ...], tuple[tuple[str, ...], ...]]
NO_SETS: Sets = ((), ())

Files = dict[str, str]
Variant = tuple[str, Access]
VARIANTS: list[Variant] = [(database, access) for database in BY_NAME for access in ACCESSES]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder whose settings of the formatter are those of a new project."""
    folder = tmp_path_factory.mktemp("project")
    (folder / "pyproject.toml").write_text(
        '[tool.ruff]\nline-length = 100\ntarget-version = "py311"\nsrc = ["src", "tests"]\n'
        '[tool.ruff.lint.isort]\nknown-first-party = ["app", "conftest", "databases"]\n'
    )
    return folder


@pytest.fixture(scope="module")
def base(project: Path) -> dict[Variant, Files]:
    """The slice of a resource with a name."""
    return slices(project, NAME)


def slices(project: Path, *texts: str, sets: Sets = NO_SETS) -> dict[Variant, Files]:
    """Return the formatted files of the slice of an item with these fields, for each variant."""
    made = {
        f"{database}/{access}/{path}": ((database, access), path, text)
        for database, access in VARIANTS
        for path, text in rendered(project, BY_NAME[database], access, texts, sets)
    }
    contents = formatted({place: text for place, (_, _, text) in made.items()}, project)
    found: dict[Variant, Files] = {variant: {} for variant in VARIANTS}
    for place, (variant, path, _) in made.items():
        found[variant][stable(path)] = stable(contents[place].decode())
    return found


def stable(text: str) -> str:
    return STAMP.sub("", REVISION.sub("...", text))


def rendered(
    project: Path, database: Database, access: Access, texts: tuple[str, ...], sets: Sets
) -> Iterator[tuple[str, str]]:
    maker = Resource(resolve("maker"), "shared", parse(["name"], database=database))
    item = Resource(resolve("item"), access, parse(texts, database=database), *sets)
    world = World(database, {"maker": maker, "item": item})
    renderer = Renderer(project)
    files = renderer.files(item, world)
    created = difference_of(None, item, world, world)
    migration = render(renderer, [created], "create items", None)
    yield from [*files.items(), (migration.path, migration.text)]
    for module in needed(files.values(), database):
        # Their text is the template's, but for the database.
        yield from ((path, "") for path in renderer.type_module(module, database))


def whole(files: Files) -> str:
    return "\n".join(f"=== {path}\n{text}" for path, text in sorted(files.items()))


def difference(before: Files, after: Files) -> Files:
    """Return the lines that are added and removed, file by file."""
    found = {}
    for path in sorted({*before, *after}):
        old, new = before.get(path, "").splitlines(), after.get(path, "").splitlines()
        lines = [*difflib.unified_diff(old, new, n=0, lineterm="")][2:]
        shown = [line for line in lines if not line.startswith("@@") and line.strip("+-")]
        if shown or path not in before:
            found[path] = "".join(f"{line}\n" for line in shown)
    return found


def alike(differences: Mapping[Variant, Files]) -> str:
    """Return each difference once, below the file and the variants that it is the difference of."""
    having: dict[tuple[str, str], list[Variant]] = {}
    for variant, files in differences.items():
        for path, text in files.items():
            having.setdefault((path, text), []).append(variant)
    return "\n".join(
        f"=== {path}\n    {told(variants)}\n{text}"
        for (path, text), variants in sorted(having.items())
    )


def told(variants: list[Variant]) -> str:
    found = {
        database: [access for of, access in variants if of == database] for database in BY_NAME
    }
    rules = {", ".join(accesses) for accesses in found.values()}
    if len(rules) == 1:
        return "; ".join([", ".join(found), *rules])
    return "; ".join(f"{of}: {', '.join(accesses)}" for of, accesses in found.items() if accesses)


def check(name: str, text: str, request: pytest.FixtureRequest) -> None:
    """Compare with the file, or write it if that is wanted."""
    file = FOLDER / f"{name}.txt"
    if request.config.getoption("--accept"):
        FOLDER.mkdir(exist_ok=True)
        file.write_text(text, "utf-8")
    old = file.read_text("utf-8") if file.exists() else ""
    changed = "\n".join(difflib.unified_diff(old.splitlines(), text.splitlines(), lineterm=""))
    assert not changed, (
        f"{changed}\n\nIf this is meant: uv run pytest tests/slices/test_golden.py --accept"
    )


def test_the_slice(base: dict[Variant, Files], request: pytest.FixtureRequest) -> None:
    check("slice", whole(base["sqlite", "owner"]), request)


def test_other_databases_and_access_rules(
    base: dict[Variant, Files], request: pytest.FixtureRequest
) -> None:
    first = base["sqlite", "owner"]
    others = {variant: difference(first, files) for variant, files in base.items()}
    del others["sqlite", "owner"]
    check("variants", alike(others), request)


@pytest.mark.parametrize("kind", FIELDS)
def test_a_field(
    kind: str, project: Path, base: dict[Variant, Files], request: pytest.FixtureRequest
) -> None:
    made = slices(project, NAME, FIELDS[kind])
    added = {variant: difference(base[variant], made[variant]) for variant in VARIANTS}
    check(f"type-{kind}", f"{FIELDS[kind]}\n\n{alike(added)}", request)


def test_a_unique_constraint_and_an_index_over_several_columns(
    project: Path, request: pytest.FixtureRequest
) -> None:
    texts = (NAME, "maker:ref:maker", "year:int:optional")
    sets = ((("maker", "name"),), (("maker", "created_at"), ("year", "name")))
    before, made = slices(project, *texts), slices(project, *texts, sets=sets)
    added = {variant: difference(before[variant], made[variant]) for variant in VARIANTS}
    check("together", alike(added), request)


def test_renamed_columns(
    project: Path, base: dict[Variant, Files], request: pytest.FixtureRequest
) -> None:
    made = slices(project, NAME, *RENAMED)
    added = {variant: difference(base[variant], made[variant]) for variant in VARIANTS[:1]}
    check("renamed", f"{' '.join(RENAMED)}\n\n{alike(added)}", request)


def test_moments_of_creation(
    project: Path, base: dict[Variant, Files], request: pytest.FixtureRequest
) -> None:
    made = slices(project, NAME, *NOW)
    added = {variant: difference(base[variant], made[variant]) for variant in VARIANTS[:1]}
    check("now", f"{' '.join(NOW)}\n\n{alike(added)}", request)


def test_every_type_and_nothing_else_is_there() -> None:
    assert set(FIELDS) == set(TYPES)
    wanted = {"slice", "variants", "together", "renamed", "now"}
    wanted |= {f"type-{kind}" for kind in FIELDS}
    assert {file.stem for file in FOLDER.iterdir()} == wanted
