"""The text format of a journal, and its strict reader."""

import json
import re
from dataclasses import asdict, dataclass, fields
from typing import Any

from fastgen.changes.paths import is_relative

VERSION = 1
FINGERPRINT = re.compile(r"[0-9a-f]{64}")
LARGEST_MODE = 0o7777


@dataclass(frozen=True, slots=True)
class FileStep:
    """One file, with the digests of its old and new content, None where it is absent."""

    path: str
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True)
class Journal:
    """The changes in order, and what is needed to undo them."""

    steps: list[FileStep]
    # Folders that were missing, outer ones first.
    made: list[str]
    # Folders that a deletion may empty, outer ones first.
    modes: dict[str, int]

    def text(self) -> bytes:
        """Return the content of the journal's file."""
        return json.dumps({"version": VERSION, **asdict(self)}).encode()


def read(text: bytes) -> Journal:
    """Parse a journal; raises `ValueError` for anything that fastgen does not write."""
    try:
        data = json.loads(text)
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error
    _expect(_has_keys(data, {"version", *(one.name for one in fields(Journal))}))
    _expect(_is_number(data["version"]) and data["version"] == VERSION)
    _expect(isinstance(data["steps"], list) and isinstance(data["made"], list))
    _expect(all(map(_is_path, data["made"])))
    _expect(isinstance(data["modes"], dict) and all(map(_is_path, data["modes"])))
    _expect(all(map(_is_mode, data["modes"].values())))
    steps = [_step(step) for step in data["steps"]]
    return Journal(steps, data["made"], data["modes"])


def _step(data: Any) -> FileStep:
    _expect(_has_keys(data, {one.name for one in fields(FileStep)}))
    _expect(_is_path(data["path"]))
    _expect(all(known is None or _is_fingerprint(known) for known in (data["old"], data["new"])))
    return FileStep(**data)


def _has_keys(data: Any, keys: set[str]) -> bool:
    return isinstance(data, dict) and data.keys() == keys


def _is_path(value: Any) -> bool:
    return isinstance(value, str) and is_relative(value)


def _is_fingerprint(value: Any) -> bool:
    return isinstance(value, str) and FINGERPRINT.fullmatch(value) is not None


def _is_mode(value: Any) -> bool:
    return _is_number(value) and 0 <= value <= LARGEST_MODE


def _is_number(value: Any) -> bool:
    # In Python, True is an integer.
    return type(value) is int


def _expect(right: bool) -> None:
    if not right:
        raise ValueError("it does not have the form of a journal")
