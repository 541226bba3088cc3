"""Branches that each changed the domain, merged by git and put right by `fastgen check --fix`."""

import pytest

from generated import variants
from generated.projects import Project, Workshop
from living import VERSIONS, Living

pytestmark = pytest.mark.slow


def test_merged_branches_pass_the_checks_of_the_project(workshop: Workshop) -> None:
    project = workshop.project("merged", variants.default() | {"database": "sqlite"})
    shop = Living(project.user, project.path)
    shop.must("add", "resource", "item", "name:str:100", "price:decimal:10,2")
    shop.commit()
    for tags in ((), ("v1", "v2")):
        shop.git("checkout", "-q", "-b", "other")
        shop.must("add", "resource", "tag", "name:str:40:unique")
        shop.must("add", "field", "tag", "note:text:optional")
        shop.commit()
        shop.git("checkout", "-q", "-")
        shop.must("change", "field", "item", "price:decimal:10,3")
        shop.must("add", "field", "item", "stock:int:default=0")
        shop.commit()
        before = shop.git("rev-parse", "HEAD~").strip()
        for tag, branch in zip(tags, ("HEAD", "other"), strict=False):
            shop.git("tag", tag, branch)
        shop.git("merge", "-q", "--no-edit", "other")
        shop.must("check", "--fix")
        merges = list((shop.root / VERSIONS).glob("*_merge_branches.py"))
        # What was released keeps its place.
        assert len(merges) == bool(tags)
        check(project)
        shop.git("reset", "-q", "--hard", before)
        shop.git("clean", "-qfd", "src")
        shop.git("branch", "-q", "-D", "other")


def check(project: Project) -> None:
    project.uv_run("ruff", "check", ".").must_succeed()
    project.uv_run("ruff", "format", "--check", ".").must_succeed()
    project.uv_run("pytest", "-q", "tests/test_migrations.py").must_succeed()
