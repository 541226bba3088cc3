"""Renders the templates of a slice."""

import ast
import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fastgen.errors import Bug, Refused
from fastgen.fields.model import Field
from fastgen.slices import context, migration
from fastgen.slices.literals import literal
from fastgen.slices.migration import Kind, Rendered
from fastgen.slices.resource import Resource, World
from fastgen.template import template_root

if TYPE_CHECKING:
    from jinja2 import Environment

FOLDER = "template/resource"
# Where a project keeps templates of its own.
OVERRIDES = ".fastgen/templates/resource"
SUFFIX = ".jinja"
VERSIONS = "src/app/migrations/versions"


def paths(resource: Resource) -> dict[str, str]:
    """Return the template of each file of the slice of `resource`, by the file's path."""
    names = resource.names
    return {
        f"src/app/models/{names.singular}.py": "model.py",
        f"src/app/schemas/{names.singular}.py": "schema.py",
        f"src/app/services/{names.singular}.py": "service.py",
        f"src/app/api/v1/endpoints/{names.plural}.py": "endpoints.py",
        f"tests/test_{names.plural}.py": "tests.py",
    }


class Renderer:
    """The templates as a project has them: its own where there are any, else fastgen's."""

    def __init__(self, root: Path) -> None:
        """Read the templates for the project at `root`."""
        self._own = root / OVERRIDES
        self._environment = _environment([self._own, template_root() / FOLDER])

    def files(self, resource: Resource, world: World) -> dict[str, str]:
        """Return the files of the slice of `resource`, not formatted, by path.

        Raises `Refused` when a template of the project is broken, `NoSample`, and `Bug`.
        """
        given = context.build(resource, world)
        return {path: self._render(name, given) for path, name in paths(resource).items()}

    def migration(
        self,
        kind: Kind,
        resource: Resource,
        world: World,
        head: str | None,
        added: tuple[Field, ...] = (),
    ) -> Rendered:
        """Return a migration of the table of `resource` that follows `head`, not formatted."""
        given = migration.context(kind, resource, world, head, added)
        path = f"{VERSIONS}/{given['file']}"
        return Rendered(path, given["revision"], self._render(f"{kind}_migration.py", given))

    def _render(self, name: str, given: Mapping[str, Any]) -> str:
        own = (self._own / (name + SUFFIX)).exists()
        try:
            text = self._environment.get_template(name + SUFFIX).render(given)
            if own:
                ast.parse(text)
        except Exception as error:  # a template may raise anything
            path = self._broken(error, name)
            message = f"{type(error).__name__}: {error}"
            if path is None:
                raise Bug(f"{name}{SUFFIX} cannot be rendered: {message}") from error
            shown = f"{OVERRIDES}/{path}"
            raise Refused(
                f"{shown} cannot be used: {message}", f"mv {shown} {shown}.broken"
            ) from error
        return text

    def _broken(self, error: Exception, name: str) -> str | None:
        """Return in which of the project's own templates `error` came up, if in one."""
        # Jinja shows templates as frames, but for what it cannot even parse.
        frames = [frame.filename for frame in traceback.extract_tb(error.__traceback__)]
        files = [*frames, str(getattr(error, "filename", ""))]
        own = [Path(file).name for file in files if Path(file).parent == self._own]
        # What comes out of it is no Python, or a part of it lacks a macro.
        parts = (file.name for file in self._own.glob(f"*{SUFFIX}") if ".py" not in file.name)
        whole = [name + SUFFIX] if (self._own / (name + SUFFIX)).exists() else []
        return next(iter([*own[-1:], *whole, *parts]), None)


def _environment(folders: list[Path]) -> "Environment":
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # noqa: PLC0415

    from fastgen.slices.compiled import cache  # noqa: PLC0415

    environment = Environment(  # noqa: S701 - what comes out is Python, not HTML
        loader=FileSystemLoader(folders),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        bytecode_cache=cache(),
    )
    environment.filters["literal"] = literal
    return environment
