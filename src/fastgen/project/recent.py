"""The recipe before each uncommitted migration, so that the migration can be taken back.

It is kept in git's folder, as only this working copy needs it.
"""

import contextlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from fastgen.changes import places
from fastgen.changes.plan import Create, Plan
from fastgen.names import layout
from fastgen.project import history, merge, resources, sameness
from fastgen.project.migrations import Migration
from fastgen.system import safe_files


@dataclass(frozen=True, slots=True)
class Step:
    """A change with a migration: its source, and the entries of the recipe that changed."""

    written: str
    # The entries before the change, with their texts; and the paths of the entries after it.
    before: Mapping[str, str]
    after: tuple[str, ...]


def remember(root: Path, plan: Plan) -> None:
    """Keep the recipe as it is before `plan`, if it has a migration and the project is in git.

    Those of migrations that are committed by now, or gone, are forgotten.
    """
    created = [one for one in plan.changes if isinstance(one, Create)]
    made = [one for one in created if one.path.startswith(f"{layout.VERSIONS}/")]
    recipe = [one for one in plan.changes if resources.is_entry(one.path)]
    if len(made) != 1 or not recipe or not history.is_kept(root):
        return
    step = Step(
        made[0].content.decode(),
        {one.path: one.before.decode() for one in recipe if one.before is not None},
        tuple(one.path for one in recipe if one.after is not None),
    )
    with contextlib.suppress(OSError):
        _write(_file(root), {**_kept(root), made[0].path: step})


def step(root: Path, migration: Migration) -> Step | None:
    """Return the change that made `migration`, None if it is committed or was edited.

    Another layout, as of a formatter, is no edit.
    """
    found = _read(root).get(migration.path)
    if found is None or not sameness.same(found.written.encode(), merge.unix(migration.source)):
        return None
    return found if history.is_new(root, migration.path) else None


def _file(root: Path) -> Path:
    place = next(iter(places.of(root.resolve())))
    return place.with_name(f"{place.name}.migrations")


def _kept(root: Path) -> dict[str, Step]:
    found = _read(root)
    new = history.uncommitted(root, list(found))
    return {path: one for path, one in found.items() if path in new and (root / path).exists()}


def _write(file: Path, steps: Mapping[str, Step]) -> None:
    file.parent.mkdir(exist_ok=True)
    aside = file.with_name(f"{file.name}.new")
    aside.write_text(json.dumps({path: asdict(one) for path, one in steps.items()}))
    aside.replace(file)


def _read(root: Path) -> dict[str, Step]:
    """Return what is kept, by the paths of migrations; nothing if it cannot be read."""
    try:
        data = json.loads(safe_files.read_regular(_file(root), safe_files.LARGE))
    except (OSError, ValueError, RecursionError, StopIteration):
        return {}
    pairs = data.items() if isinstance(data, dict) else ()
    return {path: found for path, one in pairs if (found := _step(one))}


def _step(data: Any) -> Step | None:
    try:
        before, after = data["before"], data["after"]
        texts: Iterable[Any] = (data["written"], *before, *before.values(), *after)
        if not all(isinstance(one, str) for one in texts):
            return None
        return Step(data["written"], before, tuple(after))
    except (LookupError, TypeError, AttributeError):
        return None
