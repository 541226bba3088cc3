"""Routers as people leave them."""

import sys
from collections.abc import Callable

import pytest

from fastgen.wiring.results import AlreadyWired, CannotWire, Edited, Result
from fastgen.wiring.routers import exclude_router, include_router

IsClean = Callable[[str], bool]
MODULE = "app.api.v1.endpoints.items"
IMPORT = "from app.api.v1.endpoints.items import router as items_router\n"
INCLUDE = "api_router.include_router(items_router)\n"
NO_ROUTER = "it has no list of routers and creates no router"
PLAIN = """\
from fastapi import APIRouter

from app.api.v1.endpoints import auth, users
from app.dependencies import enforce_rate_limit

api_router = APIRouter()
api_router.include_router(auth.router, prefix="/auth", tags=["auth"])
api_router.include_router(users.router, prefix="/users", tags=["users"])
"""


def include(source: str | bytes, module: str = MODULE, router: str = "items_router") -> Result:
    source = source.encode() if isinstance(source, str) else source
    return include_router(source, module=module, router=router)


def exclude(source: str | bytes) -> Result:
    source = source.encode() if isinstance(source, str) else source
    return exclude_router(source, module=MODULE)


def wired(source: str | bytes) -> str:
    """Return what wiring makes of `source`, having seen that it is done once and can be undone."""
    source = source.encode() if isinstance(source, str) else source
    result = include(source)
    assert isinstance(result, Edited), result
    assert include(result.source) == AlreadyWired()
    assert exclude(result.source) == Edited(source)
    return result.source.decode()


def unclear(result: Result) -> CannotWire:
    assert isinstance(result, CannotWire), result
    return result


def test_the_generated_router_gets_an_import_and_an_include(is_clean: IsClean) -> None:
    text = wired(PLAIN)
    assert (
        text == PLAIN.replace("from app.dependencies", IMPORT + "from app.dependencies") + INCLUDE
    )
    assert is_clean(text)


def test_many_resources_stay_sorted_and_clean(is_clean: IsClean) -> None:
    source = PLAIN.encode()
    for name in ("tags", "books", "items", "authors", "items2", "items10"):
        result = include_router(
            source,
            module=f"app.api.v1.endpoints.{name}",
            router=f"{name}_router",
        )
        assert isinstance(result, Edited)
        source = result.source
    assert is_clean(source.decode())
    assert source.decode().endswith("(items10_router)\n")


@pytest.mark.parametrize("length", [8, 20, 30, 40, 60])
def test_a_long_include_is_broken_as_ruff_breaks_it(length: int, is_clean: IsClean) -> None:
    name = "x" * length
    result = include_router(
        PLAIN.encode(),
        module=f"app.api.v1.endpoints.{name}",
        router=f"{name}_router",
    )
    assert isinstance(result, Edited)
    assert is_clean(result.source.decode())
    assert exclude_router(result.source, module=f"app.api.v1.endpoints.{name}") == Edited(
        PLAIN.encode()
    )


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", ["", "\n"])
def test_newlines_bom_and_the_end_stay(newline: str, bom: bytes, end: str) -> None:
    source = bom + (PLAIN.rstrip("\n") + end).replace("\n", newline).encode()
    text = wired(source)
    expected = PLAIN.replace("from app.dependencies", IMPORT + "from app.dependencies") + INCLUDE
    assert text.encode() == bom + (expected.rstrip("\n") + end).replace("\n", newline).encode()


def test_a_new_line_ends_as_its_neighbour() -> None:
    head, tail = PLAIN.split("\napi_router = ")
    text = wired(head + ("\napi_router = " + tail).replace("\n", "\r\n"))
    assert IMPORT in text
    assert INCLUDE.replace("\n", "\r\n") in text


def test_other_encodings_stay() -> None:
    source = b"# -*- coding: latin-1 -*-\n# caf\xe9\n" + PLAIN.encode()
    result = include(source)
    assert isinstance(result, Edited)
    assert result.source.startswith(b"# -*- coding: latin-1 -*-\n# caf\xe9\nfrom fastapi")
    assert exclude(result.source) == Edited(source)


def test_an_include_over_several_lines_with_comments() -> None:
    source = (
        PLAIN
        + "# the last one\napi_router.include_router(\n"
        + "    users.router,  # again\n)  # end\n\n# bye\n"
    )
    assert wired(source).endswith(f")  # end\n{INCLUDE}\n# bye\n")


def test_no_include_yet() -> None:
    source = (
        "from fastapi import APIRouter\n\napi_router = APIRouter(\n    prefix='/v1',\n)\n\nx = 1\n"
    )
    text = wired(source)
    assert text.endswith(f"    prefix='/v1',\n)\n{INCLUDE}\nx = 1\n")
    assert f"import APIRouter\n\n{IMPORT}\n" in text


@pytest.mark.parametrize(
    ("imported", "made"),
    [
        ("import fastapi", "main = fastapi.APIRouter()"),
        ("import fastapi as fa", "main = fa.APIRouter()"),
        ("from fastapi import APIRouter as R", "main: R = R()"),
        ("from fastapi.routing import APIRouter", "main: APIRouter = APIRouter(prefix='/x')"),
        ("from app.api.routing import Router", "main = Router()"),
    ],
)
def test_a_router_under_another_name(imported: str, made: str) -> None:
    text = wired(f"{imported}\n\n{made}\n")
    assert text.endswith(f"{made}\n{INCLUDE.replace('api_router', 'main')}")


def test_the_router_that_includes_most_is_meant() -> None:
    source = PLAIN + "admin = APIRouter()\nadmin.include_router(users.router)\n"
    assert INCLUDE + "admin = " in wired(source)


@pytest.mark.parametrize(
    "more",
    [
        "admin = APIRouter()\nadmin.include_router(a.router)\nadmin.include_router(b.router)\n",
        "api_router = APIRouter()\n",
    ],
)
def test_two_routers_that_could_be_meant(more: str) -> None:
    result = unclear(include(PLAIN + more))
    assert result.snippet == IMPORT + INCLUDE.rstrip("\n")
    assert "several routers" in result.reason


def test_several_routers_without_an_include() -> None:
    result = unclear(include("from fastapi import APIRouter\na = APIRouter()\nb = APIRouter()\n"))
    assert result.reason == "it creates several routers: a, b"


def test_no_router() -> None:
    assert unclear(include("app = FastAPI()\n")).reason == NO_ROUTER
    assert unclear(include(b"")).reason == NO_ROUTER


@pytest.mark.parametrize("indentation", ["    ", "\t", "  "])
def test_includes_within_a_function(indentation: str) -> None:
    source = (
        "from fastapi import APIRouter\nfrom app.api.v1.endpoints import users\n\n\ndef build():\n"
        "    api = APIRouter()\n    api.include_router(users.router)\n    return api\n"
    ).replace("    ", indentation)
    text = wired(source)
    line = indentation + INCLUDE.replace("api_router", "api")
    assert f"users.router)\n{line}{indentation}return api\n" in text


def test_includes_within_an_if() -> None:
    source = "from fastapi import APIRouter\napi_router = APIRouter()\n"
    source += "if True:\n\tapi_router.include_router(x)\n"
    assert wired(source).endswith(f"(x)\n\t{INCLUDE}")


def test_the_top_level_is_preferred_to_an_if() -> None:
    source = PLAIN + "if DEBUG:\n    api_router.include_router(debug.router)\n"
    assert wired(source).endswith(
        f"{INCLUDE}if DEBUG:\n    api_router.include_router(debug.router)\n"
    )


def test_includes_in_two_branches_are_unclear() -> None:
    source = (
        "from fastapi import APIRouter\nr = APIRouter()\n"
        "if a:\n    r.include_router(x)\nelse:\n    r.include_router(y)\n"
    )
    assert "several blocks" in unclear(include(source)).reason


def test_an_include_in_a_loop_is_not_repeated() -> None:
    source = (
        "from fastapi import APIRouter\nfrom app.api.v1.endpoints import a, b\n\n"
        "api_router = APIRouter()\nfor one in (a, b):\n    api_router.include_router(one.router)\n"
    )
    assert wired(source) == source.replace("\n\napi", f"\n{IMPORT}\napi") + INCLUDE


SPELLINGS = [
    ("from app.api.v1.endpoints import items", "items.router"),
    ("from app.api.v1.endpoints import items as things", "things.router"),
    ("from app.api.v1.endpoints.items import router", "router"),
    ("from app.api.v1.endpoints.items import router as r", "router=r"),
    ("import app.api.v1.endpoints.items", "app.api.v1.endpoints.items.router"),
    ("import app.api.v1.endpoints.items as i", "i.router"),
    ("from .endpoints import items", "items.router"),
    ("from .endpoints.items import router as z", "z"),
    ("from ..v1.endpoints import items", "items.router"),
    ("from app.api.v1 import endpoints", "endpoints.items.router"),
]


@pytest.mark.parametrize(("imported", "given"), SPELLINGS)
def test_any_spelling_is_wired_already(imported: str, given: str) -> None:
    source = PLAIN.replace("\napi", f"{imported}\n\napi", 1)
    source += f"api_router.include_router({given}, prefix='/other')\n"
    assert include(source) == AlreadyWired()


@pytest.mark.parametrize(("imported", "given"), SPELLINGS[:-1])
def test_any_spelling_is_taken_out(imported: str, given: str) -> None:
    source = PLAIN.replace("import auth", f"import auth\n{imported}\nfrom a import auth")
    source += f"api_router.include_router(\n    {given},\n    prefix='/other',\n)  # own\n"
    assert exclude(source) == Edited(
        PLAIN.replace("import auth", "import auth\nfrom a import auth").encode()
    )


def test_taken_out_of_a_list_of_imports() -> None:
    source = PLAIN.replace("auth, users", "auth, items, users")
    source += "api_router.include_router(items.router)\n"
    assert exclude(source) == Edited(PLAIN.encode())


@pytest.mark.parametrize(("imported", "given"), SPELLINGS[:-1])
def test_what_is_imported_is_not_imported_again(imported: str, given: str) -> None:
    source = f"from fastapi import APIRouter\n{imported}\napi_router = APIRouter()\n"
    result = include(source)
    name = given.removeprefix("router=")
    line = f"api_router.include_router({name})\n"
    assert result == Edited((source + line).encode())


def test_a_router_mentioned_otherwise_is_left_to_its_owner() -> None:
    source = PLAIN + (
        "from app.api.v1.endpoints import items\n"
        "for one in (items.router,):\n    api_router.include_router(one)\n"
    )
    assert "line 10 uses app.api.v1.endpoints.items.router" in unclear(include(source)).reason


@pytest.mark.parametrize(
    "taking",
    [
        "items_router = 1",
        "def items_router(): ...",
        "import items_router",
        "def f(items_router): ...",
    ],
)
def test_a_name_that_is_taken(taking: str) -> None:
    result = unclear(include(f"{PLAIN}{taking}\n"))
    assert result.reason == "the name items_router is taken in it"
    assert result.snippet == IMPORT + INCLUDE.rstrip("\n")


@pytest.mark.parametrize(
    "source",
    [PLAIN + "def broken(:\n", PLAIN + "match x {}\n", PLAIN.encode() + b"\xff", PLAIN + "\0"],
)
def test_what_this_python_cannot_parse(source: str | bytes) -> None:
    result = unclear(include(source))
    assert result.snippet == IMPORT + INCLUDE.rstrip("\n")
    assert "parse" in result.reason or "decoded" in result.reason
    assert isinstance(exclude(source), CannotWire)


def test_syntax_of_a_newer_python() -> None:
    source = PLAIN + "type Pair[T] = tuple[T, T]\n"
    if sys.version_info >= (3, 12):
        assert IMPORT in wired(source)
    else:
        assert "this Python cannot parse it" in unclear(include(source)).reason


@pytest.mark.parametrize("deep", ["-" * 3000 + "1", "a" + ".b" * 3000, "[" * 150 + "]" * 150])
def test_code_nested_deeply_is_no_crash(deep: str) -> None:
    source = f"{PLAIN}x = {deep}\n"
    for result in (include(source), exclude(source)):
        assert isinstance(result, Edited | AlreadyWired | CannotWire)


def test_warnings_about_the_file_are_its_owner_s() -> None:
    assert "'\\d'" in wired(PLAIN + "x = '\\d'\n")


def test_the_snippet_names_the_router_that_was_found() -> None:
    source = "from fastapi import APIRouter\nif x: main = APIRouter()\n"
    result = unclear(include(source))
    assert result.reason == "line 2 holds more than one statement"
    assert result.snippet == IMPORT + INCLUDE.replace("api_router", "main", 1).rstrip("\n")


def test_statements_behind_semicolons_and_backslashes() -> None:
    source = (
        "from fastapi import APIRouter; import os\n"
        "from app.api.v1.endpoints import \\\n    users\n"
        "api_router = APIRouter(); x = 1\n"
        "api_router \\\n  .include_router(users.router); y = 2\n"
    )
    assert wired(source) == (source.replace("    users\n", f"    users\n{IMPORT}") + INCLUDE)


def test_imports_that_are_no_place() -> None:
    source = (
        "from typing import TYPE_CHECKING\n\nfrom fastapi import APIRouter\n\n"
        "try:\n    from app.api.v1.endpoints import users\n"
        "except ImportError:\n    users = None\n\n"
        "if TYPE_CHECKING:\n    from app.api.v1.endpoints import auth\n\n"
        "api_router = APIRouter()\n"
        "from app.late import x\n"
    )
    assert f"APIRouter\n\n{IMPORT}\ntry:" in wired(source)


def test_unsorted_imports_get_the_line_behind_the_siblings() -> None:
    source = (
        "from fastapi import APIRouter\n"
        "from app.api.v1.endpoints.users import router as users_router\n"
        "from app.api.v1.endpoints.auth import router as auth_router\n"
        "import os\n\n"
        "api_router = APIRouter()\n"
    )
    assert f"as auth_router\n{IMPORT}import os\n" in wired(source)


def test_a_parenthesised_import_stays_whole() -> None:
    source = PLAIN.replace("auth, users", "(\n    auth,  # first\n    users,\n)")
    assert f"    users,\n)\n{IMPORT}from app.dep" in wired(source)


def test_a_name_that_is_used_elsewhere_stays() -> None:
    source = wired(PLAIN) + "everything = [items_router]\n"
    result = unclear(exclude(source))
    assert result.snippet == (IMPORT + INCLUDE).rstrip("\n")
    assert result.reason == "items_router is used elsewhere too; to delete by hand: lines 4, 10"


def test_an_include_within_an_expression_stays() -> None:
    source = f"{IMPORT}x = main.include_router(items_router)\n"
    assert "within an expression; to delete by hand: lines 1, 2" in unclear(exclude(source)).reason


def test_the_only_statement_of_a_block_stays() -> None:
    source = f"{IMPORT}if x:\n    main.include_router(items_router)\n"
    result = unclear(exclude(source))
    assert result.snippet == f"{IMPORT}    main.include_router(items_router)"


def test_nothing_to_take_out() -> None:
    assert exclude(PLAIN) == AlreadyWired()
    assert exclude(b"") == AlreadyWired()


def test_an_import_alone_is_taken_out() -> None:
    assert exclude(PLAIN.replace("auth, users", "auth, items, users")) == Edited(PLAIN.encode())
