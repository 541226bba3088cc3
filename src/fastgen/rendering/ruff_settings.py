"""Refuses ruff settings that extend files outside of a project: errors would quote these files."""

import os
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from fastgen.errors import Refused
from fastgen.system import git, parsing, safe_files

FILE = "pyproject.toml"
# In ruff's order of precedence.
FILES = (".ruff.toml", "ruff.toml", FILE)
LONGEST_CHAIN = 10


def check(project: Path) -> None:
    """Raise `Refused` when the settings of `project` extend a file outside of its repository."""
    root = Path(os.path.realpath(project))
    if not git.has_repository(root):
        root = git.enclosing_repository(root) or root
    settings = file_of(project)
    if not os.path.lexists(settings):
        return
    for number, (setting, file) in enumerate(_extended(settings)):
        if number == LONGEST_CHAIN:
            told = f"{settings.name}: ruff's extend chain has more than {number} files"
            raise Refused(told, _without_extend(settings))
        # Ruff expands a tilde and environment variables.
        if {"~", "$"} & set(setting) or not file.is_relative_to(root):
            told = f"{settings.name}: ruff's extend setting leads to {setting}, outside of {root}"
            raise Refused(told, _without_extend(settings))


def file_of(project: Path) -> Path:
    """Return the first file from which ruff would read the settings of `project`."""
    own = (project / name for name in FILES)
    return next((file for file in own if file.is_file()), project / FILE)


def _without_extend(file: Path) -> str:
    """Return the command that removes `extend` from the settings in `file`."""
    return f"sed -i.bak '/^extend *=/d' {shlex.quote(file.name)}"


def _extended(settings: Path) -> Iterator[tuple[str, Path]]:
    """Yield each value of `extend` and the file it names, following the chain."""
    file = settings
    while True:
        try:
            setting = _extend(file)
        except (OSError, ValueError) as error:
            raise Refused(f"{file} cannot be read: {error}", _without_extend(settings)) from error
        if not isinstance(setting, str):
            return
        file = Path(os.path.realpath(file.parent / setting))
        yield setting, file


def _extend(file: Path) -> Any:
    content = safe_files.read_regular(file, safe_files.LARGE)
    found: Any = parsing.toml_of(content) if b"extend" in content else {}
    for name in ("tool", "ruff") if file.name == FILE else ():
        found = found.get(name)
        if not isinstance(found, dict):
            return None
    return found.get("extend")
