"""`models/__init__.py` as people leave it."""

from collections.abc import Callable

import pytest

from fastgen.wiring.exports import export_model, unexport_model
from fastgen.wiring.results import AlreadyWired, CannotWire, Edited, Result

IsClean = Callable[[str], bool]
MODULE = "app.models.item"
LINE = "from app.models.item import Item as Item\n"
PLAIN = """\
from app.models.session import Session as Session
from app.models.user import User as User
"""


def export(source: str | bytes) -> Result:
    source = source.encode() if isinstance(source, str) else source
    return export_model(source, module=MODULE, name="Item")


def unexport(source: str) -> Result:
    return unexport_model(source.encode(), module=MODULE, name="Item")


def exported(source: str) -> str:
    """Return what the export makes of `source`, having seen that it is once and can be undone."""
    result = export(source)
    assert isinstance(result, Edited), result
    assert export(result.source) == AlreadyWired()
    assert unexport(result.source.decode()) == Edited(source.encode())
    return result.source.decode()


def test_the_generated_file_stays_sorted() -> None:
    assert exported(PLAIN) == LINE + PLAIN


def test_each_of_many_models_has_its_place(is_clean: IsClean) -> None:
    source = PLAIN.encode()
    names = ("tag", "book", "item", "author", "a" * 30, "item2", "item10", "zebra")
    for name in names:
        result = export_model(source, module=f"app.models.{name}", name=name.title())
        assert isinstance(result, Edited)
        source = result.source
    assert is_clean(source.decode())
    for name in names:
        result = unexport_model(source, module=f"app.models.{name}", name=name.title())
        assert isinstance(result, Edited)
        source = result.source
    assert source == PLAIN.encode()


@pytest.mark.parametrize("length", [28, 29, 30, 31, 60])
def test_a_long_import_is_broken_as_ruff_breaks_it(length: int, is_clean: IsClean) -> None:
    module, name = f"app.models.{'x' * length}", "X" + "x" * length
    result = export_model(PLAIN.encode(), module=module, name=name)
    assert isinstance(result, Edited)
    assert is_clean(result.source.decode())
    assert unexport_model(result.source, module=module, name=name) == Edited(PLAIN.encode())


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("", LINE),
        ("# models\n", "# models\n" + LINE),
        ("# models", "# models\n" + LINE.rstrip()),
        ('"""All models."""\n', '"""All models."""\n\n' + LINE),
        ("x = 1\n", LINE + "\nx = 1\n"),
        ("@f\ndef g(): ...\n", LINE + "\n\n@f\ndef g(): ...\n"),
        (
            '"""All models."""\n\nfrom __future__ import annotations\n',
            '"""All models."""\n\nfrom __future__ import annotations\n\n' + LINE,
        ),
        (
            "# about b\nfrom app.models.z import Z\n",
            "# about b\n" + LINE + "from app.models.z import Z\n",
        ),
        (
            '"""All."""\n\n# about z\nfrom app.models.z import Z\n',
            '"""All."""\n\n' + LINE + "# about z\nfrom app.models.z import Z\n",
        ),
        (
            "from app.models.user import User\nfrom app.models.a import A\nimport os\n",
            "from app.models.user import User\nfrom app.models.a import A\n" + LINE + "import os\n",
        ),
    ],
)
def test_where_the_line_goes(source: str, expected: str) -> None:
    assert exported(source) == expected
    if source.endswith("\n"):
        assert exported(source.replace("\n", "\r\n")) == expected.replace("\n", "\r\n")


@pytest.mark.parametrize(
    "line",
    [
        "from app.models.item import Item",
        "from app.models.item import (\n    Item,\n    Other,\n)",
        "from app.models.item import Other, Item as Item",
        "from .item import Item",
        "from ..models.item import Item as Item",
        "from .item import *",
    ],
)
def test_any_spelling_is_there_already(line: str) -> None:
    assert export(f"{PLAIN}{line}\n") == AlreadyWired()


@pytest.mark.parametrize(
    ("line", "left"),
    [
        ("from app.models.item import Item", ""),
        (
            "from app.models.item import (\n    Item,  # it\n    Other,\n)",
            "from app.models.item import (\n    Other,\n)\n",
        ),
        ("from app.models.item import Other, Item as Item", "from app.models.item import Other\n"),
        ("from .item import Item", ""),
    ],
)
def test_any_spelling_is_taken_out(line: str, left: str) -> None:
    assert unexport(f"{PLAIN}{line}\n") == Edited(f"{PLAIN}{left}".encode())


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('["Session", "User"]', '["Item", "Session", "User"]'),
        ("('User', 'Session')", "('User', 'Session', 'Item')"),
        ('("User",)', '("Item", "User",)'),
        ('["Session", "User", "utc"]', '["Item", "Session", "User", "utc"]'),
        ('[\n    "A",\n    "User",  # us\n]', '[\n    "A",\n    "Item",\n    "User",  # us\n]'),
        ('[\n    "User",\n    "B",\n]', '[\n    "User",\n    "B",\n    "Item",\n]'),
        ('[\n    "User",\n    "B"\n]', '[\n    "User",\n    "B",\n    "Item"\n]'),
        ('[\n\t"User", "Z",\n]', '[\n\t"Item", "User", "Z",\n]'),
    ],
)
def test_a_list_of_all_names_gets_one_more(before: str, after: str) -> None:
    assert exported(f"{PLAIN}\n__all__ = {before}\n") == f"{LINE}{PLAIN}\n__all__ = {after}\n"
    assert exported(f"{PLAIN}\n__all__: list[str] = {before}") == (
        f"{LINE}{PLAIN}\n__all__: list[str] = {after}"
    )


@pytest.mark.parametrize("empty", ["[]", "()"])
def test_an_empty_list_of_all_names(empty: str) -> None:
    left, right = empty[0], empty[1]
    comma = "," if left == "(" else ""
    assert exported(f"__all__ = {empty}\n") == f'{LINE}\n__all__ = {left}"Item"{comma}{right}\n'


def test_a_list_of_other_things_stays() -> None:
    source = f'{PLAIN}\n__all__ = ["helper"]\n'
    assert exported(source) == LINE + source


def test_a_list_of_all_names_that_gets_too_long_is_broken(is_clean: IsClean) -> None:
    names = ["Session", "User", *(f"Zzzzzz{n}" for n in range(6))]
    source = f"{PLAIN}\n__all__ = {names}\n".replace("'", '"')
    assert len(source.splitlines()[-1]) == 95
    text = exported(source)
    assert is_clean(text)
    assert '__all__ = [\n    "Item",\n' in text


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ("__all__ = [User.__name__]\n", "its __all__ is not a list of strings"),
        ("__all__ = sorted(globals())\n", "its __all__ is not a list of strings"),
        ('__all__ = ["User"]\n__all__ += ["x"]\n', "it changes __all__ on several lines"),
        ('__all__ = ["User"]\n__all__.append("x")\n', "it changes __all__ on several lines"),
        ('__all__ = [\n    "User",\n    "B"  # last\n]\n', "a comment at the end of its list"),
        ("class Item: ...\n", "the name Item is taken in it"),
        ("from app.other import Item\n", "the name Item is taken in it"),
        (
            "try:\n    from .item import Item\nexcept E: ...\n",
            "line 4 imports it only under a condition",
        ),
        ("match x {\n", "this Python cannot parse it"),
    ],
)
def test_what_is_left_to_its_owner(more: str, reason: str) -> None:
    result = export(PLAIN.replace("User as User", "User") + more)
    assert isinstance(result, CannotWire), result
    assert result.snippet == LINE.rstrip()
    assert reason in result.reason


def test_a_model_that_is_used_stays() -> None:
    result = unexport(f"{LINE}{PLAIN}everything = [Item]\n")
    assert isinstance(result, CannotWire)
    assert "Item is used" in result.reason


def test_nothing_to_take_out() -> None:
    assert unexport(PLAIN) == AlreadyWired()
