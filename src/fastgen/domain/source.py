"""The file as it is read."""

from dataclasses import dataclass
from pathlib import Path

from fastgen.errors import Refused
from fastgen.system import safe_files


@dataclass(frozen=True, slots=True)
class Source:
    """The file as the user calls it, and its content."""

    path: str
    content: bytes


def read(file: Path, shown: str, missing: str | None = None) -> Source:
    """Read the `file`, which messages call `shown`.

    Raises `Refused`, with the hint `missing` when there is no such file.
    """
    try:
        return Source(shown, safe_files.read_regular(file, safe_files.LARGE))
    except FileNotFoundError:
        raise Refused(f"{shown} does not exist", missing) from None
    except OSError as error:
        raise Refused(f"{shown} cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise Refused(f"{shown} cannot be read: {error}") from error
