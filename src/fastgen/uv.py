"""Locks and installs a generated project with the uv that came with fastgen."""

import os
import shutil
import sysconfig
from pathlib import Path

from fastgen import processes
from fastgen.processes import Completed


def lock(project: Path) -> Completed:
    """Write `uv.lock`; raises `OSError`."""
    return _run(project, "lock")


def sync(project: Path) -> Completed:
    """Install the project with its dependencies into its `.venv`; raises `OSError`."""
    return _run(project, "sync")


def on_users_path() -> bool:
    """Whether the person has a uv of their own, besides the one in our environment."""
    ours = Path(sysconfig.get_path("scripts")).resolve()
    folders = os.environ.get("PATH", os.defpath).split(os.pathsep)
    theirs = [folder for folder in folders if folder and Path(folder).resolve() != ours]
    return shutil.which("uv", path=os.pathsep.join(theirs)) is not None


def _run(project: Path, *arguments: str) -> Completed:
    from uv import find_uv_bin  # noqa: PLC0415

    return processes.run([find_uv_bin(), "--no-progress", *arguments], cwd=project)
