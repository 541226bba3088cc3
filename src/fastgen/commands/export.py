"""`fastgen export`, without a terminal: write all resources to one file."""

import os
import shlex
import tempfile
from pathlib import Path

from fastgen.domain import exporting, reading
from fastgen.domain.mistakes import Mistakes
from fastgen.errors import CannotWrite, Refused
from fastgen.project import account, resources
from fastgen.project.project import Project
from fastgen.system import safe_files


def text(project: Project) -> str:
    """Return the file; raises `Refused` for an entry that cannot be read."""
    names = resources.listed(project.root)
    found = (resources.must_load(project.root, name, project.database) for name in names)
    accounts = account.entry(project).resource
    return exporting.text(accounts, (entry.resource for entry in found))


def write(file: Path, content: str) -> None:
    """Write `content` to `file`, completely or not at all.

    Raises `Refused` when it has comments or anything other than resources, and `CannotWrite`.
    """
    _refuse_to_lose(file)
    try:
        descriptor, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
        with os.fdopen(descriptor, "w", encoding="utf-8") as out:
            out.write(content)
        mask = os.umask(0)
        os.umask(mask)
        Path(name).chmod(file.stat().st_mode & 0o777 if file.exists() else 0o666 & ~mask)
        Path(name).replace(file)
    except OSError as error:
        raise CannotWrite(f"{file} cannot be written: {error.strerror}") from error


def _refuse_to_lose(file: Path) -> None:
    shown = shlex.quote(str(file))
    aside = f"mv {shown} {shlex.quote(f'{file}.old')}"
    try:
        content = safe_files.read_regular(file, safe_files.LARGE)
        commented = exporting.has_comments(content)
    except FileNotFoundError:
        return
    except OSError as error:
        raise CannotWrite(f"{file} cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise Refused(f"{file} would be overwritten, and cannot be read: {error}", aside) from error
    if commented:
        raise Refused(f"{file} has comments, which would be lost", aside)
    mistakes = Mistakes(str(file))
    reading.read(content, mistakes)
    if content and mistakes.found:
        raise Refused(f"{file} would be overwritten, and is not a file of resources", aside)
