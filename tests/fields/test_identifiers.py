"""What a field may be called."""

import builtins

import pytest
from pydantic import BaseModel

from fastgen.errors import InvalidField
from fastgen.fields import identifiers
from fastgen.fields.parse import parse


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
        ("class", "keyword", "class_value:int"),
        ("none", "keyword", "none_value:int"),
        ("type", "keyword", "type_value:int"),
        ("match", "keyword", "match_value:int"),
        ("case", "keyword", "case_value:int"),
        ("copy", "Pydantic", "copy_value:int"),
        ("model_dump", "Pydantic", "dump:int"),
        ("model_size", "Pydantic", "size:int"),
        ("metadata", "SQLAlchemy", "metadata_value:int"),
        ("registry", "SQLAlchemy", "registry_value:int"),
        ("str", "annotations", "str_value:int"),
        ("dt", "annotations", "dt_value:int"),
        ("xmin", "system column", "xmin_value:int"),
        ("owner", "the resource uses it", "owner_value:int"),
        ("owner_id", "the resource uses it", "owner_id_value:int"),
    ],
)
def test_refuses_with_the_reason(name: str, reason: str, hint: str) -> None:
    with pytest.raises(InvalidField, match=reason) as caught:
        parse([f"{name}:int"], database="sqlite", reserved=("owner", "owner_id"))
    assert caught.value.hint == hint


@pytest.mark.parametrize(
    "name",
    ["date", "time", "datetime", "model", "filter", "hash", "order", "limit", "a1_2", "x" * 50],
)
def test_accepts_ordinary_names(name: str) -> None:
    (field,) = parse([f"{name}:int"], database="sqlite")
    assert field.name == field.column == name


def test_a_ref_is_reserved_by_its_column_too() -> None:
    with pytest.raises(InvalidField, match="the resource uses it"):
        parse(["owner:ref:user"], database="sqlite", reserved=("owner_id",))


def test_a_model_of_a_car_can_be_referred_to() -> None:
    (field,) = parse(["model_id:ref:car_model"], database="sqlite")
    assert (field.name, field.column) == ("model", "model_id")


def test_every_attribute_of_pydantic_models_is_refused() -> None:
    public = {name for name in dir(BaseModel) if name[0] != "_" and name[:6] != "model_"}
    assert public <= identifiers.PYDANTIC


def test_types_of_python_are_refused() -> None:
    assert {name for name in identifiers.ANNOTATIONS if not hasattr(builtins, name)} == {"dt"}
