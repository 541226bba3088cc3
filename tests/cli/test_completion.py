"""What the shells complete, as their own completion asks for it."""

import os
import shlex
from pathlib import Path

import pytest

from living import Living

LINES = [
    ("fastgen remove resource ", ["item", "order"]),
    ("fastgen remove resource or", ["order"]),
    ("fastgen add field it", ["item"]),
    ("fastgen rename field us", ["user"]),
    ("fastgen rename resource us", []),
    ("fastgen add resource item na", ["name:str:100"]),
    ("fastgen add resource x a:da", ["a:date", "a:datetime"]),
    ("fastgen add resource x a:ref:o", ["a:ref:order"]),
    ("fastgen add resource x a:list:uu", ["a:list:uuid"]),
    ("fastgen add field item sku:str:32:uni", ["sku:str:32:unique"]),
    ("fastgen add field item sku:str:ma", ["sku:str:max="]),
    ("fastgen templates eject ser", ["service"]),
]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory, fresh_project: Path) -> Living:
    import living
    from support import Cli

    home = tmp_path_factory.mktemp("completed")
    project = living.settle(Cli(home, home / "home"), fresh_project)
    project.must("add", "resource", "item")
    project.must("add", "resource", "order", "item:ref:item")
    return project


def completed(shop: Living, shell: str, **env: str) -> list[str]:
    env |= {"_FASTGEN_COMPLETE": f"complete_{shell}"}
    done = shop.user.run(cwd=shop.root, env=env)
    assert (done.code, done.err) == (0, "")
    return done.out.split()


@pytest.mark.parametrize(("line", "words"), LINES)
def test_fish_completes(shop: Living, line: str, words: list[str]) -> None:
    env = {"_TYPER_COMPLETE_ARGS": line, "_TYPER_COMPLETE_FISH_ACTION": "get-args"}
    assert completed(shop, "fish", **env) == words


def test_zsh_completes(shop: Living) -> None:
    told = completed(shop, "zsh", _TYPER_COMPLETE_ARGS="fastgen add resource x a:ref:o")
    assert told == ["_arguments", "'*:", ':(("a\\\\:ref\\\\:order"))\'']


@pytest.mark.parametrize(("line", "words"), LINES)
def test_bash_completes_the_part_after_a_colon(shop: Living, line: str, words: list[str]) -> None:
    parts = shlex.split(line.replace(":", " : "))
    count = len(parts) - (not line.endswith(" "))
    env = {"COMP_WORDS": " ".join(parts), "COMP_CWORD": str(count)}
    last = line.rpartition(":")[0]
    typed = f"{last.rpartition(' ')[2]}:" if last else ""
    assert completed(shop, "bash", **env) == [word.removeprefix(typed) for word in words]


def test_outside_of_a_project_nothing_is_completed(shop: Living, tmp_path: Path) -> None:
    other = Living(shop.user, tmp_path)
    env = {"COMP_WORDS": "fastgen remove resource ", "COMP_CWORD": "3"}
    assert completed(other, "bash", **env) == []
    assert os.listdir(tmp_path) == []
