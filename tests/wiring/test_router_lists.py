"""The list of routers, as it is generated and as people leave it."""

from collections.abc import Callable

import pytest

from fastgen.template import unrendered
from fastgen.wiring.results import AlreadyWired, CannotWire, Edited, Result
from fastgen.wiring.routers import exclude_router, include_router
from support import ROOT

IsClean = Callable[[str], bool]
MODULE = "app.api.v1.endpoints.items"
IMPORT = "from app.api.v1.endpoints.items import router as items_router\n"
IMPORTS = """\
from app.api.v1.endpoints.auth import router as auth_router
from app.api.v1.endpoints.users import router as users_router
"""
HEAD = f"{IMPORTS}\n"
ALL_IMPORTS = IMPORTS.replace("\n", f"\n{IMPORT}", 1)
GENERATED = unrendered.plain((ROOT / "template/project/src/app/api/v1/router.py.jinja").read_text())


def include(source: str, module: str = MODULE, router: str = "items_router") -> Result:
    return include_router(source.encode(), module=module, router=router)


def exclude(source: str) -> Result:
    return exclude_router(source.encode(), module=MODULE)


def wired(source: str) -> str:
    """Return what wiring makes of `source`, having seen that it is done once and can be undone."""
    result = include(source)
    assert isinstance(result, Edited), result
    text = result.source.decode()
    assert include(text) == AlreadyWired()
    assert exclude(text) == Edited(source.encode())
    return text


def without(source: str) -> str:
    result = exclude(source)
    assert isinstance(result, Edited), result
    text = result.source.decode()
    assert exclude(text) == AlreadyWired()
    return text


def unclear(result: Result) -> CannotWire:
    assert isinstance(result, CannotWire), result
    return result


def test_the_generated_list_gets_a_line_at_its_end(is_clean: IsClean) -> None:
    text = wired(GENERATED)
    assert text == GENERATED.replace(IMPORTS, ALL_IMPORTS).replace("]", "    items_router,\n]")
    assert is_clean(text)


def test_the_order_of_routers_is_the_order_of_adding(is_clean: IsClean) -> None:
    source = GENERATED
    for name in ("tags", "books", "items", "authors", "x" * 60):
        result = include(source, f"app.api.v1.endpoints.{name}", f"{name}_router")
        assert isinstance(result, Edited)
        source = result.source.decode()
    assert is_clean(source)
    routers = source.partition("[\n")[2]
    assert routers.split() == [
        *("auth_router,", "users_router,", "tags_router,", "books_router,", "items_router,"),
        *("authors_router,", f"{'x' * 60}_router,", "]"),
    ]


def test_removing_leaves_one_router_a_line(is_clean: IsClean) -> None:
    # Together too long for a line; without `items_router` they would fit.
    source = GENERATED
    for name in ("tags", "books", "comments", "x" * 12):
        result = include(source, f"app.api.v1.endpoints.{name}", f"{name}_router")
        assert isinstance(result, Edited)
        source = result.source.decode()
    assert wired(source).endswith("    items_router,\n]\n")
    assert is_clean(source)


SHAPES = {
    "one line": ("ROUTERS = [auth_router, users_router]", ", items_router]"),
    "a tuple": ("ROUTERS = (auth_router, users_router)", ", items_router)"),
    "a tuple of one": ("ROUTERS = (users_router,)", "(users_router, items_router)"),
    "a bare tuple": ("ROUTERS = auth_router, users_router", ", items_router"),
    "a bare tuple of one": ("ROUTERS = users_router,", "users_router, items_router"),
    "none": ("ROUTERS = []", "[items_router]"),
    "an empty tuple": ("ROUTERS = ()", "(items_router,)"),
    "annotated": ("ROUTERS: list[Router] = [auth_router]", "[auth_router, items_router]"),
    "two names": ("ROUTERS = V1 = [auth_router]", "[auth_router, items_router]"),
    "several lines": (
        "ROUTERS = [\n    auth_router,\n    users_router,\n]",
        "    users_router,\n    items_router,\n]",
    ),
    "several lines of a tuple": (
        "ROUTERS = (\n  auth_router,\n)",
        "  auth_router,\n  items_router,\n)",
    ),
    "no comma at the end": (
        "ROUTERS = [\n    auth_router,\n    users_router\n]",
        "    users_router,\n    items_router\n]",
    ),
    "several in a line": (
        "ROUTERS = [\n    auth_router, users_router,\n]",
        "    auth_router, users_router, items_router,\n]",
    ),
    "comments": (
        "ROUTERS = [  # all\n    # first\n    auth_router,\n    users_router,  # too\n]  # end",
        "    users_router,  # too\n    items_router,\n]  # end",
    ),
    "comments at the end": (
        "ROUTERS = [\n    users_router,\n    # more to come\n]",
        "    users_router,\n    items_router,\n    # more to come\n]",
    ),
    "others in it": ("ROUTERS = [*OLD, make(1), users_router]", ", items_router]"),
    "a line that adds to it": (
        "ROUTERS = [auth_router]\nROUTERS += [users_router]",
        "ROUTERS += [users_router, items_router]",
    ),
    "a call that adds to it": (
        "ROUTERS = [auth_router]\nROUTERS.append(users_router)",
        "ROUTERS = [auth_router, items_router]\nROUTERS.append(users_router)",
    ),
    "more under a condition": (
        "ROUTERS = [auth_router]\nif x:\n    ROUTERS += [users_router]",
        "[auth_router, items_router]\nif x:",
    ),
    "all under a condition": ("if x:\n    ROUTERS = [auth_router]", "[auth_router, items_router]"),
    "another name": ("V1 = [auth_router, users_router]", ", items_router]"),
    "routers beside it": (
        "from fastapi import APIRouter\n\nadmin = APIRouter()\nROUTERS = [admin, users_router]",
        "ROUTERS = [admin, users_router, items_router]",
    ),
    "a router that includes them": (
        (
            "from fastapi import APIRouter\n\nROUTERS = [auth_router]\napi = APIRouter()\n"
            "for one in ROUTERS:\n    api.include_router(one)"
        ),
        "ROUTERS = [auth_router, items_router]\napi",
    ),
}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_any_list_gets_the_router(shape: str, newline: str) -> None:
    written, expected = (text.replace("\n", newline) for text in SHAPES[shape])
    head = HEAD.replace("\n", newline)
    text = wired(f"{head}{written}{newline}")
    assert text.count(IMPORT.replace("\n", newline)) == 1
    assert expected in text


@pytest.mark.parametrize("opening", ["[", "("])
@pytest.mark.parametrize("length", [8, 20, 40, 52, 53, 54, 60])
def test_a_long_list_is_broken_as_ruff_breaks_it(
    opening: str, length: int, is_clean: IsClean
) -> None:
    name = "x" * length
    closing = {"[": "]", "(": ")"}[opening]
    source = f"{HEAD}ROUTERS = {opening}auth_router, users_router{closing}\n"
    result = include(source, f"app.api.v1.endpoints.{name}", f"{name}_router")
    assert isinstance(result, Edited)
    assert is_clean(result.source.decode())


@pytest.mark.parametrize("length", [20, 58, 59, 60])
def test_a_tuple_of_one_is_broken_as_ruff_breaks_it(length: int, is_clean: IsClean) -> None:
    name = "x" * length
    source = f"{IMPORTS}\nROUTERS = ({'y' * 20},)\n"
    result = include(source, f"app.api.v1.endpoints.{name}", f"{name}_router")
    assert isinstance(result, Edited)
    assert is_clean(result.source.decode())


WIRED = {
    "by its module": "from app.api.v1.endpoints import items\nROUTERS = [items.router]\n",
    "by another name": (
        "from app.api.v1.endpoints.items import router as r\nROUTERS = [users_router, r]\n"
    ),
    "appended": f"{IMPORT}ROUTERS = []\nROUTERS.append(items_router)\n",
    "inserted": f"{IMPORT}ROUTERS = []\nROUTERS.insert(0, items_router)\n",
    "in a longer list": f"{IMPORT}ROUTERS = [auth_router]\nROUTERS.extend([items_router])\n",
    "added": f"{IMPORT}ROUTERS = [auth_router]\nROUTERS += (items_router,)\n",
    "under a condition": f"{IMPORT}ROUTERS = a\nif x:\n    y = 1\n    ROUTERS += [items_router]\n",
    "in an imported list": f"{IMPORT}from app.all import ROUTERS\nROUTERS.append(items_router)\n",
}


@pytest.mark.parametrize("way", WIRED)
def test_any_spelling_is_wired_already_and_taken_out(way: str) -> None:
    assert include(WIRED[way]) == AlreadyWired()
    text = without(WIRED[way])
    assert "items" not in text
    assert "\n\n" not in text


def test_within_an_expression_it_is_wired_and_stays() -> None:
    source = f"{IMPORT}ROUTERS = [auth_router] + sorted([items_router])\n"
    assert include(source) == AlreadyWired()
    result = unclear(exclude(source))
    assert result.reason == "line 2 includes it within an expression; to delete by hand: lines 1, 2"
    assert result.snippet == f"{IMPORT}items_router"


def test_what_is_imported_is_not_imported_again() -> None:
    source = "from app.api.v1.endpoints import items, users\n\nROUTERS = [users.router]\n"
    expected = source.replace("users.router]", "users.router, items.router]")
    assert include(source) == Edited(expected.encode())


NOT_UNDERSTOOD = {
    "made": ("ROUTERS = make()", "ROUTERS is not a literal list", "ROUTERS.append(items_router)"),
    "joined": (
        "ROUTERS = [auth_router] + MORE",
        "ROUTERS is not a literal list",
        "ROUTERS.append(items_router)",
    ),
    "imported": (
        "from app.api.v1.all import ROUTERS as ROUTERS",
        "ROUTERS is not a literal list",
        "ROUTERS.append(items_router)",
    ),
    "two branches": (
        "if x:\n    ROUTERS = [auth_router]\nelse:\n    ROUTERS = [users_router]",
        "it has several lists called ROUTERS",
        "ROUTERS.append(items_router)",
    ),
    "two lists": (
        "A = [auth_router]\nB = [users_router]",
        "it has several lists of routers: A, B",
        "A.append(items_router)",
    ),
    "a name that is taken": (
        "items_router = 1\nROUTERS = (auth_router,)",
        "the name items_router is taken in it",
        "ROUTERS += (items_router,)",
    ),
    "a comment at the end": (
        "ROUTERS = [\n    auth_router  # why\n]",
        "line 5 has a comment at the end of its list",
        "ROUTERS.append(items_router)",
    ),
    "only a comment": (
        "ROUTERS = [\n    # none yet\n]",
        "line 4 has a comment in its list",
        "ROUTERS.append(items_router)",
    ),
    "nothing": (
        "x = 1",
        "it has no list of routers and creates no router",
        "ROUTERS.append(items_router)",
    ),
}


@pytest.mark.parametrize("what", NOT_UNDERSTOOD)
def test_what_is_not_understood_is_left_with_lines_that_help(what: str) -> None:
    written, reason, line = NOT_UNDERSTOOD[what]
    result = unclear(include(f"{HEAD}{written}\n"))
    assert result == CannotWire(f"{IMPORT}{line}", reason)


@pytest.mark.parametrize("what", ["made", "joined", "imported", "a comment at the end"])
def test_the_lines_that_are_left_are_wired(what: str) -> None:
    source = f"{HEAD}{NOT_UNDERSTOOD[what][0]}\n"
    pasted = source + unclear(include(source)).snippet
    assert include(pasted) == AlreadyWired()
    assert without(pasted) == source.rstrip("\n")


def test_a_comment_of_its_own_line_goes_with_it_and_others_stay() -> None:
    source = (
        f"{ALL_IMPORTS}ROUTERS = [\n    # a\n    items_router,  # b\n    users_router,  # c\n]\n"
    )
    expected = f"{IMPORTS}ROUTERS = [\n    # a\n    users_router,  # c\n]\n"
    assert without(source) == expected


def test_a_router_used_elsewhere_too_stays() -> None:
    source = f"{IMPORT}ROUTERS = [auth_router, items_router]\nprint(items_router)\n"
    result = unclear(exclude(source))
    assert result.reason == "items_router is used elsewhere too; to delete by hand: lines 1, 2"
    assert result.snippet == f"{IMPORT}items_router"


def test_a_list_beside_the_router_that_includes_the_others_is_no_list_of_routers() -> None:
    source = (
        f"from fastapi import APIRouter\n\n{HEAD}PUBLIC = [auth_router]\n"
        "api_router = APIRouter()\napi_router.include_router(auth_router)\n"
    )
    result = include(source)
    assert isinstance(result, Edited)
    assert result.source.decode().endswith("api_router.include_router(items_router)\n")
