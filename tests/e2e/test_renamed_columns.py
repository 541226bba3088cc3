"""Columns that are called otherwise in Python, and resources called like soft keywords."""

import pytest

from generated import variants
from generated.projects import Project, Workshop

pytestmark = [pytest.mark.slow, pytest.mark.by_day("postgresql")]

FIELDS = """
    metadata:json:optional class:str:30:filter:search:unique type:enum:a,b:filter:default=a
    schema:list:str:optional copy:text:search from:date:filter:optional model_name:str
    model_config:decimal:8,2:default=1.00 self:bool:default=true:filter
    json:datetime:optional:readonly registry:url:writeonly:optional validate:uuid:filter:optional
    items:int:filter values:str:filter statement:str:filter
"""
LINES = (
    f"gadget {' '.join(FIELDS.split())} --access owner",
    "type metadata:ref:gadget:optional:filter class:ref:gadget copy:ref:type:optional name:str",
    "match type:ref:type bytes:int object:str page:int:filter:sort none:int --access public",
)
CHECKS = (
    ("ruff", "check"),
    ("ruff", "format", "--check"),
    ("mypy",),
    pytest.param(("pytest", "-q", "-n", "auto"), marks=pytest.mark.nightly),
)


@pytest.fixture(scope="session")
def renamed(database: str, workshop: Workshop) -> Project:
    answers = variants.default() | {"database": database}
    return workshop.project(f"renamed-{database}", answers, resources=LINES)


@pytest.mark.parametrize("command", CHECKS, ids=" ".join)
def test_they_are_good(renamed: Project, command: tuple[str, ...]) -> None:
    renamed.uv_run(*command).must_succeed()
