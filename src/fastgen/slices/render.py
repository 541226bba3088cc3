"""Renders the templates of a slice."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fastgen.errors import Bug, Refused
from fastgen.fields.model import Field
from fastgen.slices import context, migration
from fastgen.slices.resource import Resource, World
from fastgen.slices.literals import literal
from fastgen.slices.migration import Kind, Rendered
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
        from jinja2 import TemplateError  # noqa: PLC0415

        try:
            return self._environment.get_template(name + SUFFIX).render(given)
        except (TemplateError, TypeError, ValueError) as error:
            message = f"{name}{SUFFIX} cannot be rendered: {type(error).__name__}: {error}"
            if (self._own / (name + SUFFIX)).exists():
                raise Refused(f"{self._own}/{message}", f"rm {self._own}/{name}{SUFFIX}") from error
            raise Bug(message) from error


def _environment(folders: list[Path]) -> "Environment":
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # noqa: PLC0415

    environment = Environment(  # noqa: S701 - what comes out is Python, not HTML
        loader=FileSystemLoader(folders),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["literal"] = literal
    return environment
