"""Each recipe of the generated AGENTS.md alone: the project passes its checks with it."""

import pytest

from generated import guide, variants
from generated.projects import Workshop
from generated.shop import fastgen

# By day tests/e2e has all recipes in one project, and runs what they add.
pytestmark = [pytest.mark.slow, pytest.mark.nightly]


def test_each_recipe_stands_alone(workshop: Workshop) -> None:
    project = workshop.project("recipes", variants.default())
    for command in guide.commands(project):
        fastgen(project, *command.split())
    project.run("git", "add", "--all").must_succeed()
    project.run("git", "commit", "-qm", "Add resources").must_succeed()
    project.uv_run("alembic", "upgrade", "head").must_succeed()

    recipes = guide.recipes(project)
    assert len(recipes) > 8
    for recipe in recipes.values():
        guide.follow(project, recipe)
        guide.check(project)
        assert project.run("git", "status", "--porcelain").must_succeed() != "", recipe.title
        project.run("git", "checkout", "--quiet", ".").must_succeed()
        project.run("git", "clean", "-fdq", "src", "tests").must_succeed()
