"""The folder of a project's journal, where no repository can bring one.

A journal says which files are put back, so one that came with a project could make us write
anything. Git does not transfer what is in its own folder.
"""

import hashlib
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from fastgen.system import git, user_folders
from fastgen.system.git import Git, GitError

FOLDER = "fastgen"
DIGITS = 16


def of(root: Path) -> Iterator[Path]:
    """Yield the possible folders for the journal of `root`, a path without links, best first.

    They are the git folder of the repository around `root` and, if there is none, git does not
    work, or its folder cannot be written, the user's state folder.
    """
    tree = git.work_tree_of(root)
    if tree and (folder := _of_git(root, tree)):
        # Relative, because the repository may be moved.
        yield folder / _digest(root.relative_to(tree))
    state = user_folders.state()
    if state:
        yield state / _digest(root)


def existing(root: Path) -> list[Path]:
    """Return the existing journals of `root`; after `git init` there may be more than one."""
    state = user_folders.state()
    found = [place for place in of(root) if os.path.lexists(place)]
    return [one for one in found if one.parent != state or user_folders.is_private(state)]


def make(place: Path) -> None:
    """Create the new folder `place`; raises `OSError`."""
    if place.parent == user_folders.state():
        user_folders.make(place.parent)
    else:
        place.parent.mkdir(exist_ok=True)
    place.mkdir(mode=0o700)


@cache
def _of_git(root: Path, tree: Path) -> Path | None:
    if not git.available():
        return None
    try:
        told = Git(root).must("rev-parse", "--git-path", FOLDER).removesuffix("\n")
    except GitError:
        return None
    folder = Path(os.path.realpath(root / told))
    # Old versions of git do not have `safe.bareRepository`.
    inside = folder.is_relative_to(tree)
    if inside and not any(map(git.is_git_name, folder.relative_to(tree).parts)):
        return None
    return folder


def _digest(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:DIGITS]
