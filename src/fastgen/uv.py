"""Locks and installs a generated project with the uv that came with fastgen."""

import os
import shutil
import sys
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

    command = [find_uv_bin(), "--no-progress", *arguments]
    return processes.run(command, cwd=project, extra_env=_python())


def _python() -> dict[str, str]:
    """Have the project use the Python that fastgen runs on, unless the person has chosen one.

    It is there and new enough; the first one on the PATH may be neither (a version manager's
    shim, a system's own), and uv would go and download another.
    """
    major, minor = sys.version_info[:2]
    ours = Path(sys.base_prefix) / "bin" / f"python{major}.{minor}"
    return {"UV_PYTHON": str(ours)} if "UV_PYTHON" not in os.environ and ours.exists() else {}
