"""Migrations as they are generated, for both databases, with what is said of them.

`uv run pytest tests/migrating/test_golden.py --accept` writes them anew; review the difference.
"""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from fastgen.databases import BY_NAME, Database
from fastgen.fields.parse import parse
from fastgen.migrating import Difference, difference, render
from fastgen.names.resource import resolve
from fastgen.rendering.formatting import formatted
from fastgen.slices.render import Renderer
from fastgen.slices.resource import Resource, World
from fastgen.slices.rights import Access

FOLDER = Path(__file__).parent / "golden"


@dataclass(frozen=True)
class Change:
    """The fields of an item before and after."""

    old: str
    new: str
    renamed: Mapping[str, str] = field(default_factory=dict)
    fill: Mapping[str, str] = field(default_factory=dict)
    access: tuple[Access, Access] = ("shared", "shared")
    name: str = "item"


CHANGES: Mapping[str, Change] = {
    "add": Change("name", "name size:int:optional:filter color:color:default=#ffffff"),
    "add-filled": Change("name", "name maker:ref:maker", fill={"maker": "1"}),
    "drop": Change("name price:decimal:10,2:index", "name"),
    "rename": Change("name:str:60:unique", "title:str:60:unique", renamed={"name": "title"}),
    "required": Change("size:int:optional", "size:int", fill={"size": "0"}),
    "optional": Change("size:int", "size:int:optional"),
    "longer": Change("name:str:60", "name:str:90"),
    "shorter": Change("name:str:60", "name:str:30"),
    "places": Change("price:decimal:10,2:default=1.50", "price:decimal:12,4:default=1.50"),
    "moments": Change("day:date:filter", "day:datetime:filter"),
    "text-to-number": Change("size:str:10:unique", "size:int:unique"),
    "enum-wider": Change("kind:enum:new,old", "kind:enum:new,old,gone:default=new"),
    "enum-renamed": Change("kind:enum:new,old", "kind:enum:new,used", {"kind.old": "used"}),
    "flags": Change("name:str:60:unique", "name:str:60:search:filter"),
    "owner": Change(
        "name:str:unique", "name:str:unique", fill={"owner": "1"}, access=("shared", "owner")
    ),
    "table": Change("name:str:unique kind:enum:a,b", "name:str:unique kind:enum:a,b", name="thing"),
}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder whose settings of the formatter are those of a new project."""
    folder = tmp_path_factory.mktemp("project")
    settings = '[tool.ruff]\nline-length = 100\ntarget-version = "py311"\n'
    (folder / "pyproject.toml").write_text(settings)
    return folder


def world(database: Database, resource: Resource) -> World:
    maker = Resource(resolve("maker"), "shared", parse(["name"], database=database))
    return World(database, {"maker": maker, resource.names.singular: resource})


def found(change: Change, database: Database) -> Difference:
    old, new = (
        Resource(resolve(name), access, parse(fields.split(), database=database))
        for name, access, fields in zip(
            ("item", change.name), change.access, (change.old, change.new), strict=True
        )
    )
    around = world(database, old), world(database, new)
    return difference(old, new, *around, renamed=change.renamed, fill=change.fill)


def source(project: Path, difference: Difference) -> str:
    """Return the migration without its head, which is that of any other."""
    made = render(Renderer(project), [difference], "change items", "3f2a9c1d7b40")
    [text] = formatted({made.path: made.text}, project).values()
    return text.decode().partition("depends_on = None")[2].strip()


@pytest.mark.parametrize("kind", CHANGES)
def test_a_migration(kind: str, project: Path, request: pytest.FixtureRequest) -> None:
    change = CHANGES[kind]
    parts = [f"{change.old}\n{change.new}"]
    for name, database in BY_NAME.items():
        changed = found(change, database)
        told = [f"# {note.kind}: {note.text}" for note in changed.notes]
        parts.append("\n".join([f"=== {name}", *told, "", source(project, changed)]))
    check(kind, "\n\n".join(parts) + "\n", request)


def test_every_kind_and_nothing_else_is_there() -> None:
    assert {file.stem for file in FOLDER.iterdir()} == set(CHANGES)


def test_limits_of_the_schemas_only_need_no_migration() -> None:
    change = Change("size:int name:str:60", "size:int:ge=0 name:str:60:pattern=^a")
    for database in BY_NAME.values():
        assert not found(change, database).operations


def check(name: str, text: str, request: pytest.FixtureRequest) -> None:
    """Compare with the file, or write it if that is wanted."""
    file = FOLDER / f"{name}.txt"
    if request.config.getoption("--accept"):
        FOLDER.mkdir(exist_ok=True)
        file.write_text(text, "utf-8")
    old = file.read_text("utf-8") if file.exists() else ""
    changed = "\n".join(difflib.unified_diff(old.splitlines(), text.splitlines(), lineterm=""))
    assert not changed, (
        f"{changed}\n\nIf this is meant: uv run pytest tests/migrating/test_golden.py --accept"
    )
