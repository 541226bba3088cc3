"""The commands to suggest after a project was generated."""

import os
import shlex
from pathlib import Path

from fastgen.commands.new.job import Outcome
from fastgen.system import uv


def commands(outcome: Outcome) -> list[str]:
    """Return the next three commands: enter the project, serve it, test it."""
    installed = any(s.name == "install" and s.status == "done" for s in outcome.steps)
    typed = uv.as_typed()
    run = ".venv/bin/" if installed and typed != "uv" else f"{typed} run "
    return [f"cd {shlex.quote(_near(outcome.path))}", f"{run}fastapi dev", f"{run}pytest"]


def _near(path: Path) -> str:
    """Return `path` as a user would type it in the current folder."""
    relative = os.path.relpath(path)
    return str(path) if relative.startswith("../..") else relative
