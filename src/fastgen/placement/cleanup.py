"""Clears what a killed run left beside or in a target."""

from collections.abc import Iterable
from pathlib import Path

from fastgen.placement import journal, stage


def clear(folders: Iterable[Path]) -> list[str]:
    """Remove dead stages from `folders`, finishing a move that had begun; say what was done.

    A folder that cannot be read, and a stage that is alive or another's, are left alone.
    """
    said = []
    for folder in dict.fromkeys(folders):
        for dead in stage.abandoned(folder):
            target = journal.finish(dead)
            stage.remove(dead.path)
            said.append(
                f"finished the project in {target}, which an interrupted run had begun to move"
                if target
                else f"removed {dead.path}, left by an interrupted run"
            )
    return said
