"""Suggests another folder for a project that cannot be created in the target."""

import itertools
import os
import shlex
from collections.abc import Iterable, Iterator
from pathlib import Path

from fastgen.errors import Instead
from fastgen.project import recipe


def instead(target: Path, *outside: Path) -> Instead:
    """Return the correction of `target`: a folder near it that is outside of all `outside`."""
    found = next((path for path in _candidates(target, outside) if _is_good(path, outside)), None)
    return (("--output=*", f"--output {shlex.quote(str(found))}"),) if found else ()


def _candidates(target: Path, outside: Iterable[Path]) -> Iterator[Path]:
    name = target.name or "myapi"
    numbered = [name, *(f"{name}-{number}" for number in range(2, 100))]
    folders = [*(path.parent for path in outside), target.parent, Path.home()]
    return (folder / name for folder, name in itertools.product(folders, numbered))


def _is_good(path: Path, outside: Iterable[Path]) -> bool:
    above = next((parent for parent in path.parents if os.path.lexists(parent)), None)
    return (
        above is not None
        and above.is_dir()
        and os.access(above, os.W_OK | os.X_OK)
        and not os.path.lexists(path)
        and not any(path.is_relative_to(one) for one in outside)
        and recipe.enclosing(path) is None
    )
