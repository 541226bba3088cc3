"""Random modules: wiring twice is once, unwiring gives the bytes back, all else is the same."""

import ast
from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from fastgen.wiring.exports import export_model, unexport_model
from fastgen.wiring.relationships import add_relationship, remove_relationship
from fastgen.wiring.results import AlreadyWired, CannotWire, Edited, Result
from fastgen.wiring.routers import exclude_router, include_router

MODULE = "app.api.v1.endpoints.items"
Editor = Callable[[bytes], Result]

SIMPLE = st.sampled_from(
    [
        "import os",
        "import os, sys; import re",
        "from a import (\n    b,  # why\n    c as d,\n)",
        "from app.api.v1.endpoints import auth, users",
        "from app.api.v1.endpoints.users import router as users_router  # ours",
        "from app.api.v1.endpoints.zebras import \\\n    router as zebras_router",
        "from app.models.user import User as User",
        "from app.models.a import A as A; y = 2",
        "from .b import B",
        "x = 1",
        "x = 1; y = 2",
        "x = '''\nfrom app import x\n\n'''",
        "# a comment",
        "",
        "\f",
        "    # an indented comment",
        "def f(a, b=1):\n    return a",
        "@f\nclass C:\n    '''Doc.'''\n\n    x: int = 1",
        "if x:\n    import os\nelse:\n    y = 1",
        "try:\n    from app.models.x import X\nexcept ImportError:\n    pass",
        "x = [\n    1,\n\n    2,\n]",
        "f(1,\n  2)  # end",
    ]
)
ROUTER = st.sampled_from(
    [
        "api_router.include_router(users.router)",
        "api_router.include_router(\n    users.router,\n    prefix='/u',  # here\n)",
        "api_router.include_router(users.router); z = 3",
        "z = 3; api_router.include_router(users.router)",
        "if x:\n\tapi_router.include_router(users.router)",
        "def late():\n  api_router.include_router(users.router)\n  return 1",
        "for r in x:\n    api_router.include_router(r)",
        "admin = APIRouter()",
        "admin.include_router(users.router)",
    ]
)
ROUTERS = st.sampled_from(
    [
        "ROUTERS = []",
        "ROUTERS = [users_router, admin]",
        "ROUTERS: list[A] = [\n    users_router,\n    admin,  # why\n]  # end",
        "ROUTERS = (\n    users_router,\n    # more\n    admin\n)",
        "ROUTERS = (users_router,); z = 3",
        "ROUTERS = users_router, admin",
        "ROUTERS += [users_router]",
        "ROUTERS += make()",
        "ROUTERS.append(users_router)",
        "if x:\n\tROUTERS += [users_router]",
        "for one in ROUTERS:\n    app.include_router(one)",
    ]
)
LISTED = st.sampled_from(
    [
        "__all__ = ['A', 'User']",
        "__all__ = ()",
        '__all__ = [\n    "B",\n    "User",\n]',
        "__all__ = [x]",
    ]
)
ATTRIBUTE = st.sampled_from(
    [
        "x: M[int]",
        "x = mapped_column(\n        1,\n    )",
        '"""Doc."""',
        "# a comment",
        "",
        "def f(self):\n        return 1",
        "class Meta:\n        y = 1",
        "x = 1; y = 2",
        "if x:\n        y = 1",
    ]
)
ORM = st.sampled_from(
    [
        "from sqlalchemy.orm import mapped_column",
        "from sqlalchemy.orm import (\n    DeclarativeBase,\n    mapped_column,\n)",
        "from sqlalchemy.orm import mapped_column, validates  # both",
        "from typing import Any",
        "if TYPE_CHECKING:\n    from app.models.user import User",
        "import typing\nif typing.TYPE_CHECKING:\n\timport os\n\tx = 1",
    ]
)


@st.composite
def modules(draw: st.DrawFn, *parts: st.SearchStrategy[str]) -> bytes:
    """Join lists of statements with random newlines, a BOM or not, and an end or not."""
    statements = draw(st.sampled_from([[], ['"""Doc."""'], ["# coding: utf-8"], ["# ä"]]))
    for part in parts:
        statements = [*statements, draw(part)]
    lines = "\n".join(statements).split("\n")
    newlines = draw(st.sampled_from([["\n"], ["\r\n"], ["\r"], ["\n", "\r\n"]]))
    ends = draw(st.lists(st.sampled_from(newlines), min_size=len(lines), max_size=len(lines)))
    ends[-1] *= draw(st.integers(0, 2))
    text = "".join(line + end for line, end in zip(lines, ends, strict=True))
    return draw(st.sampled_from([b"", b"\xef\xbb\xbf"])) + text.encode()


def some(*choices: st.SearchStrategy[str], most: int = 6) -> st.SearchStrategy[str]:
    return st.lists(st.one_of(*choices), max_size=most).map("\n".join)


def lines(source: bytes) -> list[bytes]:
    return (
        source.removeprefix(b"\xef\xbb\xbf")
        .replace(b"\r\n", b"\n")
        .replace(b"\r", b"\n")
        .split(b"\n")
    )


def holds(source: bytes, wire: Editor, unwire: Editor) -> None:
    """See that `wire` adds lines to `source` but takes none, once, and that `unwire` undoes it."""
    ast.parse(source)
    result = wire(source)
    if isinstance(result, CannotWire):
        assert result.reason
        assert result.snippet
        return
    assert isinstance(result, Edited)
    ast.parse(result.source)
    assert wire(result.source) == AlreadyWired()
    assert unwire(result.source) == Edited(source)
    assert unwire(source) == AlreadyWired()


@given(
    modules(
        some(SIMPLE),
        st.just("from fastapi import APIRouter"),
        some(SIMPLE),
        st.sampled_from(["api_router = APIRouter()", "api_router: A = APIRouter(\n\n)  # main"]),
        some(SIMPLE, ROUTER, ROUTER),
    )
)
def test_routers(source: bytes) -> None:
    def wire(given: bytes) -> Result:
        return include_router(given, module=MODULE, router="r")

    holds(source, wire, lambda given: exclude_router(given, module=MODULE))
    result = wire(source)
    if isinstance(result, Edited):
        kept = [line for line in lines(result.source) if b"include_router(r)" not in line]
        kept = [line for line in kept if b"endpoints.items" not in line]
        assert [line for line in kept if line] == [line for line in lines(source) if line]


@given(modules(some(SIMPLE), some(ROUTERS, SIMPLE), st.just("ROUTERS = [a]"), some(ROUTERS)))
def test_lists_of_routers(source: bytes) -> None:
    def wire(given: bytes) -> Result:
        return include_router(given, module=MODULE, router="r")

    holds(source, wire, lambda given: exclude_router(given, module=MODULE))


@given(modules(some(SIMPLE), some(SIMPLE, LISTED, most=3)))
def test_exports(source: bytes) -> None:
    module, name = "app.models.item", "Item"
    holds(
        source,
        lambda given: export_model(given, module=module, name=name),
        lambda given: unexport_model(given, module=module, name=name),
    )


@given(
    modules(
        some(SIMPLE, ORM),
        st.just("class Category(Base):"),
        some(ATTRIBUTE)
        .map(lambda body: f"{body}\nlast = 1".replace("\n", "\n    "))
        .map(lambda body: "    " + body),
        some(SIMPLE, most=3),
    )
)
def test_relationships(source: bytes) -> None:
    where = {
        "owner": "Category",
        "attribute": "items",
        "target": "Item",
        "target_module": "app.models.item",
    }
    holds(
        source,
        lambda given: add_relationship(given, **where, back_populates="category"),
        lambda given: remove_relationship(given, **where),
    )
