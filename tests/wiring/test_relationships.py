"""Parents of a foreign key as people write them."""

from collections.abc import Callable

import pytest

from fastgen.wiring.kept_relationships import change_relationship, take_out_relationship
from fastgen.wiring.relationship_code import Relationship
from fastgen.wiring.relationships import add_relationship, remove_relationship
from fastgen.wiring.results import AlreadyWired, CannotWire, Edited, Result

IsClean = Callable[[str], bool]
IMPORTS = """\
from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base
"""
CLASS = """\
class Category(Base):
    __tablename__ = "categories"

    name: Mapped[str] = mapped_column(String(100))
"""
PLAIN = f"{IMPORTS}\n\n{CLASS}"
WIRED = """\
from typing import TYPE_CHECKING

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database import Base

if TYPE_CHECKING:
    from app.models.item import Item


class Category(Base):
    __tablename__ = "categories"

    name: Mapped[str] = mapped_column(String(100))
    items: Mapped[list["Item"]] = relationship(
        back_populates="category", lazy="raise", passive_deletes="all"
    )
"""
LINES = "\n".join(WIRED.splitlines()[-3:]) + "\n"


def add(source: str | bytes, **given: str) -> Result:
    source = source.encode() if isinstance(source, str) else source
    values = {
        "owner": "Category",
        "attribute": "items",
        "target": "Item",
        "target_module": "app.models.item",
        "back_populates": "category",
    } | given
    return add_relationship(source, **values)


def remove(source: str | bytes, **given: str) -> Result:
    source = source.encode() if isinstance(source, str) else source
    values = {
        "owner": "Category",
        "attribute": "items",
        "target": "Item",
        "target_module": "app.models.item",
    } | given
    return remove_relationship(source, **values)


def added(source: str | bytes, **given: str) -> str:
    """Return what adding makes of `source`, having seen that it is once and can be undone."""
    source = source.encode() if isinstance(source, str) else source
    result = add(source, **given)
    assert isinstance(result, Edited), result
    assert add(result.source, **given) == AlreadyWired()
    given.pop("back_populates", None)
    given.pop("foreign_keys", None)
    assert remove(result.source, **given) == Edited(source)
    return result.source.decode()


def test_a_model_gets_the_attribute_and_its_imports(is_clean: IsClean) -> None:
    assert added(PLAIN) == WIRED
    assert is_clean(PLAIN)
    assert is_clean(WIRED)


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", ["", "\n"])
def test_newlines_bom_and_the_end_stay(newline: str, bom: bytes, end: str) -> None:
    def written(text: str) -> bytes:
        return bom + (text.rstrip("\n") + end).replace("\n", newline).encode()

    assert added(written(PLAIN)).encode() == written(WIRED)


def child(name: str) -> dict[str, str]:
    module = f"app.models.{name}"
    return {"attribute": f"{name[:10]}s", "target": name.title(), "target_module": module}


ITEMS = Relationship("Category", "items", "Item", "app.models.item", "category")
THINGS = Relationship("Category", "things", "Thing", "app.models.thing", "kind", "Thing.kind_id")
LAZY = ('lazy="raise"', 'lazy="selectin"')


def test_a_list_as_it_was_written_is_taken_out() -> None:
    assert take_out_relationship(WIRED.encode(), ITEMS) == Edited(PLAIN.encode())


@pytest.mark.parametrize(
    ("old", "new"),
    [
        LAZY,
        ("    items:", "    # Ours.\n    items:"),
        ("    items:", "    def label(self) -> str:\n        return self.name\n\n    items:"),
        (LINES, f"{LINES}    size: Mapped[int] = mapped_column(default=0)\n"),
    ],
)
def test_a_list_that_people_changed_is_not(old: str, new: str) -> None:
    source = WIRED.replace(old, new)
    assert source != WIRED
    assert take_out_relationship(source.encode(), ITEMS) == AlreadyWired()


def test_a_list_gets_other_names_where_it_stands() -> None:
    source = WIRED.replace(*LAZY).replace("    name:", "    order: Mapped[int]\n    name:")
    result = change_relationship(source.encode(), ITEMS, THINGS)
    expected = source.replace("Item", "Thing").replace("models.item ", "models.thing ")
    expected = expected.replace("    items:", "    things:")
    told = 'back_populates="kind", foreign_keys="Thing.kind_id"'
    expected = expected.replace('back_populates="category"', told)
    assert result == Edited(expected.encode(), is_laid_out=False)
    assert change_relationship(expected.encode(), ITEMS, THINGS) == AlreadyWired()


def test_many_children_in_any_order(is_clean: IsClean) -> None:
    source = PLAIN.encode()
    names = ("item", "author", "book", "item2", "z" * 40)
    for name in names:
        result = add(source, **child(name))
        assert isinstance(result, Edited), result
        source = result.source
    assert is_clean(source.decode())
    for name in names:
        result = remove(source, **child(name))
        assert isinstance(result, Edited), result
        source = result.source
    assert source == PLAIN.encode()


def test_a_foreign_key_is_named(is_clean: IsClean) -> None:
    text = added(PLAIN, back_populates="author", foreign_keys="Item.author_id")
    assert 'back_populates="author", foreign_keys="Item.author_id", lazy' in text
    assert is_clean(text)


@pytest.mark.parametrize("length", [3, 5, 7, 9, 22, 24, 26, 28, 40])
def test_lines_are_broken_as_ruff_breaks_them(length: int, is_clean: IsClean) -> None:
    key = "k" * length
    assert is_clean(added(PLAIN, back_populates=key, foreign_keys=f"Item.{key}_id"))
    assert is_clean(added(PLAIN, attribute=key, back_populates="a"))


FLAGGED = f"from typing import TYPE_CHECKING\n\n{IMPORTS}"
BARE = "from app.database import Base\n\n\nclass Category(Base):\n"
BLOCK = """\
if TYPE_CHECKING:
    from uuid import UUID

    from app.models.author import Author
    from app.models.user import User
"""
SECTIONS = """\
\"\"\"Doc.\"\"\"

from __future__ import annotations

import os
from uuid import UUID

"""
CLEAN = {
    "typing is there": f"from typing import Any\n\n{PLAIN}    x: Any = 1\n",
    "many sections": SECTIONS + PLAIN,
    "import after typing": f"import typing\nimport uuid\n\n{PLAIN}",
    "docstring": f'"""Doc."""\n\n{PLAIN}',
    "header comment": f"# License.\n\n{PLAIN}",
    "header comment, closer": f"# License.\n{PLAIN}",
    "comment of an import": f'"""Doc."""\n\n# the database\n{PLAIN}',
    "statements before the class": f"{IMPORTS}\nx = 1\n\n\n{CLASS}",
    "comment after the imports": f"{IMPORTS}\n# about x\nx = 1\n\n\n{CLASS}",
    "methods": f"{PLAIN}\n    # about it\n    def method(self) -> None: ...\n\n    late = 1\n",
    "nested class": f"{PLAIN}\n    class Meta:\n        x = 1\n",
    "attribute documented": f'{PLAIN}    """The name."""\n\n    def f(self) -> None: ...\n',
    "attribute over lines": f"{PLAIN}    other = mapped_column(  # long\n        1\n    )  # end\n",
    "only a docstring": f'{BARE}    """Doc."""\n',
    "docstring and method": f'{BARE}    """Doc."""\n\n    def f(self) -> None: ...\n',
    "only a method": f"{BARE}    def f(self) -> None: ...\n",
    "more classes": f"{PLAIN}\n\nclass Other(Base):\n    x = 1\n",
    "block is there": f"{FLAGGED}\n{BLOCK}\n\n{CLASS}",
    "block of third parties": f"{FLAGGED}\nif TYPE_CHECKING:\n    import attrs\n\n\n{CLASS}",
    "block after code": f"{FLAGGED}\nx = 1\n\n{BLOCK}\n\n{CLASS}",
    "name joins its module": (
        f"{FLAGGED}\nif TYPE_CHECKING:\n    from app.models.item import ItemTag\n\n\n{CLASS}"
    ),
    "parenthesised": PLAIN.replace(
        "Mapped, mapped_column", "(\n    Mapped,\n    mapped_column,\n)"
    ),
    "relationship is there": PLAIN.replace("mapped_column\n", "mapped_column, relationship\n")
    + '    users: Mapped[list["User"]] = relationship()\n',
    "names after it": PLAIN.replace("mapped_column\n", "mapped_column, validates\n"),
    "two in one": PLAIN.replace("import String", "import String, func, text"),
    "nothing is mapped": PLAIN.replace("Mapped, mapped_column", "mapped_column").replace(
        "name: Mapped[str]", "name"
    ),
    "nothing of the ORM": PLAIN.replace(
        "from sqlalchemy.orm import Mapped, mapped_column\n", ""
    ).replace("Mapped[str]", "str"),
    "import on the edge": PLAIN.replace("mapped_column\n", f"mapped_column, {'n' * 46}\n"),
    "decorated": f"{IMPORTS}\n\n@final\n{CLASS}",
}


@pytest.mark.parametrize("name", CLEAN)
def test_a_clean_file_stays_clean(name: str, is_clean: IsClean) -> None:
    source = CLEAN[name]
    assert is_clean(source)
    text = added(source)
    assert is_clean(text)
    assert text.count("items: Mapped") == 1


def test_a_comment_above_an_import_stays_with_it() -> None:
    text = added(CLEAN["comment of an import"])
    assert '"""Doc."""\n\nfrom typing import TYPE_CHECKING\n\n# the database\nfrom sqlal' in text


def test_an_attribute_goes_before_the_methods() -> None:
    text = added(CLEAN["methods"])
    assert f"(String(100))\n{LINES}\n    # about it\n    def method" in text


def test_the_string_below_an_attribute_stays_there() -> None:
    assert f'"""The name."""\n{LINES}' in added(CLEAN["attribute documented"])


def test_a_model_that_refers_to_itself() -> None:
    text = added(PLAIN, target="Category", target_module="app.models.category")
    assert "TYPE_CHECKING" not in text
    assert 'items: Mapped[list["Category"]]' in text


@pytest.mark.parametrize(
    "imported",
    [
        "from app.models.item import Item\n",
        "from .item import Item\n",
        "from app.models import Item\n",
        "class Item(Base): ...\n",
    ],
)
def test_a_target_that_is_known_is_not_imported(imported: str) -> None:
    text = added(PLAIN.replace("\n\nclass", f"{imported}\n\nclass"))
    assert "TYPE_CHECKING" not in text


@pytest.mark.parametrize("indentation", ["\t", "  "])
def test_the_file_s_own_indentation(indentation: str) -> None:
    text = added(PLAIN.replace("    ", indentation))
    assert text == WIRED.replace("    ", indentation)


def test_names_under_another_name() -> None:
    line = "from sqlalchemy.orm import relationship as rel\n"
    source = PLAIN.replace("mapped_column\n", f"mapped_column\n{line}")
    result = add(source)
    assert isinstance(result, Edited)
    assert b'items: Mapped[list["Item"]] = rel(\n' in result.source


@pytest.mark.parametrize(
    "flag",
    ["import typing\n\nif typing.TYPE_CHECKING:", "from typing import TYPE_CHECKING as T\n\nif T:"],
)
def test_a_block_in_another_spelling(flag: str) -> None:
    block = f"{flag}\n    from app.models.user import User\n"
    source = f"{IMPORTS}\n{block}\n\n{CLASS}"
    assert f"{flag}\n    from app.models.item import Item\n    from app.models.user" in added(
        source
    )


@pytest.mark.parametrize(
    "line",
    [
        'items: Mapped[list["Item"]] = relationship()',
        'items: Mapped["list[Item]"] = relationship(back_populates="x")',
        'items = relationship("Item")',
        "items: Mapped[set[Item]] = orm.relationship()",
    ],
)
def test_any_relationship_to_the_target_is_there_already(line: str) -> None:
    assert add(f"{PLAIN}    {line}\n") == AlreadyWired()


@pytest.mark.parametrize(
    "line",
    [
        'items: Mapped[list["Other"]] = relationship()',
        'items: Mapped[str] = mapped_column("Item")',
        "def items(self): ...",
        "items: list[Item]",
    ],
)
def test_another_attribute_of_that_name(line: str) -> None:
    for result in (add(f"{PLAIN}    {line}\n"), remove(f"{PLAIN}    {line}\n")):
        assert isinstance(result, CannotWire)
        assert result.reason == "line 11 makes Category.items something else"


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        (IMPORTS, "it has no class Category at its top"),
        (PLAIN + CLASS, "it has more than one class Category at its top"),
        (f"{IMPORTS}class Category(Base): x = 1\n", "line 5 holds more than one statement"),
        (f"{IMPORTS}Item = 1\n{CLASS}", "the name Item is taken in it"),
        (f"{IMPORTS}from decimal import Item\n{CLASS}", "the name Item is taken in it"),
        (f"{IMPORTS}def relationship(): ...\n{CLASS}", "the name relationship is taken in it"),
        (f"{PLAIN}match x {{\n", "this Python cannot parse it"),
    ],
)
def test_what_is_left_to_its_owner(source: str, reason: str) -> None:
    result = add(source)
    assert isinstance(result, CannotWire), result
    assert reason in result.reason
    assert result.snippet == (
        "from typing import TYPE_CHECKING\n"
        "from sqlalchemy.orm import Mapped, relationship\n\n"
        "if TYPE_CHECKING:\n    from app.models.item import Item\n\n"
        "class Category:  # keep what is there\n" + LINES.rstrip()
    )


def test_imports_that_others_use_stay() -> None:
    more = '    best: Mapped["Item"] = relationship()\n'
    source = WIRED + more
    assert remove(source) == Edited((WIRED.replace(LINES, "") + more).encode())


def test_what_cannot_be_taken_out_is_shown() -> None:
    line = '    items: Mapped[list["Item"]] = relationship(); x = 1'
    result = remove(f"{PLAIN}{line}\n")
    assert result == CannotWire(line, "line 11 holds more than one statement")


def test_nothing_to_take_out() -> None:
    assert remove(PLAIN) == AlreadyWired()
