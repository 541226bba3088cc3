"""`fastgen info`, without a terminal: what a project is and what it has."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from fastgen.errors import FastgenError
from fastgen.project import resources, template_version
from fastgen.project.place import Project
from fastgen.recipe import Answer
from fastgen.slices.resource import Resource

NAME = "project_name"


@dataclass(frozen=True, slots=True)
class Info:
    """A project as its recipe says it."""

    name: str
    root: Path
    template: str
    # Why this fastgen does not change the project, if it does not.
    refused: FastgenError | None
    options: Mapping[str, Answer]
    resources: tuple[Resource, ...]
    # Why entries of the recipe are not among the resources.
    broken: tuple[FastgenError, ...]


def gather(project: Project) -> Info:
    """Read all that `project` says of itself; an entry that cannot be read hides no other."""
    found: list[Resource] = []
    broken: list[FastgenError] = []
    for name in resources.listed(project.root):
        try:
            entry = resources.load(project.root, name, project.database)
        except FastgenError as error:
            broken += error.parts
        else:
            found += [entry.resource] if entry else []
    answers = project.recipe.answers
    options = {name: value for name, value in answers.items() if name != NAME}
    version = project.recipe.version
    return Info(
        project.name,
        project.root,
        version,
        template_version.difference(project.root, version),
        options,
        tuple(found),
        tuple(broken),
    )
