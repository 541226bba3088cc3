"""Where the journal of a project is: where no repository can bring one along.

A journal tells which files are put back, so one that came with a project could have us write what
its author likes. Git carries nothing that is in its own folder.
"""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from fastgen import git, user_folders
from fastgen.git import Git, GitError

FOLDER = "fastgen"
DIGITS = 16


def of(root: Path) -> Iterator[Path]:
    """Return where the journal of `root`, which is free of links, may be; the best place first.

    It is in the folder of the repository that `root` lies in, and in the user's own folder where
    there is none, git is of no help, or its folder cannot be written.
    """
    tree = git.work_tree_of(root)
    if tree and (folder := _of_git(root, tree)):
        # The repository may be moved.
        yield folder / _digest(root.relative_to(tree))
    state = user_folders.state()
    if state:
        yield state / _digest(root)


def existing(root: Path) -> list[Path]:
    """Return the journals of `root` that are there; there is more than one after `git init`."""
    state = user_folders.state()
    found = [place for place in of(root) if os.path.lexists(place)]
    return [one for one in found if one.parent != state or user_folders.is_private(state)]


def make(place: Path) -> None:
    """Make `place`, where no journal is yet; raises `OSError`."""
    if place.parent == user_folders.state():
        user_folders.make(place.parent)
    else:
        place.parent.mkdir(exist_ok=True)
    place.mkdir(mode=0o700)


def _of_git(root: Path, tree: Path) -> Path | None:
    if not git.available():
        return None
    try:
        told = Git(root).must("rev-parse", "--git-path", FOLDER).removesuffix("\n")
    except GitError:
        return None
    folder = Path(os.path.realpath(root / told))
    # Old versions of git know no `safe.bareRepository`.
    inside = folder.is_relative_to(tree)
    if inside and not any(map(git.is_git_name, folder.relative_to(tree).parts)):
        return None
    return folder


def _digest(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:DIGITS]
