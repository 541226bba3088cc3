"""The Jinja environments of slices: a sandbox where others may have written templates.

The templates of fastgen render the same without it, in less time.
"""

import os
import shlex
from pathlib import Path, PurePosixPath
from typing import Any

from jinja2 import (
    BaseLoader,
    Environment,
    FileSystemLoader,
    StrictUndefined,
    TemplateNotFound,
)
from jinja2.loaders import split_template_path
from jinja2.sandbox import SandboxedEnvironment

from fastgen.errors import Refused
from fastgen.slices.compiled import cache
from fastgen.slices.literals import literal
from fastgen.system import safe_files


class Loader(BaseLoader):
    """Loads templates from `own`, a folder of the project, then from `ours`."""

    def __init__(self, own: Path, shown: str, ours: Path) -> None:
        """Keep the folders, and how messages show that of the project."""
        self.own, self.shown, self.ours = own, shown, ours

    def get_source(self, environment: Any, template: str) -> Any:  # noqa: ARG002 - Jinja's name
        """Return the text of `template` and its file; raises `Refused` for a link."""
        pieces = split_template_path(template)
        file = self.own.joinpath(*pieces)
        if os.path.lexists(file):
            return self._read_own(file, template), str(file), None
        file = self.ours.joinpath(*pieces)
        try:
            return file.read_text(encoding="utf-8"), str(file), None
        except OSError as error:
            raise TemplateNotFound(template) from error

    def _read_own(self, file: Path, template: str) -> str:
        try:
            if Path(os.path.realpath(file)) != file:
                raise ValueError("it is a link or behind one")  # noqa: TRY301
            return safe_files.read_regular(file, safe_files.SMALL).decode()
        except (OSError, ValueError) as error:
            path = f"{self.shown}/{template}"
            raise Refused(f"{path} cannot be used: {error}", aside(self._culprit(path))) from error

    def _culprit(self, path: str) -> str:
        """Return the link in the path of the template `path`, else the template."""
        root = Path(str(self.own).removesuffix(self.shown))
        above = [one.as_posix() for one in PurePosixPath(path).parents]
        return next((one for one in reversed(above) if (root / one).is_symlink()), path)


def aside(path: str) -> str:
    """Return the command that moves `path` out of the way without losing anything."""
    return shlex.join(["mv", path, f"{path}.broken"])


def sandboxed(loader: Loader) -> Environment:
    """Return the environment that renders the templates of `loader`."""
    return _environment(SandboxedEnvironment, loader)


def plain(ours: Path) -> Environment:
    """Return the environment that renders the templates in our folder `ours`."""
    return _environment(Environment, FileSystemLoader(ours))


def _environment(kind: type[Environment], loader: BaseLoader) -> Environment:
    environment = kind(
        loader=loader,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        bytecode_cache=cache(kind.__name__),
    )
    environment.filters["literal"] = literal
    return environment
