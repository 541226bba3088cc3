"""Something that does not agree."""

import shlex
from dataclasses import dataclass

from fastgen import git
from fastgen.git import Git, GitError
from fastgen.project.place import Project


@dataclass(frozen=True, slots=True)
class Difference:
    """Where something does not agree, what it is, and the command or the lines that help."""

    path: str
    message: str
    hint: str


def restoring(project: Project, path: str, otherwise: str) -> str:
    """Return the command that brings the file `path` back, `otherwise` where git cannot."""
    last = _last_commit(project, [path])
    return f"git checkout {last} -- {quoted([path])}" if last else otherwise


def _last_commit(project: Project, paths: list[str]) -> str:
    """Return the last commit that wrote one of `paths`; none when git knows nothing of them."""
    if not git.available():
        return ""
    told = ("log", "-1", "--format=%h", "--diff-filter=ACMRT", "--", *paths)
    try:
        return Git(project.root).must("--literal-pathspecs", *told).strip()
    except GitError:
        return ""


def quoted(paths: list[str]) -> str:
    """Return `paths` as a shell takes them: a name in a stranger's project may be anything."""
    return " ".join(map(shlex.quote, paths))
