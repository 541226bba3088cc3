"""What the check costs as a project grows; what it finds is in tests/cli/test_check.py."""

import time
from pathlib import Path

import pytest

from fastgen.commands.check import compare
from fastgen.project.project import Project, opened
from living import MODEL, MODELS, RECIPE, ROUTER, Living

SLICE = (
    RECIPE,
    MODEL,
    "src/app/schemas/item.py",
    "src/app/services/item.py",
    "src/app/api/v1/endpoints/items.py",
    "tests/test_items.py",
)


def grow(project: Living, first: int, last: int) -> None:
    """Copy the resource `item` under other names, wired by hand."""
    for number in range(first, last):
        word = f"thing_{chr(97 + number // 26)}{chr(97 + number % 26)}"
        cls = word.title().replace("_", "")
        for path in SLICE:
            text = project.read(path).replace("item", word).replace("Item", cls)
            project.write(path.replace("item", word), text)
        endpoints = f"from app.api.v1.endpoints.{word}s import router as {word}s_router\n"
        head, end, _ = project.read(ROUTER).rpartition("]\n")
        project.write(ROUTER, f"{endpoints}{head}    {word}s_router,\n{end}")
        model = f"from app.models.{word} import {cls} as {cls}\n"
        project.write(MODELS, model + project.read(MODELS))


def seconds(project: Project) -> float:
    started = time.process_time()
    found = [one.message for one in compare.differences(project)]
    taken = time.process_time() - started
    assert not [message for message in found if "wired" in message or "not there, but" in message]
    return taken


@pytest.mark.slow
@pytest.mark.nightly
def test_its_time_grows_no_faster_than_the_project(
    project: Living, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    project.must("add", "resource", "item", "name:str:100", "price:decimal:10,2")
    monkeypatch.chdir(project.root)
    monkeypatch.setenv("HOME", str(tmp_path))
    grow(project, 0, 19)
    with opened(writes=True) as small:
        few = min(seconds(small) for _ in range(3))
    grow(project, 19, 199)
    with opened(writes=True) as large:
        many = min(seconds(large) for _ in range(3))
    assert many < 20 * few
