"""A project in which people changed classes, prefix and access by hand, and go on with fastgen."""

import pytest

from decided import call_otherwise, serve_at
from generated import variants
from generated.projects import Workshop
from living import Living

pytestmark = pytest.mark.slow

LINES = (
    "category name:str:50:unique --access shared",
    "item name:str:100:sort status:enum:new,old:default=new category:ref:category --access shared",
    "review item:ref:item text --access shared",
)
CHANGES = (
    "add field item code:str:5:optional:search size:enum:s,m:optional",
    "change field item name:str:120:sort:search",
    "rename field item status state",
    "change access item admin",
    "add resource tag label:str:20 item:ref:item:filter",
    "remove field item size",
    "remove resource review",
)


def test_a_project_that_people_changed_goes_on_with_fastgen(workshop: Workshop) -> None:
    answers = variants.default() | {"database": "sqlite"}
    project = workshop.project("decided", answers, resources=LINES)
    shop = Living(project.user, project.path)
    shop.must("change", "access", "item", "public")
    shop.git("checkout", "-q", "HEAD", "--", ".fastgen")
    serve_at(shop, "shop/articles")
    call_otherwise(shop)
    shop.commit()
    assert shop.run("check").code == 1
    shop.must("check", "--accept")
    shop.commit()
    for line in CHANGES:
        shop.must("check")
        shop.must(*line.split())
        shop.commit()
    shop.must("check")
    project.uv_run("ruff", "check", ".").must_succeed()
    project.uv_run("ruff", "format", "--check", ".").must_succeed()
    project.uv_run("mypy").must_succeed()
    project.must_pass_its_tests(covered=False)
