"""The resources in a project's recipe: one readable file each, so that branches merge."""

import contextlib
import os
import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import fastgen
from fastgen.databases import Database
from fastgen.errors import FastgenError, InvalidName, Refused
from fastgen.fields.model import Field
from fastgen.fields.show import show
from fastgen.messages import meant, nearest, shown
from fastgen.names import layout
from fastgen.names.resource import Names, resolve, singular, snake
from fastgen.project import history, recorded, records
from fastgen.project.project import refuse_newer
from fastgen.project.records import Records
from fastgen.slices.resource import USER, USERS, Resource
from fastgen.slices.rights import Access, Rights
from fastgen.system import parsing, safe_files

SUFFIX = ".yml"
PLURAL = re.compile(r"^plural: (\w+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Entry:
    """A resource in the recipe, as it was last generated."""

    resource: Resource
    revisions: tuple[str, ...] = ()
    version: str = fastgen.__version__
    # The records of its files, which older entries have in them.
    inside: Records = field(default_factory=Records)

    @property
    def path(self) -> str:
        """The path of the entry's file."""
        return path_of(self.resource.names.singular)

    @property
    def unit(self) -> str:
        """The unit of the records of its files; those of accounts came with the project."""
        names = self.resource.names
        return records.PROJECT if names == USERS else records.of_resource(names.singular)

    @property
    def records_path(self) -> str:
        """The path of the records of its files."""
        return records.path_of(self.unit)

    def text(self) -> bytes:
        """Return the content of the entry's file; raises `Refused` if it would be too large."""
        import yaml  # noqa: PLC0415

        data = {
            "fastgen": self.version,
            "format": recorded.FORMAT,
            **recorded.names(self.resource.names),
            **recorded.access(self.resource),
            "fields": [show(field) for field in self.resource.fields],
            **{
                key: [list(names) for names in sets]
                for key, sets in (("unique", self.resource.unique), ("index", self.resource.index))
                if sets
            },
            "revisions": list(self.revisions),
        }
        text = yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=1000)
        content = (recorded.header(self.resource) + text).encode()
        if len(content) > safe_files.SMALL:
            raise Refused(
                f"{self.path} would be larger than {safe_files.SMALL // safe_files.KB} KB: "
                "use shorter defaults and patterns"
            )
        return content


def path_of(name: str) -> str:
    """Return the path of the entry of the resource called `name`; that of accounts is apart."""
    if name == USER:
        return layout.ACCOUNT
    return f"{layout.ENTRIES}/{name}{SUFFIX}"


def is_entry(path: str) -> bool:
    """Whether `path` is that of an entry."""
    return path == layout.ACCOUNT or path.startswith(f"{layout.ENTRIES}/")


def listed(root: Path) -> list[str]:
    """Return the names of all resources of the project at `root`."""
    try:
        found = os.listdir(root / layout.ENTRIES)
    except (FileNotFoundError, NotADirectoryError):
        return []
    return sorted(name.removesuffix(SUFFIX) for name in found if name.endswith(SUFFIX))


def known_as(root: Path, typed: str) -> str | None:
    """Return the resource that `typed` means, in any spelling, singular or plural, None if none."""
    word, known = snake(typed), _meant(root)
    # A name or plural that was given with --plural need not follow the rules.
    if word in known:
        return known[word]
    try:
        return known.get(resolve(typed).singular)
    except InvalidName:
        return None


def retargeted(
    root: Path, fields: tuple[Field, ...], others: Sequence[Names] = ()
) -> tuple[Field, ...]:
    """Return `fields` with references by irregular names or plurals resolved.

    `others` are the names of resources that are not in the recipe yet.
    """
    if all(field.target in {None, USER} for field in fields):
        return fields
    known = {
        **words({one.plural: one.singular for one in others}),
        **words({one.singular: one.singular for one in others}),
        **_meant(root),
    }
    return tuple(replace(f, target=known.get(f.target or "", f.target)) for f in fields)


def _meant(root: Path) -> dict[str, str]:
    """Return the resource for each word: its name, its plural, and their regular forms."""
    names = listed(root)
    plurals = {plural: name for name in names if (plural := _plural(root, name))}
    return {**words(plurals), **words({name: name for name in names})}


def words(names: Mapping[str, str]) -> dict[str, str]:
    """Return `names`, the resource for each word, with the regular singulars of words added."""
    found: dict[str, str] = {}
    for word, name in names.items():
        with contextlib.suppress(InvalidName):
            found[singular(word)] = name
    return {**found, **names}


def _plural(root: Path, name: str) -> str | None:
    """Return the plural of the resource `name`, None if its entry cannot be read."""
    try:
        text = safe_files.read_own(root, path_of(name), safe_files.SMALL)
    except (OSError, ValueError):
        return None
    found = PLURAL.search(text.decode(errors="replace"))
    return found[1] if found else None


def load(root: Path, name: str, database: Database) -> Entry | None:
    """Read the entry of the resource `name`, None if there is none; raises `Refused`."""
    path = path_of(name)
    try:
        data = parsing.yaml_of(safe_files.read_own(root, path, safe_files.SMALL))
        recorded.refuse_other_format(data, path)
        recorded.check(data, name)
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise _unreadable(root, name, database, " ".join(str(error).split())) from error
    refuse_newer(data["fastgen"], path)
    try:
        fields = retargeted(root, recorded.fields(data, database))
        resource = recorded.resource(data, fields)
    except (FastgenError, ValueError) as error:
        raise _unreadable(root, name, database, str(error)) from error
    inside = records.read(data) if "files" in data else Records()
    return Entry(resource, tuple(data["revisions"]), data["fastgen"], inside)


def must_load(root: Path, typed: str, database: Database) -> Entry:
    """Read the entry of the resource that `typed` means; raises `Refused` if there is none."""
    name = known_as(root, typed)
    entry = load(root, name, database) if name else None
    if entry is None:
        raise _no_resource(typed, listed(root))
    return entry


def records_of(root: Path, entry: Entry) -> Records:
    """Return the records of the files of `entry`, the newer of two; raises `Refused`."""
    found = records.load(root, entry.unit)
    return Records({**entry.inside.files, **found.files}, found.render or entry.inside.render)


def kept_rights(
    root: Path, names: Names | None, access: Access | None, database: Database
) -> Rights | None:
    """Return the rights of a resource that is there and keeps its access; raises `Refused`."""
    entry = load(root, names.singular, database) if names else None
    return entry.resource.kept_rights if entry and entry.resource.access == access else None


def _no_resource(typed: str, known: Sequence[str]) -> Refused:
    if snake(typed) in {USERS.singular, USERS.plural}:
        return Refused(
            "accounts are part of the project, not a resource: fields can be added to them",
            "fastgen add field --help",
        )
    near = nearest(snake(typed), known)
    there = f"there are {', '.join(known)}" if known else "there are none yet"
    message = f"there is no resource {shown(typed)}: {there}{meant(near)}"
    if near:
        return Refused(message, instead=((typed, near),))
    return Refused(message, "fastgen info")


def referring(root: Path, target: str, database: Database) -> list[Entry]:
    """Return the entries of the other resources that refer to `target`; raises `Refused`."""
    mark = f":ref:{target}".encode()
    near = [
        name for name in listed(root) if name != target and mark in content(root, name, database)
    ]
    found = [entry for name in near if (entry := load(root, name, database))]
    return [e for e in found if any(f.target == target for f in e.resource.references)]


def content(root: Path, name: str, database: Database) -> bytes:
    """Return the content of the entry of `name`; raises `Refused`."""
    try:
        return safe_files.read_own(root, path_of(name), safe_files.SMALL)
    except (OSError, ValueError) as error:
        raise _unreadable(root, name, database, str(error)) from error


def _unreadable(root: Path, name: str, database: Database, reason: str) -> Refused:
    def is_good(content: bytes) -> bool:
        try:
            data = parsing.yaml_of(content)
            recorded.check(data, name)
            recorded.resource(data, recorded.fields(data, database))
        except (FastgenError, ValueError):
            return False
        return True

    path = path_of(name)
    aside = shlex.join(["mv", path, f"{path}.broken"])
    hint = history.restoring(root, path, is_good) or aside
    return Refused(f"{path} cannot be read: {reason}", hint)
