"""Renders the templates of a slice."""

import os
import traceback
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from fastgen.databases import Database
from fastgen.errors import Bug, FastgenError, Refused
from fastgen.names import layout
from fastgen.slices import account, confined, context, environment, own_classes
from fastgen.slices.migration import Rendered, frame
from fastgen.slices.resource import USERS, Resource, World
from fastgen.slices.type_modules import TypeModule
from fastgen.system import parsing
from fastgen.template.location import template_root

FOLDER = "template/resource"
SUFFIX = ".jinja"
NO_ANSWERS: Mapping[str, Any] = {}


def paths(resource: Resource) -> dict[str, str]:
    """Return the files of the slice of `resource` by path, each with its template."""
    names = resource.names
    if names == USERS:
        return account.paths()
    return {
        layout.model(names): "model.py",
        layout.schema(names): "schema.py",
        layout.service(names): "service.py",
        layout.endpoints(names): "endpoints.py",
        layout.tests(names): "tests.py",
    }


class Renderer:
    """Renders the templates of a project: its own, and fastgen's for the others."""

    def __init__(self, root: Path, answers: Mapping[str, Any] = NO_ANSWERS) -> None:
        """Read the templates for the project at `root`, of which the recipe has these `answers`.

        Only the files of accounts need them.
        """
        self._answers = answers
        self._own = root.resolve() / layout.TEMPLATES
        ours = template_root() / FOLDER
        self._is_confined = os.path.lexists(self._own)
        if self._is_confined:
            loader = environment.Loader(self._own, layout.TEMPLATES, ours)
            self._environment = environment.sandboxed(loader)
        else:
            self._environment = environment.plain(ours)

    def files(self, resource: Resource, world: World) -> dict[str, str]:
        """Return the unformatted files of the slice of `resource` by path.

        Raises `Refused` when a template of the project is broken, `InvalidField`, and `Bug`.
        """
        if resource.names == USERS:
            return account.files(resource, world, self._answers)
        given = context.build(*own_classes.without(resource, world))
        words = own_classes.words(resource, world)
        return {
            path: own_classes.applied(self._render(name, given), words)
            for path, name in paths(resource).items()
        }

    def merging(self, revisions: Sequence[str]) -> Rendered:
        """Return an unformatted migration that follows all of `revisions` and does nothing else."""
        given = frame("merge branches", ", ".join(revisions), "merge branches")
        return self.revision("merge_migration.py", {**given, "merged": revisions})

    def revision(self, name: str, given: Mapping[str, Any]) -> Rendered:
        """Return the unformatted migration that the template `name` makes of `given`."""
        path = f"{layout.VERSIONS}/{given['file']}"
        return Rendered(path, given["revision"], self._render(name, given))

    def type_module(self, module: TypeModule, database: Database) -> dict[str, str]:
        """Return the unformatted files of `module` by path."""
        given = {"json": database.json}
        return {path: self._render(name, given) for path, name in module.templates}

    def _render(self, name: str, given: Mapping[str, Any]) -> str:
        if not self._is_confined:
            return self._rendered(name, given)
        try:
            return confined.run(lambda: self._rendered(name, given))
        except ValueError as error:
            raise self._refused(name, error, str(error)) from error

    def _rendered(self, name: str, given: Mapping[str, Any]) -> str:
        try:
            text = self._environment.get_template(name + SUFFIX).render(given)
            if self._is_confined and self._is_own(name):
                confined.check_length(text)
                parsing.python_of(text)
        except FastgenError:
            raise
        except Exception as error:  # a template may raise anything
            raise self._refused(name, error, f"{type(error).__name__}: {error}") from error
        return text

    def _refused(self, name: str, error: Exception, message: str) -> FastgenError:
        path = self._broken(error, name)
        if path is None:
            return Bug(f"{name}{SUFFIX} cannot be rendered: {message}")
        shown = f"{layout.TEMPLATES}/{path}"
        return Refused(f"{shown} cannot be used: {message}", environment.aside(shown))

    def _is_own(self, name: str) -> bool:
        return os.path.lexists(self._own / (name + SUFFIX))

    def _broken(self, error: Exception, name: str) -> str | None:
        """Return the project's own template that caused `error`, if one did."""
        # Jinja shows templates as frames, except those that it cannot parse.
        frames = [frame.filename for frame in traceback.extract_tb(error.__traceback__)]
        files = [*frames, str(getattr(error, "filename", ""))]
        own = [Path(file).name for file in files if Path(file).parent == self._own]
        # Its output is not Python, or a part of it lacks a macro.
        parts = (file.name for file in self._own.glob(f"*{SUFFIX}") if ".py" not in file.name)
        whole = [name + SUFFIX] if self._is_own(name) else []
        return next(iter([*own[-1:], *whole, *parts]), None)
