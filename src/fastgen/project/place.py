"""Where the project is, and what it says about itself."""

import os
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import cast

from fastgen import recipe
from fastgen.changes import lock, recovery
from fastgen.errors import CannotWrite, Refused
from fastgen.recipe import Recipe
from fastgen.slices.resource import ACCESSES, Access, Database

SETTINGS = {"access": str, "migration": bool}


@dataclass(frozen=True, slots=True)
class Settings:
    """What `[tool.fastgen]` of the project's pyproject.toml sets for flags that are not given."""

    access: Access = "owner"
    migration: bool = True


@dataclass(frozen=True, slots=True)
class Project:
    """A generated project: nothing of it is read again while a command works."""

    root: Path
    recipe: Recipe
    settings: Settings
    # What was made good when it was opened.
    notes: tuple[str, ...] = field(default=())

    @property
    def database(self) -> Database:
        """The database it is built on."""
        return cast("Database", self.recipe.answers.get("database", "sqlite"))

    @property
    def name(self) -> str:
        """What it is called."""
        return str(self.recipe.answers.get("project_name", self.root.name))

    def read(self, path: str) -> bytes | None:
        """Return what the file `path` holds, nothing when there is none; raises `Refused`."""
        try:
            return (self.root / path).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise Refused(f"{path} cannot be read: {error.strerror}") from error


@contextmanager
def opened() -> Iterator[Project]:
    """Find the project that we stand in, and keep other runs out of it in this block.

    What a killed run left half done is undone first. Raises `Refused` when there is no
    project, or its recipe or settings cannot be read, or another run has it.
    """
    root = _root()
    with lock.held(root):
        notes = recovery.recover(root)
        yield Project(root, recipe.load(root), _settings(root), tuple(notes))


def _root() -> Path:
    try:
        here = Path(os.getcwd())  # noqa: PTH109 - as the shell says it, links kept
    except FileNotFoundError:
        raise CannotWrite("the current folder is not there any more", "cd ~") from None
    for folder in (here, *here.parents):
        if (folder / recipe.FILE).is_file() and _is_ours(folder):
            return folder.resolve()
    raise Refused(
        f"{here} is not in a fastgen project: no {recipe.FILE} of fastgen there or above",
        "cd to a project, or make one: fastgen new myapi",
    )


def _is_ours(folder: Path) -> bool:
    text = (folder / recipe.FILE).read_text(encoding="utf-8", errors="replace")
    return recipe.SOURCE in text


def _settings(root: Path) -> Settings:
    file = root / "pyproject.toml"
    try:
        found = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise Refused(f"{file} cannot be read: {error}") from error
    section = found.get("tool", {}).get("fastgen", {})
    for name, value in section.items():
        _check_setting(file, name, value)
    return Settings(**section)


def _check_setting(file: Path, name: str, value: object) -> None:
    where = f"[tool.fastgen] of {file}"
    if name not in SETTINGS:
        near = get_close_matches(name, SETTINGS, 1)
        meant = f"; did you mean {near[0]}?" if near else ""
        raise Refused(f"{where} has no setting {name!r}: it takes {', '.join(SETTINGS)}{meant}")
    if not isinstance(value, SETTINGS[name]):
        raise Refused(f"{where}: {name} takes a {SETTINGS[name].__name__}, not {value!r}")
    if name == "access" and value not in ACCESSES:
        raise Refused(f"{where}: access is {', '.join(ACCESSES)}, not {value!r}")


