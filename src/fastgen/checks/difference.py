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


def history(project: Project, paths: list[str], otherwise: str) -> str:
    """Return the command that shows how `paths` came to this, `otherwise` where git cannot."""
    return f"git log -p -- {_quoted(paths)}" if _commits(project, paths) else otherwise


def restoring(project: Project, path: str, otherwise: str) -> str:
    """Return the command that brings the file `path` back, `otherwise` where git cannot."""
    last = _commits(project, [path])
    if not last:
        return otherwise
    # Where the last commit deleted it, the one before has it.
    holds = _asked(project, "ls-tree", "--name-only", last[0], "--", path)
    return f"git checkout {last[0]}{'' if holds else '^'} -- {_quoted([path])}"


def _commits(project: Project, paths: list[str]) -> list[str]:
    return _asked(project, "log", "-1", "--format=%h", "--", *paths).split()


def _asked(project: Project, *arguments: str) -> str:
    if not git.available():
        return ""
    try:
        return Git(project.root).must("--literal-pathspecs", *arguments)
    except GitError:
        return ""


def _quoted(paths: list[str]) -> str:
    return " ".join(map(shlex.quote, paths))
