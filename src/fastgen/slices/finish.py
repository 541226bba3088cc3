"""Formats a rendered slice as the project does, and keeps its digest."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from fastgen.rendering import formatting
from fastgen.slices.digests import digest


@dataclass(frozen=True, slots=True)
class Finished:
    """Files by path, and a digest of the rendered sources before they were formatted."""

    files: Mapping[str, bytes]
    render: str


def finish(root: Path, sets: Sequence[Mapping[str, str]]) -> list[Finished]:
    """Format each of `sets`, sources by path, for the project at `root`.

    Raises `Bug` when one is not Python, `CannotWrite` when temporary files cannot be written.
    """
    # All at once, as starting the formatter takes longer than its work.
    together = {
        f"{number}/{path}": text
        for number, sources in enumerate(sets)
        for path, text in sources.items()
    }
    done = formatting.formatted(together, root)
    return [
        Finished(
            {path: done[f"{number}/{path}"] for path in sources},
            digest("\0".join(f"{path}\0{text}" for path, text in sorted(sources.items()))),
        )
        for number, sources in enumerate(sets)
    ]
