"""Any sequence of changes by commands leads to the project that one `apply` of the end makes.

`FASTGEN_SEQUENCES=100` tries more of them.
"""

import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fastgen.changes import apply as changes
from fastgen.commands import (
    add_field,
    add_resource,
    apply,
    change_access,
    change_field,
    export,
    remove_field,
    remove_resource,
    rename_field,
    rename_resource,
)
from fastgen.commands.add_resource import Request
from fastgen.domain.source import Source
from fastgen.errors import Bug, FastgenError
from fastgen.fields.show import show
from fastgen.project import recipe, resources
from fastgen.project import settings as of_project
from fastgen.project.project import Project
from fastgen.slices.resource import Resource
from fastgen.slices.rights import ACCESSES

pytestmark = pytest.mark.slow

MOST = 10
NAMES = ("author", "book", "category", "order_line")
FIELDS = ("title", "code", "note", "parent")
TYPES = (
    *("str:50", "str:80:search:default=none", "str:50:optional:unique", "text:optional"),
    *("int:default=3:sort", "decimal:8,2:default=1", "bool:default=true:filter"),
    *("date:optional:filter:sort", "datetime:default=now", "uuid:optional", "json:optional"),
    *("enum:a,b:default=a:filter", "list:str:optional:unique", "color:optional", "email:optional"),
    *("ref:user:optional", *(f"ref:{name}:optional:filter" for name in NAMES)),
)
# Lines of several resources, in the order in which they came.
WIRED = re.compile(r"src/app/(models/.*|api/v1/router)\.py")
# What changes bring, and nobody takes away.
ALONE = re.compile(
    r"src/app/migrations/.*|tests/test_(copied_tables|row_checks)\.py|.*/migrations/.*"
)

name, field, kind = st.sampled_from(NAMES), st.sampled_from(FIELDS), st.sampled_from(TYPES)
access = st.sampled_from(ACCESSES)
typed = st.builds(lambda one, of: f"{one}:{of}", field, kind)
CHANGES = st.one_of(
    st.tuples(st.just("add resource"), name, st.lists(typed, min_size=1, max_size=4), access),
    st.tuples(st.just("add field"), name, typed),
    st.tuples(st.just("change field"), name, typed),
    st.tuples(st.just("change access"), name, access),
    st.tuples(st.just("rename field"), name, field, field),
    st.tuples(st.just("rename resource"), name, name),
    st.tuples(st.just("remove field"), name, field),
    st.tuples(st.just("remove resource"), name),
)
# So that most of the changes are about something that is there.
BEGIN = (
    ("add resource", "author", ["title:str:50"], "shared"),
    ("add resource", "book", ["title", "parent:ref:author:optional"], "owner"),
)
MAKE: dict[str, Callable[..., object]] = {
    "add resource": lambda project, one, fields, of: add_resource.propose(
        project, Request(one, fields, access=of, migration=False)
    ),
    "add field": lambda project, one, text: add_field.propose(
        project, one, [text], migration=False
    ),
    "change field": lambda project, one, text: change_field.propose(
        project, one, [text], migration=False
    ),
    "change access": lambda *given: change_access.propose(*given, migration=False),
    "rename field": lambda *given: rename_field.propose(*given, migration=False),
    "rename resource": lambda *given: rename_resource.propose(*given, migration=False),
    "remove field": lambda project, one, old: remove_field.propose(
        project, one, [old], migration=False
    ),
    "remove resource": lambda *given: remove_resource.propose(*given, migration=False),
}


def opened(root: Path) -> Project:
    return Project(root, recipe.load(root), of_project.load(root))


def write(root: Path, proposal: object) -> None:
    plan = getattr(proposal, "plan")  # noqa: B009 - commands propose objects of several classes
    assert plan.manual == ()
    assert plan.conflicts == ()
    changes.write(root, plan)


def state(root: Path) -> dict[str, object]:
    """Return the source, the tests and the recipe, as far as the order of changes is not in it."""
    found: dict[str, object] = {}
    for folder in ("src", "tests", ".fastgen"):
        for file in sorted((root / folder).rglob("*")):
            path = file.relative_to(root).as_posix()
            if not file.is_file() or ALONE.fullmatch(path):
                continue
            text = file.read_text("utf-8")
            found[path] = sorted(_lines(text)) if WIRED.fullmatch(path) else text
    return found


def _lines(text: str) -> Iterator[str]:
    """Yield the lines without what ends the last one of a list."""
    return (line.rstrip(",") for line in text.splitlines() if line)


def _known(root: Path) -> list[Resource]:
    project = opened(root)
    names = resources.listed(root)
    return [resources.must_load(root, one, project.database).resource for one in names]


@given(st.lists(CHANGES, min_size=MOST, max_size=MOST))
@settings(
    max_examples=int(os.environ.get("FASTGEN_SEQUENCES", "5")),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_changes_one_by_one_are_one_apply_of_the_end(
    fresh_project: Path, sequence: list[tuple[Any, ...]]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        one, other = Path(folder, "one"), Path(folder, "other")
        for root in (one, other):
            shutil.copytree(fresh_project, root, symlinks=True)
        done = []
        for command, *given_ in (*BEGIN, *sequence):
            try:
                proposal = MAKE[command](opened(one), *given_)
            except Bug:
                raise
            except FastgenError:
                continue
            done.append((command, *given_))
            write(one, proposal)
        text = export.text(opened(one)).encode()
        write(other, apply.propose(opened(other), Source("resources.yml", text), migration=False))
        told = [[show(field) for field in resource.fields] for resource in _known(one)]
        assert state(one) == state(other), (done, told)
