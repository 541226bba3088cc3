"""Finds the files of slices that people moved or renamed, by what they define.

Never by similarity: the files of two resources are as similar as two versions of one.
"""

import ast
import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath

from fastgen.names import layout
from fastgen.names.resource import LONGEST, SNAKE, Names, is_path
from fastgen.project import sources
from fastgen.project.kinds import KINDS, OF_ACCOUNTS, Kind, parsed
from fastgen.project.places import Places
from fastgen.slices.resource import USERS
from fastgen.system import safe_files

# The data of an entry about its resource.
NAME = re.compile(rb"^name: '?(\w+)'?\r?$", re.MULTILINE)
PLURAL = re.compile(rb"^plural: '?(\w+)'?\r?$", re.MULTILINE)
PATH = re.compile(rb"^path: '?([^'\r\n]+)'?\r?$", re.MULTILINE)
# The classes with another name than usual.
CLASSES = re.compile(rb"^classes:\r?\n((?:  \w+: \w+\r?\n)+)", re.MULTILINE)
CLASS = re.compile(r"(\w+): (\w+)")
SUFFIX = ".yml"


def find(root: Path) -> Places:
    """Return where the files of all slices in the project at `root` are, and those of accounts."""
    names = list(_recorded(root))
    of_slices = {kind.path(one): (kind, one) for one in names for kind in KINDS}
    usual = of_slices | {kind.path(USERS): (kind, USERS) for kind in OF_ACCOUNTS}
    # Not by paths as objects, of which there may be hundreds.
    lost = [path for path in usual if not os.path.isfile(f"{root}/{path}")]  # noqa: PTH113
    if not lost:
        return Places()
    defining = {path: _defining(root, *usual[path]) for path in lost}
    for path in (one for one in lost if not defining[one]):
        kind, owner = usual[path]
        served = layout.endpoints(owner)
        defining[path] = [*_imported(root, kind, defining.get(served, [served]))]
    taken = Counter(file for files in defining.values() for file in files)
    files = {
        path: found[0]
        for path, found in defining.items()
        if len(found) == 1 and taken[found[0]] == 1 and found[0] not in usual
    }
    with_others = {path: found[0] for path, found in defining.items() if found}
    return Places(
        files,
        _modules(root, files),
        {path: file for path, file in with_others.items() if path not in files},
        dict(_folders(root, of_slices, files)),
    )


def beside(root: Path, places: Places, new: Names, old: Names | None = None) -> Places:
    """Return `places` with those of the new files of a resource, which was called `old` before.

    They are where the old ones are, or beside the files of the other resources.
    """
    files = dict(places.files)
    for kind in KINDS:
        path = kind.path(new)
        before = kind.path(old) if old else None
        if before and path != before and before in places.files:
            file = PurePosixPath(places.files[before])
            keeps = file.name != PurePosixPath(before).name
            files[path] = str(file if keeps else file.with_name(PurePosixPath(path).name))
        elif path not in files and (folder := places.folders.get(_folder(path))):
            file = PurePosixPath(folder) / PurePosixPath(path).name
            if not os.path.lexists(root / file) and not os.path.lexists(root / path):
                files[path] = str(file)
    return Places(files, _modules(root, files), places.with_others, places.folders)


def _folder(path: str) -> str:
    """Return the folder of `path`."""
    return str(PurePosixPath(path).parent)


def _recorded(root: Path) -> Iterator[Names]:
    """Yield the names in all entries, also in those that are otherwise not valid."""
    try:
        files = sorted(os.listdir(root / layout.ENTRIES))
    except (FileNotFoundError, NotADirectoryError):
        return
    for file in files:
        content = _content(root / layout.ENTRIES / file) if file.endswith(SUFFIX) else b""
        found = NAME.search(content), PLURAL.search(content)
        words = [one[1].decode() for one in found if one]
        if len(words) == len(found) and all(map(_is_name, words)):
            kept, own = PATH.search(content), CLASSES.search(content)
            path = kept[1].decode(errors="replace") if kept else ""
            pairs = tuple(CLASS.findall(own[1].decode())) if own else ()
            names = Names(words[0], words[1], own_classes=pairs)
            yield names.at(path) if is_path(path) else names


def _is_name(word: str) -> bool:
    return len(word) <= LONGEST and SNAKE.fullmatch(word) is not None


def _content(file: Path) -> bytes:
    try:
        return safe_files.read_regular(file, safe_files.LARGE)
    except (OSError, ValueError):
        return b""


def _defining(root: Path, kind: Kind, names: Names) -> list[str]:
    """Return the files that have what the file of `names` of this `kind` should have."""
    for way in kind.ways:
        found = [
            path
            for path in sources.mentioning(
                root, kind.folder, [way.text(names)], {layout.MIGRATIONS}
            )
            if way.defines(names, _content(root / path))
        ]
        if found:
            break
    called_so = [path for path in found if _name(path) == _name(kind.path(names))]
    return called_so if len(called_so) == 1 else found


def _imported(root: Path, kind: Kind, endpoints: Iterable[str]) -> Iterator[str]:
    """Yield the files of this `kind` that the `endpoints` import."""
    for path in endpoints:
        for node in parsed(_content(root / path)).body:
            file = layout.file_of(node.module or "") if isinstance(node, ast.ImportFrom) else ""
            if file and kind.imported(parsed(_content(root / file))):
                yield file


def _modules(root: Path, files: Mapping[str, str]) -> dict[str, str]:
    """Return the new names of the modules of moved `files` that cannot be imported as before."""
    found = {}
    for path, file in files.items():
        usual, now = _module(root, path), _module(root, file)
        package = (root / path.removesuffix(".py") / "__init__.py").is_file()
        if usual != now and not package:
            found[usual] = now
    return found


def _module(root: Path, path: str) -> str:
    """Return the name by which the file `path` is imported."""
    if path.startswith(f"{layout.TESTS}/"):
        return _module_of_test(root, PurePosixPath(path))
    return layout.module_of(path).removesuffix(".__init__")


def _module_of_test(root: Path, path: PurePosixPath) -> str:
    """Return the name from the first folder that is no package, which pytest imports from."""
    parts = [path.stem]
    for folder in path.parents:
        if not (root / folder / "__init__.py").is_file():
            break
        parts.insert(0, folder.name)
    return ".".join(parts)


def _folders(
    root: Path, usual: Iterable[str], files: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    """Yield each folder of slices that none is in, with that to which all their files were moved.

    A file with another name than usual tells nothing about other files.
    """
    found: dict[str, set[str]] = {}
    for path in usual:
        file = files.get(path, path if (root / path).is_file() else None)
        if file:
            renamed = _name(file) != _name(path)
            found.setdefault(_folder(path), set()).add("" if renamed else _folder(file))
    for folder, now in found.items():
        if len(now) == 1 and now.isdisjoint({folder, ""}):
            yield folder, now.pop()


def _name(path: str) -> str:
    """Return the last part of `path`."""
    return PurePosixPath(path).name
