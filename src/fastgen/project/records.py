"""What fastgen last wrote into each file of a slice, as the entry of its resource records it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fastgen.slices.digests import blob, digest

BLOB = re.compile("[0-9a-f]{40}")


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

    @property
    def data(self) -> str | dict[str, str]:
        """How an entry says it."""
        return {"blob": self.written, "render": self.render} if self.render else self.written


def read(data: Mapping[str, Any]) -> dict[str, Record]:
    """Return the records of a valid entry, by path."""
    return {
        str(path): Record(one["blob"], one["render"]) if isinstance(one, dict) else Record(str(one))
        for path, one in data["files"].items()
    }


def check(data: Mapping[str, Any]) -> None:
    """Raise `ValueError` when the records in an entry are not valid."""
    files = data.get("files")
    if not isinstance(files, dict):
        raise ValueError("files is missing or not a mapping")  # noqa: TRY004 - the file's fault
    for path, one in files.items():
        if isinstance(one, dict):
            if not BLOB.fullmatch(str(one.get("blob"))) or not isinstance(one.get("render"), str):
                raise ValueError(f"files: {path} has no blob or no render")
        elif not isinstance(data.get("render"), str):
            raise ValueError("render is missing or not a string")  # noqa: TRY004
