"""What `fastgen check` reports."""

import shlex
from dataclasses import dataclass

from fastgen.project.project import Project
from fastgen.system import git
from fastgen.system.git import Git, GitError


@dataclass(frozen=True, slots=True)
class Difference:
    """A difference: its path, a message, and the command or the lines that help."""

    path: str
    message: str
    hint: str


def restoring(project: Project, path: str, otherwise: str) -> str:
    """Return the command that restores the file `path` with git, else `otherwise`."""
    last = _last_commit(project, [path])
    return f"git checkout {last} -- {quoted([path])}" if last else otherwise


def _last_commit(project: Project, paths: list[str]) -> str:
    """Return the last commit that wrote one of `paths`, `""` if there is none."""
    if not git.available():
        return ""
    told = ("log", "-1", "--format=%h", "--diff-filter=ACMRT", "--", *paths)
    try:
        return Git(project.root).must("--literal-pathspecs", *told).strip()
    except GitError:
        return ""


def quoted(paths: list[str]) -> str:
    """Return `paths` quoted for a shell, as names in others' projects may be anything."""
    return " ".join(map(shlex.quote, paths))
