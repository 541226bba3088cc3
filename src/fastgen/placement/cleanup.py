"""Clears what a killed run left beside or in a target."""

from collections.abc import Iterable
from pathlib import Path

from fastgen import interrupts
from fastgen.placement import journal, stage
from fastgen.placement.stage import Stage


def clear(folders: Iterable[Path], *, moves: bool = True) -> list[str]:
    """Remove dead stages from `folders`, finishing a move that had begun; say what was done.

    Unless it `moves`, a stage that is to be finished is left alone.
    A folder that cannot be read, and a stage that is alive or another's, are left alone.
    """
    said = []
    for folder in dict.fromkeys(folders):
        for dead in stage.abandoned(folder):
            if not moves and journal.begun(dead):
                continue
            with interrupts.held():
                told = _clear_one(dead)
            said += [told] if told else []
    return said


def _clear_one(dead: Stage) -> str | None:
    if not any(dead.path.iterdir()):
        # It may be another run's that is about to lock it: that one just makes a new one.
        stage.remove(dead.path)
        return None
    target = journal.finish(dead)
    stage.remove(dead.path)
    if target:
        return f"finished the project in {target}, which an interrupted run had begun to move"
    return f"removed {dead.path}, left by an interrupted run"
