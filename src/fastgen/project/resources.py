"""The resources in a project's recipe: one readable file each, so that branches merge."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import fastgen
from fastgen.errors import FastgenError, Refused
from fastgen.fields.parse import parse
from fastgen.fields.show import show
from fastgen.names import Names, resolve
from fastgen.slices.resource import ACCESSES, Database, Resource

FOLDER = ".fastgen/resources"
SUFFIX = ".yml"
HEADER = "# A resource of this project, kept by fastgen: `fastgen add field` and the like change it.\n"


@dataclass(frozen=True, slots=True)
class Entry:
    """A resource as it was last made."""

    resource: Resource
    # What each file held, and all of them before they were formatted: short digests.
    files: Mapping[str, str]
    render: str
    revisions: tuple[str, ...] = ()
    version: str = fastgen.__version__

    @property
    def path(self) -> str:
        """The file of this entry."""
        return path_of(self.resource.names.singular)

    def text(self) -> bytes:
        """Return what the file holds."""
        import yaml  # noqa: PLC0415

        names = self.resource.names
        data = {
            "fastgen": self.version,
            "name": names.singular,
            "plural": names.plural,
            "class": names.cls,
            "table": names.table,
            "access": self.resource.access,
            "fields": [show(field) for field in self.resource.fields],
            "revisions": list(self.revisions),
            "render": self.render,
            "files": dict(self.files),
        }
        text = yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=1000)
        return (HEADER + text).encode()


def path_of(name: str) -> str:
    """Return the path of the entry of the resource called `name`."""
    return f"{FOLDER}/{name}{SUFFIX}"


def listed(root: Path) -> list[str]:
    """Return the names of all resources of the project at `root`."""
    try:
        found = os.listdir(root / FOLDER)
    except (FileNotFoundError, NotADirectoryError):
        return []
    return sorted(name.removesuffix(SUFFIX) for name in found if name.endswith(SUFFIX))


def load(root: Path, name: str, database: Database) -> Entry | None:
    """Read the entry of the resource `name`, nothing when there is none; raises `Refused`."""
    import yaml  # noqa: PLC0415

    file = root / path_of(name)
    try:
        data = yaml.load(file.read_bytes(), getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506
        return _entry(data, database)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, yaml.YAMLError, FastgenError) as error:
        reason = f"{type(error).__name__}: {error}"
        raise Refused(
            f"{path_of(name)} cannot be read: {reason}", f"git log -p -- {path_of(name)}"
        ) from error


def must_load(root: Path, name: str, database: Database) -> Entry:
    """Read the entry of the resource that a person called `name`; raises `Refused`."""
    known = listed(root)
    wanted = resolve(name).singular
    entry = load(root, wanted, database) if wanted in known else None
    if entry is None:
        near = get_close_matches(wanted, known, 1)
        there = f"there are {', '.join(known)}" if known else "there are none yet"
        meant = f"; did you mean {near[0]}?" if near else ""
        raise Refused(f"there is no resource {wanted!r}: {there}{meant}", "fastgen info")
    return entry


def load_all(root: Path, database: Database) -> Iterator[Entry]:
    """Read the entries of all resources, by name; raises `Refused`."""
    for name in listed(root):
        entry = load(root, name, database)
        if entry is not None:
            yield entry


def _entry(data: Any, database: Database) -> Entry:
    own = Names(str(data["name"]), str(data["plural"]))
    if data["access"] not in ACCESSES:
        raise ValueError(f"access is {', '.join(ACCESSES)}")
    fields = parse([str(text) for text in data["fields"]], database=database)
    return Entry(
        resource=Resource(own, data["access"], fields),
        files={str(path): str(known) for path, known in data["files"].items()},
        render=str(data["render"]),
        revisions=tuple(str(revision) for revision in data["revisions"]),
        version=str(data["fastgen"]),
    )
