"""What a field may be called."""

import ast
from collections.abc import Iterator

import pytest
from pydantic import BaseModel

from fastgen.databases import SQLITE
from fastgen.errors import InvalidField
from fastgen.fields.parse import parse
from support import ROOT


@pytest.mark.parametrize(
    ("name", "reason", "hint"),
    [
        ("", "snake_case", "name:int"),
        ("Price", "snake_case", "price:int"),
        ("unitPrice", "snake_case", "unit_price:int"),
        ("unit-price", "snake_case", "unit_price:int"),
        ("a__b", "snake_case", "a_b:int"),
        ("a_", "snake_case", "a:int"),
        ("_a", "snake_case", "a:int"),
        ("1st", "snake_case", "st:int"),
        ("x" * 51, "at most 50", "x" * 40 + ":int"),
        ("id", "every resource has", "id_value:int"),
        ("created_at", "every resource has", "created_at_value:int"),
        ("Class", "snake_case", "class:int"),
        ("model_dump", "Pydantic", "dump:int"),
        ("model_validate_all", "Pydantic", "validate_all:int"),
        ("returning", "SQLAlchemy does not quote", "returning_value:int"),
        ("collation", "SQLAlchemy does not quote", "collation_value:int"),
        ("xmin", "system column", "xmin_value:int"),
        ("owner", "the resource uses it", "owner_value:int"),
        ("owner_id", "the resource uses it", "owner_id_value:int"),
    ],
)
def test_refuses_with_the_reason(name: str, reason: str, hint: str) -> None:
    with pytest.raises(InvalidField, match=reason) as caught:
        parse([f"{name}:int"], database=SQLITE, reserved=("owner", "owner_id"))
    assert caught.value.hint == hint


@pytest.mark.parametrize(
    "name",
    [
        *(
            "date",
            "time",
            "datetime",
            "model",
            "filter",
            "hash",
            "order",
            "limit",
            "a1_2",
            "x" * 50,
        ),
        *("type", "match", "case", "lazy", "none", "print", "bytes", "object", "page", "items"),
        *("model_name", "model_dum", "models"),
    ],
)
def test_accepts_ordinary_names(name: str) -> None:
    (field,) = parse([f"{name}:int"], database=SQLITE)
    assert field.name == field.column == field.attribute == name


@pytest.mark.parametrize("name", ["metadata", "schema", "class", "self", "model_config"])
def test_a_column_that_can_be_no_attribute_has_one_of_another_name(name: str) -> None:
    (field,) = parse([f"{name}:int:filter"], database=SQLITE)
    assert (field.name, field.column, field.attribute) == (name, name, f"{name}_")
    with pytest.raises(InvalidField, match=f"which is {name}_ in Python") as caught:
        parse([f"{name}:int:filter:sort"], database=SQLITE)
    assert caught.value.hint == f"{name}:int:filter"


def test_a_ref_is_reserved_by_its_column_too() -> None:
    with pytest.raises(InvalidField, match="the resource uses it"):
        parse(["owner:ref:user"], database=SQLITE, reserved=("owner_id",))


def test_a_model_of_a_car_can_be_referred_to() -> None:
    (field,) = parse(["model_id:ref:car_model"], database=SQLITE)
    assert (field.name, field.column) == ("model", "model_id")


def test_no_attribute_of_pydantic_models_is_one_of_a_field() -> None:
    # What is the class's own, `mro` and `register`, no instance has.
    known = {*dir(BaseModel), *dir(type(BaseModel))}
    assert not [name for name in known if name[0] != "_" and _is_attribute(name)]


def _is_attribute(name: str) -> bool:
    """Whether a field may be called so, also as an attribute."""
    try:
        (field,) = parse([f"{name}:int"], database=SQLITE)
    except InvalidField:
        return False
    return field.attribute == name


@pytest.mark.parametrize("path", ["database.py", "schemas/base.py"])
def test_no_attribute_of_the_base_classes_is_one_of_a_field(path: str) -> None:
    tree = ast.parse((ROOT / "template/project/src/app" / path).read_text())
    for base in (node for node in tree.body if isinstance(node, ast.ClassDef)):
        if base.name in {"Base", "InputModel", "OutputModel"}:
            assert not [name for name in attributes(base) if _is_attribute(name)]


def attributes(cls: ast.ClassDef) -> Iterator[str]:
    for statement in cls.body:
        match statement:
            case ast.FunctionDef(name=name) | ast.AnnAssign(target=ast.Name(id=name)):
                yield name
            case ast.Assign(targets=[ast.Name(id=name)]):
                yield name
