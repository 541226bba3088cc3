"""Wiring that people moved or took out: a command writes only what it adds itself."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from living import MODEL, MODELS, ROUTER, Living
from support import Cli

ENDPOINTS = "src/app/api/v1/endpoints/items.py"
SHOP = "src/app/api/v1/shop.py"
HEAD = "from app.api.routing import Router\n"
FIELD = ("add", "field", "item", "sku:str:32:optional")


@pytest.fixture(scope="session")
def stocked(fresh_project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wired-elsewhere")
    root = Path(shutil.copytree(fresh_project, folder / "shop", symlinks=True))
    project = Living(Cli(folder, folder / "home"), root)
    project.must("add", "resource", "category", "name:str:50")
    project.must("add", "resource", "item", "name:str:100", "category:ref:category:optional")
    project.commit()
    return root


@pytest.fixture
def shop(cli: Cli, stocked: Path) -> Living:
    return Living(cli, Path(shutil.copytree(stocked, cli.cwd / "shop", symlinks=True)))


def unwire(project: Living, path: str = ROUTER, pattern: str = r".*items_router.*\n") -> None:
    project.write(path, re.sub(pattern, "", project.read(path)))


def include(project: Living, text: str, path: str = SHOP) -> None:
    project.write(path, text)
    module = path.removeprefix("src/").removesuffix(".py").replace("/", ".")
    project.write(
        ROUTER,
        f"from {module} import router as other\n{project.read(ROUTER)}ROUTERS.append(other)\n",
    )


def add_line(project: Living, text: str) -> None:
    project.write(ROUTER, project.read(ROUTER) + text)


MOVED: dict[str, list[Callable[[Living], None]]] = {
    "another module": [
        lambda p: include(
            p,
            f"{HEAD}from app.api.v1.endpoints.items import router as things\n\n"
            "router = Router()\nrouter.include_router(things)\n",
        )
    ],
    "its module": [
        lambda p: include(
            p,
            f"{HEAD}from app.api.v1.endpoints import items as i\n\n"
            "router = Router()\nrouter.include_router(router=i.router)\n",
        )
    ],
    "a relative import": [
        lambda p: include(
            p,
            f"{HEAD}from .endpoints.items import router as things\n\n"
            "router = Router()\nrouter.include_router(things)\n",
        )
    ],
    "a package": [
        lambda p: include(
            p,
            f"{HEAD}import app.api.v1.endpoints.items as it\n\n"
            "router = Router()\nrouter.include_router(it.router)\n",
            "src/app/api/v2/shop.py",
        )
    ],
    "another name": [
        lambda p: include(
            p,
            f"{HEAD}from app.api.v1.endpoints.items import router as things\n\n"
            "chosen = things\nrouter = Router()\nrouter.include_router(chosen)\n",
        )
    ],
    "a name of the package": [
        lambda p: p.write(
            "src/app/api/v1/endpoints/__init__.py", "from .items import router as things\n"
        ),
        lambda p: include(
            p,
            f"{HEAD}from app.api.v1.endpoints import things\n\n"
            "router = Router()\nrouter.include_router(things)\n",
        ),
    ],
    "a star": [
        lambda p: p.write(
            "src/app/api/v1/all.py", "from .endpoints.items import router as things\n"
        ),
        lambda p: include(
            p,
            f"{HEAD}from app.api.v1.all import *\n\nrouter = Router()\n"
            "router.include_router(things)\n",
        ),
    ],
    "a loop": [
        lambda p: include(
            p,
            f"{HEAD}from app.api.v1.endpoints import categories, items\n\nrouter = Router()\n"
            "for one in (items,):\n    router.include_router(one.router)\n",
        )
    ],
    "a list of another module": [
        lambda p: p.write(
            "src/app/api/v1/all.py", "from .endpoints.items import router\nALL = [router]\n"
        ),
        lambda p: add_line(
            p,
            "from app.api.v1.all import ALL\nfor one in ALL:\n    ROUTERS.append(one)\n",
        ),
    ],
    "a list that is added": [
        lambda p: p.write(
            "src/app/api/v1/all.py", "from .endpoints.items import router\nALL = (router,)\n"
        ),
        lambda p: add_line(p, "from app.api.v1.all import ALL\nROUTERS += ALL\n"),
    ],
    "another line of the list": [
        lambda p: add_line(
            p,
            "from app.api.v1.endpoints.items import router as things\n"
            "if ROUTERS:\n    ROUTERS += [things]\n",
        ),
    ],
    "a router that includes the others": [
        lambda p: p.write(
            ROUTER,
            f"from fastapi import APIRouter\n\n{p.read(ROUTER)}"
            "from app.api.v1.endpoints.items import router as things\n"
            "api_router = APIRouter()\nfor one in [*ROUTERS, things]:\n"
            "    api_router.include_router(one)\n",
        ),
        lambda p: p.edit("src/app/main.py", "import ROUTERS", "import api_router"),
        lambda p: p.edit("src/app/main.py", "in ROUTERS:", "in [api_router]:"),
    ],
    "a function": [
        lambda p: add_line(
            p,
            "from app.api.v1.endpoints.items import router as things\n"
            "from app.api.v1.shop import register\nregister(ROUTERS, things)\n",
        )
    ],
    "a search": [
        lambda p: add_line(
            p,
            "import importlib\nimport pkgutil\nfrom app.api.v1 import endpoints\n"
            "for one in pkgutil.iter_modules(endpoints.__path__):\n"
            "    found = importlib.import_module(f'app.api.v1.endpoints.{one.name}')\n"
            "    ROUTERS.append(found.router)\n",
        )
    ],
    "a search in another module": [
        lambda p: p.write(
            "src/app/api/v1/all.py",
            "import importlib\nimport pkgutil\nfrom app.api.v1 import endpoints\n"
            "ALL = [\n"
            "    importlib.import_module(f'app.api.v1.endpoints.{one.name}').router\n"
            "    for one in pkgutil.iter_modules(endpoints.__path__)\n]\n",
        ),
        lambda p: p.edit("src/app/main.py", "app.api.v1.router", "app.api.v1.all"),
        lambda p: p.edit("src/app/main.py", "import ROUTERS", "import ALL"),
        lambda p: p.edit("src/app/main.py", "in ROUTERS:", "in ALL:"),
    ],
    "the app": [
        lambda p: p.write(
            "src/app/main.py",
            "from app.api.v1.endpoints.items import router as things\n"
            + p.read("src/app/main.py").replace(
                "app.include_router(health.router)",
                "app.include_router(health.router)\n    app.include_router(things)",
            ),
        )
    ],
    "a router of another name": [
        lambda p: p.write(ENDPOINTS, re.sub(r"\brouter\b", "things", p.read(ENDPOINTS))),
        lambda p: include(
            p,
            f"{HEAD}from app.api.v1.endpoints.items import things\n\nrouter = Router()\n"
            "router.include_router(things)\n",
        ),
    ],
}


@pytest.mark.others_nightly("its module", "a list that is added")
@pytest.mark.parametrize("way", MOVED)
def test_a_router_that_is_included_elsewhere_is_wired(shop: Living, way: str) -> None:
    unwire(shop)
    for step in MOVED[way]:
        step(shop)
    before = shop.read(ROUTER)
    assert "is not wired" not in shop.run("check", "--fix").out
    shop.run(*FIELD)
    assert shop.read(ROUTER) == before


def test_a_router_that_is_imported_but_not_included_is_not_wired(shop: Living) -> None:
    unwire(shop)
    shop.write(SHOP, "from app.api.v1.endpoints.items import router as things\n")
    assert "item is not wired" in shop.run("check").out


def test_a_program_that_imports_modules_by_name_finds_no_routers(shop: Living) -> None:
    unwire(shop)
    main = "src/app/main.py"
    shop.write(main, f"import importlib.metadata\n{shop.read(main)}NAME = importlib.metadata\n")
    assert "item is not wired" in shop.run("check").out


@pytest.mark.slow
def test_only_what_a_field_adds_is_wired(shop: Living) -> None:
    unwire(shop)
    unwire(shop, MODELS, r".*Item.*\n")
    category = "src/app/models/category.py"
    unwire(shop, category, r"(?s)    items: .*?\n    \)\n")
    before = {path: shop.read(path) for path in (ROUTER, MODELS, category)}
    shop.must(*FIELD)
    assert {path: shop.read(path) for path in before} == before
    shop.must("add", "field", "item", "maker:ref:user:optional")
    assert {path: shop.read(path) for path in before} == before
    assert "items: Mapped" in shop.read("src/app/models/user.py")


def test_a_list_that_people_took_out_does_not_come_back(shop: Living) -> None:
    category = "src/app/models/category.py"
    unwire(shop, category, r"(?s)    items: .*?\n    \)\n")
    shop.must("add", "field", "item", "other:ref:category:optional")
    text = shop.read(category)
    assert "other_items: Mapped" in text
    assert "    items: Mapped" not in text


def test_the_same_line_again_wires_what_is_nowhere(shop: Living) -> None:
    line = ("add", "resource", "item", "name:str:100", "category:ref:category:optional")
    unwire(shop)
    before = shop.read(ROUTER)
    assert shop.run(*line, "--force").code == 0
    assert "    items_router,\n" in shop.read(ROUTER)
    shop.write(ROUTER, before)
    MOVED["another module"][0](shop)
    before = shop.read(ROUTER)
    assert shop.run(*line).err.endswith("already exists, exactly like this\n")
    assert shop.read(ROUTER) == before


UNKNOWN: dict[str, Callable[[Living], None]] = {
    "endpoints": lambda p: (p.root / ENDPOINTS).unlink(),
    "router": lambda p: p.write(ENDPOINTS, re.sub(r"\brouter\b", "things", p.read(ENDPOINTS))),
    "model": lambda p: (p.root / MODEL).unlink(),
    "class": lambda p: p.edit(MODEL, "class Item(", "class Thing("),
    "attribute": lambda p: unwire(p, MODEL, r"    category: Mapped.*\n"),
}


@pytest.mark.others_nightly
@pytest.mark.parametrize("what", UNKNOWN)
def test_nothing_is_imported_that_is_not_there(shop: Living, what: str) -> None:
    unwire(shop)
    unwire(shop, MODELS, r".*Item.*\n")
    unwire(shop, "src/app/models/category.py", r"(?s)    items: .*?\n    \)\n")
    UNKNOWN[what](shop)
    told = shop.run("check", "--fix").out
    texts = [shop.read(path) for path in (ROUTER, MODELS, "src/app/models/category.py")]
    wired = ["items_router" in texts[0], "Item as Item" in texts[1], "items: Mapped" in texts[2]]
    routes = what not in {"endpoints", "router"}
    assert wired == [routes, what not in {"model", "class"}, not routes]
    assert ("it has no router, so item has no routes" in told) == (what == "router")


@pytest.mark.slow
def test_a_field_imports_no_model_that_is_not_there(shop: Living) -> None:
    shop.git("mv", MODEL, "src/app/models/stock.txt")
    user = shop.read("src/app/models/user.py")
    result = shop.run("add", "field", "item", "maker:ref:user:optional")
    assert result.code == 4
    told = "left to you: src/app/models/user.py: app.models.item has no Item\n"
    assert told in result.err
    assert "        items: Mapped[list[" in result.err
    assert shop.read("src/app/models/user.py") == user


def test_a_package_of_endpoints_is_wired_as_a_module_is(shop: Living) -> None:
    (shop.root / ENDPOINTS.removesuffix(".py")).mkdir()
    shop.git("mv", ENDPOINTS, ENDPOINTS.replace(".py", "/__init__.py"))
    unwire(shop)
    shop.run("check", "--fix")
    assert "    items_router,\n" in shop.read(ROUTER)


def test_a_model_that_lives_elsewhere_is_exported(shop: Living) -> None:
    shop.git("mv", MODEL, "src/app/models/stock.py")
    shop.write(MODEL, "from app.models.stock import Item as Item\n")
    shop.edit(MODELS, "app.models.item import", "app.models.stock import")
    before = shop.read(MODELS)
    assert MODELS not in shop.run("check", "--fix").out
    assert shop.read(MODELS) == before


LEFT: dict[str, str] = {
    "its router": "from app.api.v1.endpoints.notes import router as left\n",
    "in brackets": "from app.api.v1.endpoints.notes import (\n    router as left,\n)\n",
    "its module": "from app.api.v1.endpoints import (\n    auth, notes\n)\nleft = notes.router\n",
    "a line of its own": (
        "from app.api.v1.endpoints import (\n    auth,\n    notes as n,  # a\n)\nleft = n.router\n"
    ),
    "its package": "from app.api.v1 import endpoints as e\nleft = e.notes.router\n",
    "a relative import": "from .endpoints import auth, \\\n    notes\nleft = notes.router\n",
}


@pytest.mark.others_nightly
@pytest.mark.parametrize("way", LEFT)
def test_a_new_resource_that_is_included_already_is_not_included_again(
    shop: Living, way: str
) -> None:
    add_line(shop, f"{LEFT[way]}ROUTERS.append(left)\n")
    before = shop.read(ROUTER)
    shop.run("add", "resource", "note", "body:text")
    assert shop.read(ROUTER) == before
    assert (shop.root / "src/app/api/v1/endpoints/notes.py").exists()
