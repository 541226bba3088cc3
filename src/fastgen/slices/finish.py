"""Formats a rendered slice as the project does, and keeps its digests."""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from fastgen.rendering import formatting
from fastgen.slices.digests import digest


@dataclass(frozen=True, slots=True)
class Finished:
    """Files by path, and digests of their sources before they were formatted: of each, of all."""

    files: Mapping[str, bytes]
    renders: Mapping[str, str]
    render: str


def finish(root: Path, sets: Sequence[Mapping[str, str]]) -> list[Finished]:
    """Format each of `sets`, sources by path, for the project at `root`.

    Raises `Bug` when one is not Python, `CannotWrite` when temporary files cannot be written.
    """
    # All at once, as starting the formatter takes longer than its work.
    together: dict[str, str] = {}
    places: list[dict[str, str]] = []
    for sources in sets:
        places.append({})
        for path, text in sources.items():
            found = (f"{number}/{path}" for number in itertools.count())
            place = next(one for one in found if together.get(one, text) == text)
            together[place] = text
            places[-1][path] = place
    done = formatting.formatted(together, root)
    return [
        Finished(
            {path: done[place] for path, place in placed.items()},
            {path: digest(text) for path, text in sources.items()},
            digest("\0".join(f"{path}\0{text}" for path, text in sorted(sources.items()))),
        )
        for sources, placed in zip(sets, places, strict=True)
    ]
