"""Cleans up what a killed run left beside or in a target."""

from collections.abc import Iterable
from pathlib import Path

from fastgen.placement import entries, stage
from fastgen.placement.stage import Stage
from fastgen.system import interrupts


def clear(folders: Iterable[Path], *, moves: bool = True) -> list[str]:
    """Remove abandoned stages from `folders`, finishing moves; return messages about it.

    Without `moves`, a stage with an unfinished move is left alone. So are folders that cannot be
    read, and stages that are in use or belong to others.
    """
    said = []
    for folder in dict.fromkeys(folders):
        for dead in stage.abandoned(folder):
            if not moves and entries.begun(dead):
                continue
            with interrupts.held():
                told = _clear_one(dead)
            said += [told] if told else []
    return said


def _clear_one(dead: Stage) -> str | None:
    if not any(dead.path.iterdir()):
        # If another run is about to lock it, that run creates a new one.
        stage.remove(dead.path)
        return None
    target = entries.finish(dead)
    stage.remove(dead.path)
    if target:
        return f"finished the project in {target}, which an interrupted run had begun to move"
    return f"removed {dead.path}, left by an interrupted run"
