"""Names are refused where what is rendered of them has them already, and nowhere else."""

from pathlib import Path

import pytest

from fastgen.databases import SQLITE
from fastgen.fields.parse import parse
from fastgen.names import layout
from fastgen.names.resource import resolve
from fastgen.slices import clashes
from fastgen.slices.render import Renderer
from fastgen.slices.resource import Resource, World
from living import Living
from support import ROOT


def told(root: Path, typed: str, plural: str | None = None) -> list[str]:
    """Return what is told of a line such as `item name:str`."""
    name, *texts = typed.split()
    own = resolve(name, plural)
    resource = Resource(own, "shared", parse(texts, database=SQLITE))
    others = {
        field.target or "": Resource(resolve(field.target or ""), "shared", ())
        for field in resource.references
        if field.target not in {"user", own.singular}
    }
    world = World(SQLITE, {**others, own.singular: resource})
    renderer = Renderer(root)
    rendered = renderer.files(resource, world)
    fields = list(zip(texts, resource.fields, strict=True))
    found = clashes.find(renderer, resource, world, rendered, clashes.Typed(name, fields))
    return [f"{error.message}\n{error.hint or error.instead[-1][1]}" for error in found]


GOOD = (
    *("property", "set", "object", "tuple", "classmethod", "super", "frozenset", "bytes"),
    *("bool", "float", "relationship", "text_enum", "field", "select", "session", "str_enum"),
)


@pytest.mark.parametrize("name", GOOD)
def test_a_field_may_have_a_name_that_nothing_else_has(tmp_path: Path, name: str) -> None:
    assert told(tmp_path, f"item {name}:str:50:filter:sort:search") == []


BAD = {
    "item str:str": ("the class Item has another str", "str_value:str"),
    "item list:text tags:list:str": ("another list", "list_value:text"),
    "item list:str:filter": ("the class ItemQuery has another list", "list_value:str:filter"),
    "item bool:int done:bool": ("another bool", "bool_value:int"),
    "item int:int": ("another int", "int_value:int"),
    "item dt:date": ("another dt", "dt_value:date"),
    "item sa:str:50": ("another sa", "sa_value:str:50"),
    "item mapped_column:str": ("another mapped_column", "mapped_column_value:str"),
    "item omittable:int": ("another omittable", "omittable_value:int"),
    "item relationship:int of:ref:part": ("another relationship", "relationship_value:int"),
    "item children:int parent:ref:item:optional": ("another children", "children_value:int"),
    "base a:int": ("src/app/models/base.py has another Base", "base_entry"),
    "page a:int": ("has another Page", "page_entry"),
    "async_session a:int": ("has another AsyncSession", "async_session_entry"),
    "str_enum a:int": ("has another StrEnum", "str_enum_entry"),
    "decimal a:int": ("src/app/models/decimal.py has another Decimal", "decimal_entry"),
    "list a:int": ("src/app/schemas/list.py has another ListQuery", "list_entry"),
    "item a:decimal:9,2 b:ref:decimal": ("field 'b:ref:decimal': in", "b_id:int"),
}


@pytest.mark.parametrize("line", BAD)
def test_a_name_that_something_else_has_is_refused(tmp_path: Path, line: str) -> None:
    [message] = told(tmp_path, line)
    text, hint = BAD[line]
    assert text in message
    assert message.endswith(f"\n{hint}")


@pytest.mark.parametrize(
    ("line", "plural"),
    [("order a:int", "order_response"), ("depend a:int", "depends"), ("phone a:int", "page")],
)
def test_a_plural_makes_no_class(tmp_path: Path, line: str, plural: str) -> None:
    assert told(tmp_path, line, plural) == []


@pytest.mark.parametrize(
    "name",
    ["property", "var", "uuid", "status", "query", "request", "annotated", "caller", "depend"],
)
def test_a_resource_may_have_a_name_that_nothing_else_has(tmp_path: Path, name: str) -> None:
    assert told(tmp_path, f"{name} a:str b:int") == []


def own_template(root: Path, name: str, old: str, new: str) -> None:
    text = (ROOT / "template/resource" / f"{name}.py.jinja").read_text()
    assert old in text
    folder = root / layout.TEMPLATES
    folder.mkdir(parents=True)
    (folder / f"{name}.py.jinja").write_text(text.replace(old, new, 1))


def test_what_a_template_of_the_project_names_is_found(tmp_path: Path) -> None:
    head = "from sqlalchemy.ext.asyncio import AsyncSession\n"
    more = f"from app.tags import Tag, tag_of\n{head}LAST = Tag(tag_of)\n"
    own_template(tmp_path, "service", head, more)
    assert told(tmp_path, "item a:int") == []
    [message] = told(tmp_path, "tag a:int")
    assert "src/app/services/tag.py has another Tag" in message


def test_a_plural_that_a_template_of_the_project_names_is_found(tmp_path: Path) -> None:
    head = "from app.schemas.page import Page\n"
    own_template(tmp_path, "endpoints", head, f"{head}from app.labels import list_labels\n")
    assert told(tmp_path, "item a:int") == []
    [message] = told(tmp_path, "label a:int")
    assert "the plural cannot be 'labels'" in message
    assert message.endswith("--plural label_items")


def test_what_a_template_of_the_project_has_in_a_class_is_found(tmp_path: Path) -> None:
    line = '    __tablename__ = "{{ table }}"\n'
    more = f"{line}    slug: Mapped[str] = mapped_column(sa.String(50))\n    kind = dict(a=1)\n"
    own_template(tmp_path, "model", line, more)
    assert told(tmp_path, "item a:int") == []
    [message] = told(tmp_path, "item slug:str:50")
    assert "the class Item has another slug" in message


def test_what_a_template_of_the_project_calls_in_a_function_is_found(tmp_path: Path) -> None:
    line = "        {{ row }} = await self.get({{ id }})\n"
    own_template(tmp_path, "service", line, f"        part = 1\n{line}        print(part)\n")
    [message] = told(tmp_path, "part a:int")
    assert "a resource cannot be called 'part'" in message


@pytest.mark.slow
def test_a_name_that_another_type_of_field_needs_is_told(project: Living) -> None:
    project.must("add", "resource", "item", "list:str:50", "property:str:50", "set:int:filter")
    before = project.tree()
    result = project.run("add", "field", "item", "tags:list:str:default=a")
    assert result.code == 1
    assert "in src/app/models/item.py the class Item would use list, which is its field" in (
        result.err
    )
    result = project.run("add", "field", "item", "int:int:optional")
    assert "hint: fastgen add field item int_value:int:optional\n" in result.err
    result = project.run("add", "resource", "order", "item:ref:item")
    assert result.code == 1
    told = "src/app/models/item.py: Item already has 'list', which Item.orders needs"
    assert f"error: {told} for something else\n" in result.err
    assert project.tree() == before


@pytest.mark.slow
def test_a_class_that_a_parent_has_already_is_told(project: Living) -> None:
    project.must("add", "resource", "order_status", "name:str:50")
    project.must("add", "resource", "order", "status:enum:open,done")
    project.commit()
    before = project.tree()
    result = project.run("add", "field", "order_status", "order:ref:order:optional")
    assert result.code == 1
    assert "error: src/app/models/order.py already has another OrderStatus\n" in result.err
    hint = result.err.rpartition("hint: fastgen ")[2].split()
    assert project.tree() == before
    project.must(*hint)
