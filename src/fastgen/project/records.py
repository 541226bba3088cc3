"""What fastgen last wrote into each generated file.

Files that are generated together share one file of records: a resource, a module of a type, the
project.
"""

import os
import re
import shlex
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fastgen.changes.paths import is_relative
from fastgen.errors import Refused
from fastgen.names import layout
from fastgen.project import history
from fastgen.slices.digests import blob, digest
from fastgen.system import parsing, safe_files

if TYPE_CHECKING:
    # Completion reads entries, and should not wait for the import of rendering code.
    from fastgen.slices.finish import Finished

BLOB = re.compile("[0-9a-f]{40}")
SUFFIX = ".yml"
HEADER = """\
# What fastgen last wrote into these files: git's ids, and digests from before they were formatted.
# Where branches conflict here, take either side.
"""
# The files of the template, as a unit.
PROJECT = "project"


@dataclass(frozen=True, slots=True)
class Record:
    """The file as it was written, without the wiring of others, and how it was rendered."""

    # Git's id of the file with line feeds as line ends. Older entries have a digest instead.
    written: str
    # The digest of the text before it was formatted; empty in older entries, which have one of all.
    render: str = ""

    def is_of(self, content: bytes) -> bool:
        """Whether `content`, with line feeds as line ends, is what was written."""
        return self.written in {blob(content), digest(content)}

    @property
    def blob(self) -> str | None:
        """Git's id of what was written, None if it is not known."""
        return self.written if self.render else None


@dataclass(frozen=True, slots=True)
class Records:
    """The records of files that were generated together, by path."""

    files: Mapping[str, Record] = field(default_factory=dict)
    # The digest of all files before they were formatted, for records that have none of their own.
    render: str = ""

    def proves(self, path: str, now: "Finished") -> bool:
        """Whether what is rendered `now` for `path` was rendered when the file was written."""
        record = self.files.get(path)
        if record and record.render:
            return record.render == now.renders.get(path)
        return bool(self.render) and self.render == now.render

    def text(self) -> bytes:
        """Return the content of their file."""
        import yaml  # noqa: PLC0415

        needed = any(not record.render for record in self.files.values())
        data = {
            **({"render": self.render} if needed and self.render else {}),
            "files": {
                path: {"blob": one.written, "render": one.render} if one.render else one.written
                for path, one in sorted(self.files.items())
            },
        }
        # Faster than the dumper in Python.
        dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
        text = yaml.dump(data, Dumper=dumper, allow_unicode=True, sort_keys=False, width=1000)
        return (HEADER + text).encode()


def path_of(unit: str) -> str:
    """Return the path of the records of `unit`."""
    return f"{layout.RECORDS}/{unit}{SUFFIX}"


def of_resource(name: str) -> str:
    """Return the unit of the resource `name`."""
    return f"resources/{name}"


def made(finished: "Finished", paths: Collection[str] | None = None) -> dict[str, Record]:
    """Return the records of the files `finished`, or of those of them at `paths`."""
    return {
        path: Record(blob(text), finished.renders[path])
        for path, text in finished.files.items()
        if paths is None or path in paths
    }


def units(root: Path) -> Iterator[str]:
    """Yield all units that the project at `root` has records of."""
    base = root / layout.RECORDS
    for folder, folders, names in os.walk(base):
        folders.sort()
        for name in sorted(names):
            if name.endswith(SUFFIX):
                yield (Path(folder) / name).relative_to(base).as_posix().removesuffix(SUFFIX)


def load(root: Path, unit: str) -> Records:
    """Read the records of `unit` in the project at `root`, empty if there are none.

    Raises `Refused` when they cannot be read.
    """
    path = path_of(unit)
    try:
        return _parsed(safe_files.read_own(root, path, safe_files.LARGE))
    except (FileNotFoundError, NotADirectoryError):
        return Records()
    except (OSError, ValueError) as error:
        aside = shlex.join(["mv", path, f"{path}.broken"])
        hint = history.restoring(root, path, _is_good) or aside
        reason = " ".join(str(error).split())
        raise Refused(f"{path} cannot be read: {reason}", hint) from error


def read(data: Mapping[str, Any]) -> Records:
    """Return the records in `data`; raises `ValueError` when they are not valid."""
    files = data.get("files")
    if not isinstance(files, dict):
        raise ValueError("files is missing or not a mapping")  # noqa: TRY004 - the file's fault
    found = {str(path): _record(str(path), one) for path, one in files.items()}
    render = data.get("render", "")
    needed = any(not record.render for record in found.values())
    if not isinstance(render, str) or (needed and not render):
        raise ValueError("render is missing or not a string")
    return Records(found, render)


def _record(path: str, data: Any) -> Record:
    if not is_relative(path):
        raise ValueError(f"files: {path!r} is not a path in the project")
    if not isinstance(data, dict):
        return Record(str(data))
    written, render = data.get("blob"), data.get("render")
    if not BLOB.fullmatch(str(written)) or not isinstance(render, str):
        raise ValueError(f"files: {path} has no blob or no render")
    return Record(str(written), render)


def _parsed(content: bytes) -> Records:
    data = parsing.yaml_of(content)
    if not isinstance(data, dict):
        raise ValueError("it is not a mapping")  # noqa: TRY004 - the file's fault
    return read(data)


def _is_good(content: bytes) -> bool:
    try:
        _parsed(content)
    except ValueError:
        return False
    return True
