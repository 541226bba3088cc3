"""The one step that moves a staged project into place."""

import errno
import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from fastgen.errors import TargetRefused
from fastgen.placement import elsewhere, entries, exchange
from fastgen.placement.site import Site, Way
from fastgen.placement.stage import Stage, is_stage_name
from fastgen.system import interrupts

TAKEN = (errno.ENOTEMPTY, errno.EEXIST, errno.ENOTDIR)


def project_in(stage: Stage, where: Site) -> Path:
    """Return the folder in `stage` to render into; its parents exist, it does not."""
    project = stage.tree.joinpath(*where.chain)
    project.parent.mkdir(parents=True, exist_ok=True)
    return project


def put(stage: Stage, where: Site) -> None:
    """Move the finished project from `stage` to its target in one step.

    Raises `TargetRefused` when the target was filled meanwhile, and `OSError`; the target is
    unchanged then.
    """
    interrupts.check()
    if where.way is Way.RENAME:
        with interrupts.held():
            _rename(stage, where)
    elif where.way is Way.EXCHANGE:
        _exchange(stage, where)
    else:
        project = project_in(stage, where)
        _drop(project, where.kept)
        with interrupts.held():
            entries.move_in(stage, project, where.target, where.kept)


def _rename(stage: Stage, where: Site) -> None:
    chain = where.chain
    if where.inode is not None:
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
    raise taken(where.target)


def taken(target: Path) -> TargetRefused:
    """Return the error for a target that was filled while the project was generated."""
    return TargetRefused(
        f"{target} exists and is not empty: it was created while fastgen was working",
        instead=elsewhere.instead(target),
    )


def _exchange(stage: Stage, where: Site) -> None:
    project = project_in(stage, where)
    _drop(project, where.kept)
    for name in where.kept:
        _copy(where.target / name, project / name)
    shutil.copystat(where.target, project)
    with interrupts.held():
        try:
            exchange.exchange(project, where.target)
        except FileNotFoundError as error:
            raise taken(where.target) from error
        except OSError as error:
            if error.errno not in {errno.EINVAL, errno.ENOSYS, errno.EOPNOTSUPP}:
                raise
            # Without a swap of folders, the entries move in beside those that are kept.
            _drop(project, where.kept)
            entries.move_in(stage, project, where.target, where.kept)
            return
        # If the swapped-out folder is not the one that was copied, another run changed it.
        if project.stat().st_ino != where.inode or not _same(project, where.kept):
            exchange.exchange(project, where.target)
            raise taken(where.target)


def _same(folder: Path, kept: Sequence[str]) -> bool:
    names = (name for name in os.listdir(folder) if not is_stage_name(name))
    return sorted(names) == sorted(kept)


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


def _copy(source: Path, destination: Path) -> None:
    if source.is_dir() and not source.is_symlink():
        shutil.copytree(source, destination, symlinks=True)
    else:
        shutil.copy2(source, destination, follow_symlinks=False)
