"""The commands to suggest after a project was generated."""

import os
from pathlib import Path

from fastgen import messages
from fastgen.commands.new.job import Outcome
from fastgen.system import uv


def commands(outcome: Outcome) -> list[str]:
    """Return the next three commands: enter the project, serve it, test it."""
    installed = any(s.name == "install" and s.status == "done" for s in outcome.steps)
    typed = uv.as_typed()
    run = ".venv/bin/" if installed and typed != "uv" else f"{typed} run "
    return [entering(outcome.path), f"{run}fastapi dev", f"{run}pytest"]


def entering(project: Path) -> str:
    """Return the command that enters `project` from the current folder."""
    return messages.command(["cd", _near(project)])


def _near(path: Path) -> str:
    """Return `path` as a user would type it in the current folder."""
    relative = os.path.relpath(path)
    if relative.startswith("../..") or (relative.startswith("..") and _is_behind_a_link()):
        return str(path)
    return f"./{relative}" if relative.startswith("-") else relative


def _is_behind_a_link() -> bool:
    """Whether the shell came here through a link: its `cd ..` leads back, not to the parent."""
    here = os.getcwd()  # noqa: PTH109
    return os.environ.get("PWD", here) != here
