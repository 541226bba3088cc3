"""Keyset pages by every sort on each database: tests that run in a project.

`FASTGEN_PAGE_SEEDS=400` tries more random lists.
"""

import shutil

import pytest

from generated import variants
from generated.projects import Workshop
from support import ROOT

pytestmark = pytest.mark.slow

MAKER = "maker name:str:100 --access shared"
TASK = "task done:bool:sort:filter"
THING = (
    "thing name:str:500:sort:search score:int:optional:sort:filter big:bigint:sort "
    "price:decimal:10,2:optional:sort weight:float:optional:sort flag:bool:optional:sort:filter "
    "colour:enum:red,blue:optional:sort:filter day:date:optional:sort at:datetime:sort "
    "opens:time:optional:sort key:uuid:sort email:email:optional:sort note:text:optional "
    "maker:ref:maker:optional param_1:str:20:optional:filter colour_1:bool:optional:filter "
    "--access shared"
)


def test_pages_are_complete(database: str, workshop: Workshop) -> None:
    answers = variants.default() | {"database": database}
    project = workshop.project(f"pages-{database}", answers, resources=[MAKER, TASK, THING])
    shutil.copy(ROOT / "tests/in_project/pages.py", project.path / "tests/test_every_page.py")
    project.uv_run("pytest", "-q", "-n", "auto", "tests/test_every_page.py").must_succeed()
