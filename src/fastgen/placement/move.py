"""Moves a staged project into place: by one rename, or entry by entry beside what is kept."""

import errno
import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from fastgen.errors import TargetRefused
from fastgen.placement import elsewhere, entries
from fastgen.placement.site import Site, Way
from fastgen.placement.stage import Stage
from fastgen.system import interrupts

TAKEN = (errno.ENOTEMPTY, errno.EEXIST, errno.ENOTDIR)


def project_in(stage: Stage, where: Site) -> Path:
    """Return the folder in `stage` to render into; its parents exist, it does not."""
    project = stage.tree.joinpath(*where.chain)
    project.parent.mkdir(parents=True, exist_ok=True)
    return project


def put(stage: Stage, where: Site) -> None:
    """Move the finished project from `stage` to its target, completely or not at all.

    Raises `TargetRefused` when the target was filled meanwhile, and `OSError`; the target is
    unchanged then.
    """
    interrupts.check()
    if where.way is Way.RENAME:
        with interrupts.held():
            _rename(stage, where)
    else:
        project = project_in(stage, where)
        _drop(project, where.kept)
        with interrupts.held():
            entries.move_in(stage, project, where.target, where.kept)


def _rename(stage: Stage, where: Site) -> None:
    chain = where.chain
    if where.target.exists():
        # An existing empty folder keeps its mode.
        shutil.copystat(where.target, stage.tree.joinpath(*chain))
    # A longer path is needed if another run created one of our parents meanwhile.
    for depth in range(1, len(chain) + 1):
        source = stage.tree.joinpath(*chain[:depth])
        destination = where.stage_parent.joinpath(*chain[:depth])
        try:
            source.rename(destination)
        except OSError as error:
            if error.errno not in TAKEN:
                raise
        else:
            return
    raise TargetRefused(
        f"{where.target} exists and is not empty: it was created while fastgen was working",
        instead=elsewhere.instead(where.target),
    )


def _drop(project: Path, kept: Sequence[str]) -> None:
    """Remove entries from `project` that have the name of a kept one, ignoring case."""
    folded = {name.casefold() for name in kept}
    for name in os.listdir(project):
        if name.casefold() in folded:
            path = project / name
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink()
