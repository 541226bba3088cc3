"""Keyset pages, on each database: the tests of `every_page` run inside a generated project."""

import shutil
from pathlib import Path

import pytest

from generated import variants
from generated.projects import Workshop

pytestmark = pytest.mark.slow

MAKER = "maker name:str:100 --access shared"
THING = (
    "thing name:str:500:sort:search score:int:optional:sort:filter big:bigint:sort "
    "price:decimal:10,2:optional:sort weight:float:optional:sort flag:bool:optional:sort:filter "
    "colour:enum:red,blue:optional:sort:filter day:date:optional:sort at:datetime:sort "
    "opens:time:optional:sort key:uuid:sort email:email:optional:sort note:text:optional "
    "maker:ref:maker:optional --access shared"
)


@pytest.mark.parametrize("database", variants.options()["database"])
def test_every_page(database: str, workshop: Workshop) -> None:
    answers = variants.default() | {"database": database}
    project = workshop.project(f"pages-{database}", answers, resources=[MAKER, THING])
    shutil.copy(
        Path(__file__).with_name("every_page.py"), project.path / "tests/test_every_page.py"
    )
    project.uv_run("pytest", "-q", "tests/test_every_page.py").must_succeed()
