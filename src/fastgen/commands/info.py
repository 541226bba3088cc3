"""`fastgen info`, without a terminal: the options and resources of a project."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from fastgen.errors import FastgenError
from fastgen.project import account, resources, template_version
from fastgen.project.project import Project
from fastgen.project.recipe import Answer
from fastgen.slices.resource import Resource

NAME = "project_name"


@dataclass(frozen=True, slots=True)
class Info:
    """A project as its recipe describes it."""

    name: str
    root: Path
    template: str
    # Why this fastgen cannot change the project, if it cannot.
    refused: FastgenError | None
    options: Mapping[str, Answer]
    # Its fields are those that were added.
    account: Resource
    resources: tuple[Resource, ...]
    # Why some entries of the recipe are missing from `resources`.
    broken: tuple[FastgenError, ...]


def gather(project: Project) -> Info:
    """Read the recipe of `project`; entries that cannot be read are listed in `broken`."""
    found: list[Resource] = []
    broken: list[FastgenError] = []
    for name in resources.listed(project.root):
        try:
            entry = resources.load(project.root, name, project.database)
        except FastgenError as error:
            broken += error.parts
        else:
            found += [entry.resource] if entry else []
    accounts = account.UNCHANGED
    try:
        accounts = account.entry(project)
    except FastgenError as error:
        broken += error.parts
    answers = project.recipe.answers
    options = {name: value for name, value in answers.items() if name != NAME}
    version = project.recipe.version
    return Info(
        project.name,
        project.root,
        version,
        template_version.difference(project.root, version),
        options,
        accounts.resource,
        tuple(found),
        tuple(broken),
    )


def edited(project: Project) -> list[str]:
    """Return the paths of the generated files of `project` that people edited."""
    # Imported late, as it renders.
    from fastgen.project import edited_files  # noqa: PLC0415

    return edited_files.edited(project)
