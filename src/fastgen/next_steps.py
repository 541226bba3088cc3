"""The commands to type after a project was made."""

import os
import shlex
from pathlib import Path

from fastgen import uv
from fastgen.job import Outcome


def commands(outcome: Outcome) -> list[str]:
    """Return the next three commands: into the project, serve it, test it."""
    installed = any(s.name == "install" and s.status == "done" for s in outcome.steps)
    typed = uv.as_typed()
    run = ".venv/bin/" if installed and typed != "uv" else f"{typed} run "
    return [f"cd {shlex.quote(_near(outcome.path))}", f"{run}fastapi dev", f"{run}pytest"]


def _near(path: Path) -> str:
    """Return `path` as one would type it here."""
    relative = os.path.relpath(path)
    return str(path) if relative.startswith("../..") else relative
