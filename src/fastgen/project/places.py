"""The paths of slice files that people moved, and the names of their modules."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property


@dataclass(frozen=True)
class Places:
    """The moved files by their usual paths; empty in most projects.

    Everything that reads the project sees the usual names of modules, and whatever is written gets
    those that they have.
    """

    files: Mapping[str, str] = field(default_factory=dict)
    # The new name of each module that has one, by its usual name.
    modules: Mapping[str, str] = field(default_factory=dict)
    # Files with the code of a usual path that also contain other code of slices.
    with_others: Mapping[str, str] = field(default_factory=dict)
    # The folders to which all files of a folder were moved.
    folders: Mapping[str, str] = field(default_factory=dict)

    def file(self, path: str) -> str:
        """Return where the file with the usual `path` is."""
        return self.files.get(path, path)

    def usual(self, path: str) -> str:
        """Return the usual path of the file at `path`."""
        return self._usual_files.get(path, path)

    def read(self, source: bytes) -> bytes:
        """Return `source` with the usual names of modules."""
        return _renamed(self._to_usual, self._usual_modules, source)

    def written(self, source: bytes) -> bytes:
        """Return `source` with the names that modules have in the project."""
        return _renamed(self._to_moved, self.modules, source)

    @cached_property
    def _usual_files(self) -> dict[str, str]:
        return _turned(self.files)

    @cached_property
    def _usual_modules(self) -> dict[str, str]:
        return _turned(self.modules)

    @cached_property
    def _to_usual(self) -> "re.Pattern[bytes] | None":
        return _pattern(self._usual_modules)

    @cached_property
    def _to_moved(self) -> "re.Pattern[bytes] | None":
        return _pattern(self.modules)


def _turned(names: Mapping[str, str]) -> dict[str, str]:
    """Return the keys of `names` by their values: the first, where several have the same."""
    return {value: key for key, value in reversed(list(names.items()))}


def _pattern(names: Mapping[str, str]) -> re.Pattern[bytes] | None:
    """Return what finds the modules `names`: tests, which are in no package, only in imports."""
    if not names:
        return None
    inner = [re.escape(name) for name in sorted(names, key=len, reverse=True) if "." in name]
    top = [re.escape(name) for name in sorted(names, key=len, reverse=True) if "." not in name]
    never = "(?!)"
    text = (
        rf"(?<![\w.])(?:{'|'.join(inner) or never})(?!\w)"
        rf"|(?:(?<=^from )|(?<=^import ))(?:{'|'.join(top) or never})(?!\w)"
    )
    return re.compile(text.encode(), re.MULTILINE)


def _renamed(found: re.Pattern[bytes] | None, names: Mapping[str, str], source: bytes) -> bytes:
    if found is None:
        return source
    return found.sub(lambda match: names[match[0].decode()].encode(), source)
