"""Marks conflicts in git's index, which shows them as `deleted by them` until resolved."""

import tempfile
from pathlib import Path

from fastgen.project import history
from fastgen.system.git import Git, GitError

MODE = "100644"


def mark_deleted(root: Path, path: str, base: bytes, ours: bytes) -> bool:
    """Put the conflict between the removed `base` and the edited `ours` into git's index.

    Returns whether it did, which is False outside of a repository.
    """
    if not history.is_kept(root):
        return False
    git = Git(root)
    try:
        prefix = git.must("rev-parse", "--show-prefix").strip()
        stages = [(number, _stored(git, content)) for number, content in ((1, base), (2, ours))]
        lines = [f"0 {'0' * len(stages[0][1])}\t{prefix}{path}"]
        lines += [f"{MODE} {stored} {number}\t{prefix}{path}" for number, stored in stages]
        git.must("update-index", "--index-info", stdin="\n".join(lines) + "\n")
    except GitError:
        return False
    return True


def _stored(git: Git, content: bytes) -> str:
    # Not through git's standard input, which is text: a module may have any encoding.
    with tempfile.NamedTemporaryFile(prefix="fastgen-") as file:
        file.write(content)
        file.flush()
        return git.must("hash-object", "-w", "--no-filters", file.name).strip()
