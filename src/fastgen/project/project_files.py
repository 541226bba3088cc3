"""The files that came with the project: recorded by `new`, and rendered again as a base."""

import os
from collections.abc import Collection, Mapping
from pathlib import Path

from fastgen.project import account, recipe, records, worlds
from fastgen.project.project import Project
from fastgen.project.records import PROJECT, Record, Records
from fastgen.rendering import formatting
from fastgen.slices import render
from fastgen.slices.digests import blob, digest
from fastgen.slices.finish import Finished, finish
from fastgen.slices.resource import Resource
from fastgen.template.location import template_root

PYTHON = ".py"


def digests(folder: Path) -> dict[str, str]:
    """Return the digest of each file in `folder`, where a project was just rendered.

    The recipe has none. Raises `OSError`.
    """
    found = (
        (Path(parent) / name).relative_to(folder).as_posix()
        for parent, _, names in os.walk(folder)
        for name in names
    )
    return {path: digest((folder / path).read_bytes()) for path in found if path != recipe.FILE}


def record(folder: Path, renders: Mapping[str, str], kept: Collection[str]) -> None:
    """Write the records of the new project `folder`, whose files are formatted now.

    `renders` are their digests from before. Files among the entries `kept` in the target will not
    be moved there, and have no record. Raises `OSError`.
    """
    own = {name.casefold() for name in kept}
    files = {
        path: Record(blob((folder / path).read_bytes()), render)
        for path, render in renders.items()
        if path.split("/")[0].casefold() not in own
    }
    file = folder / records.path_of(PROJECT)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(Records(files).text())


def rendered(project: Project, paths: Collection[str]) -> Finished:
    """Return those of the files at `paths` that the template makes now of the recipe of `project`.

    Raises `FastgenError` for settings of ruff that it does not accept.
    """
    import jinja2  # noqa: PLC0415
    import yaml  # noqa: PLC0415

    from fastgen.rendering import narrow  # noqa: PLC0415

    accounts = account.entry(project).resource
    added = set(render.paths(accounts)) & set(paths) if accounts.fields else set()
    try:
        now = narrow.render(template_root(), project.recipe.answers, set(paths) - added)
        texts = _of_accounts(project, accounts) if added else {}
    except (OSError, ValueError, jinja2.TemplateError, yaml.YAMLError):
        # The recipe is of another template.
        return Finished({}, {}, "")
    sources = {path: now[path].decode() for path in now if path.endswith(PYTHON)}
    style = (formatting.SORT, formatting.FORMAT)
    files = now | (formatting.formatted(sources, project.root, style) if sources else {})
    renders = {path: digest(content) for path, content in now.items()}
    [theirs] = finish(project.root, [texts]) if texts else [Finished({}, {}, "")]
    return Finished({**files, **theirs.files}, {**renders, **theirs.renders}, "")


def _of_accounts(project: Project, accounts: Resource) -> dict[str, str]:
    """Return the unformatted files that have the added fields of `accounts`."""
    renderer = render.Renderer(project.root, project.recipe.answers)
    return renderer.files(accounts, worlds.world(project, accounts))
