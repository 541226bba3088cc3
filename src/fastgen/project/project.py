"""Finds the project, and reads its recipe and settings."""

import re
import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import fastgen
from fastgen import databases
from fastgen.changes import lock, recovery
from fastgen.databases import Database
from fastgen.errors import CannotWrite, FastgenError, Refused
from fastgen.messages import printable, value
from fastgen.names import layout
from fastgen.project import history, located, recipe, settings, template_version
from fastgen.project.places import Places
from fastgen.project.recipe import Recipe
from fastgen.project.settings import Settings
from fastgen.system import owners, safe_files
from fastgen.template.location import template_root

# The owner of these decides which code is run.
TRUSTED = (".", recipe.FILE, layout.KEPT, layout.ALL_TEMPLATES, layout.TEMPLATES)
NUMBER = re.compile(r"([0-9]{1,9})\.([0-9]{1,9})(?:\.([0-9]{1,9}))?")


@dataclass(frozen=True, slots=True)
class Project:
    """A generated project that a command works on."""

    root: Path
    recipe: Recipe
    settings: Settings
    # Messages about what was repaired when it was opened, or has to be repaired.
    notes: tuple[str, ...] = field(default=())
    # Messages about what a killed run left, for commands that do not write.
    left: tuple[str, ...] = field(default=())
    # The paths of slice files that people moved.
    places: Places = field(default_factory=Places)

    @property
    def database(self) -> Database:
        """The project's database."""
        return databases.BY_NAME[str(self.recipe.answers["database"])]

    @property
    def name(self) -> str:
        """The project's name."""
        return str(self.recipe.answers.get("project_name", self.root.name))

    def migrates(self, wanted: bool | None) -> bool:
        """Whether to write a migration: `wanted` if given, else as the settings say."""
        return self.settings.migration if wanted is None else wanted

    def read(self, path: str, limit: int = safe_files.LARGE) -> bytes | None:
        """Return the content of the file `path`, None if it is missing; raises `Refused`.

        A file that people moved is found by its usual path, and has the usual names of modules.
        """
        content = self.raw(self.places.file(path), limit)
        if content is None or not path.endswith(".py"):
            return content
        return self.places.read(content)

    def raw(self, path: str, limit: int = safe_files.LARGE) -> bytes | None:
        """Return the content of the file `path` as it is, None if missing; raises `Refused`."""
        try:
            return safe_files.read_own(self.root, path, limit)
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise Refused(f"{path} cannot be read: {error.strerror}") from error
        except ValueError as error:
            raise Refused(f"{path} cannot be read: {error}") from error


@contextmanager
def opened(*, writes: bool, renders: bool = False) -> Iterator[Project]:
    """Find the project around the current folder, and lock it for the duration of the block.

    If the command `writes`, it first undoes what a killed run left half done; otherwise the
    project's notes say what that is. If it `renders` slices, even for a dry run, the project
    must have been generated from the template of this fastgen.

    Raises `Refused` when there is no project, when it belongs to another user, when its recipe
    or settings cannot be read or are not for this fastgen, or when another run holds the lock.
    """
    root = find()
    with lock.held(root):
        left = () if writes else recovery.look(root)
        notes = (
            tuple(recovery.recover(root))
            if writes
            else tuple(f"{text}; this repairs it: {recovery.UNDO}" for text in left)
        )
        notes += recovery.strays(root)
        try:
            found = _recipe(root)
            _check_recipe(root, found)
            if renders:
                template_version.refuse(root, found.version)
            yield Project(root, found, settings.load(root), notes, left, located.find(root))
        except FastgenError as error:
            for note in notes:
                error.add_note(note)
            raise


def refuse_newer(version: str, path: str) -> None:
    """Raise `Refused` when a newer fastgen, `version`, wrote the file `path`."""
    theirs, ours = _number(version), _number(fastgen.__version__)
    if theirs is not None and ours is not None and theirs > ours:
        raise Refused(
            f"{path} was written by fastgen {printable(version)}, "
            f"and this is {fastgen.__version__}",
            template_version.upgrading(template_root()),
        )


def _number(version: str) -> tuple[int, ...] | None:
    found = NUMBER.match(version)
    return tuple(int(part or 0) for part in found.groups()) if found else None


def find() -> Path:
    """Return the root of the project around the current folder; raises `Refused` without one."""
    try:
        here = Path.cwd()
    except FileNotFoundError:
        raise CannotWrite("the current folder no longer exists", "cd ~") from None
    for folder in (here, *here.parents):
        if _is_ours(folder):
            owners.refuse_others(folder, [folder / path for path in TRUSTED])
            return folder
    below = next((one for one in sorted(here.iterdir()) if _is_ours(one)), None)
    raise Refused(
        f"{here} is not in a fastgen project: no {recipe.FILE} of fastgen there or above",
        f"cd {shlex.quote(below.name)}" if below else "fastgen new myapi && cd myapi",
    )


def _is_ours(folder: Path) -> bool:
    """Whether `folder` has a recipe that names fastgen, even if it cannot be parsed."""
    file = folder / recipe.FILE
    try:
        text = safe_files.read_regular(file, safe_files.SMALL).decode(errors="replace")
    except (FileNotFoundError, NotADirectoryError, safe_files.NotRegular):
        return False
    except OSError as error:
        raise Refused(f"{file} cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise Refused(f"{file} cannot be read: {error}") from error
    return re.search(rf"^_src_path:.*\b{recipe.SOURCE}\b", text, re.MULTILINE) is not None


def _check_recipe(root: Path, found: Recipe) -> None:
    refuse_newer(found.version, recipe.FILE)
    database = found.answers.get("database")
    if database not in databases.BY_NAME:
        known = " or ".join(databases.BY_NAME)
        raise Refused(
            f"{root / recipe.FILE}: database is {known}, not {value(database)}",
            _restoring(root),
        )


def _recipe(root: Path) -> Recipe:
    try:
        return recipe.load(root)
    except Refused as error:
        raise Refused(error.message, error.hint or _restoring(root)) from error


def _restoring(root: Path) -> str | None:
    names = [f"database: {name}\n".encode() for name in databases.BY_NAME]
    return history.restoring(
        root,
        recipe.FILE,
        lambda content: any(name in content for name in names) and b"<<<<" not in content,
    )
