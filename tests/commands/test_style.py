"""Lines that fastgen puts into files look as the project's own settings of ruff have it."""

import re
import subprocess

import pytest
from ruff import find_ruff_bin

from living import MODEL, MODELS, ROUTER, Living

ITEM = ("add", "resource", "item", "name:str:100", "tags:list:str")
ORDER = ("add", "resource", "purchase_order", "favourite_item:ref:item", "by:ref:user:optional")
# The formatter breaks lines; what it leaves cannot be broken.
RULES = "F,I,Q,UP"
SINGLE = '[format]\nquote-style = "single"\n[lint.flake8-quotes]\ninline-quotes = "single"\n'
SETTINGS = {
    "short lines": "line-length = 66\n",
    "long lines": "line-length = 140\n",
    "single quotes": SINGLE,
    "tabs": '[format]\nindent-style = "tab"\n',
    "annotations": ('[lint.isort]\nrequired-imports = ["from __future__ import annotations"]\n'),
    "one import a line": "[lint.isort]\nforce-single-line = true\nlines-after-imports = 2\n",
    "all": (
        f"line-length = 72\n{SINGLE}[lint.isort]\n"
        'required-imports = ["from __future__ import annotations"]\nforce-single-line = true\n'
    ),
}
ALONE = {"short lines", "single quotes", "annotations", "one import a line"}


def ruff(project: Living, *arguments: str) -> str:
    paths = ["src", "tests/test_items.py", "tests/test_purchase_orders.py"]
    there = [path for path in paths if (project.root / path).exists()]
    done = subprocess.run(
        [find_ruff_bin(), *arguments, "--no-cache", *there],
        cwd=project.root,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout if done.returncode else ""


def settle(project: Living, settings: str) -> None:
    """Let the project have `settings`, and all its files look like that."""
    first_party = 'known-first-party = ["app", "conftest", "databases", "test_*"]\n'
    if "[lint.isort]\n" not in settings:
        settings += "[lint.isort]\n"
    settings = settings.replace("[lint.isort]\n", f"[lint.isort]\n{first_party}")
    project.write("ruff.toml", settings)
    ruff(project, "check", "--select", "I,Q,UP037", "--fix-only", "--unsafe-fixes")
    ruff(project, "format")
    project.commit()


@pytest.mark.slow
@pytest.mark.parametrize(
    "name",
    [
        # "all" has them too.
        pytest.param(name, marks=[pytest.mark.slow, pytest.mark.nightly] if name in ALONE else [])
        for name in SETTINGS
    ],
)
def test_what_is_added_looks_as_the_project_wants(with_item: Living, name: str) -> None:
    settle(with_item, SETTINGS[name])
    before = reported(with_item)
    with_item.must(*ORDER)
    for path in (MODEL, MODELS, ROUTER):
        assert "urchase" in with_item.read(path)
    assert ruff(with_item, "format", "--check") == ""
    assert reported(with_item) <= before
    assert "left to you" not in with_item.run("remove", "resource", "purchase_order").err
    assert ruff(with_item, "format", "--check") == ""


def reported(project: Living) -> set[str]:
    """Return what ruff says of the project, without the lines."""
    told = ruff(project, "check", "--select", RULES, "--output-format", "concise")
    return {re.sub(r":\d+:\d+:", ":", line) for line in told.splitlines() if ".py:" in line}


def test_settings_in_pyproject_are_kept_to(with_item: Living) -> None:
    with_item.edit("pyproject.toml", "line-length = 100", "line-length = 60")
    with_item.must(*ORDER)
    lines = with_item.read(ROUTER).splitlines()
    assert "from app.api.v1.endpoints.purchase_orders import (" in lines
    assert max(map(len, with_item.read("src/app/models/purchase_order.py").splitlines())) <= 60


def test_other_lines_stay_as_people_have_them(with_item: Living) -> None:
    with_item.write("ruff.toml", "line-length = 60\n")
    with_item.edit(ROUTER, "import router as auth_router", "import  router as auth_router  # odd")
    with_item.write(MODEL, with_item.read(MODEL).replace("\n", "\r\n"))
    before = {path: with_item.read(path).splitlines() for path in (ROUTER, MODEL)}
    with_item.must(*ORDER)
    for path, lines in before.items():
        assert (
            not set(lines)
            - set(with_item.read(path).splitlines())
            - {
                "from sqlalchemy.orm import Mapped, mapped_column",
            }
        )
    assert "\n" not in with_item.read(MODEL).replace("\r\n", "")


def test_settings_that_ruff_refuses_are_no_obstacle_for_wiring(with_item: Living) -> None:
    with_item.write("src/app/models/ruff.toml", "line-length = 'many'\n")
    with_item.must(*ORDER)
    assert "purchase_orders" in with_item.read(MODEL)
