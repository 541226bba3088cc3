"""Locks and installs a generated project with the uv that came with fastgen."""

import os
import shlex
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


def as_typed() -> str:
    """Return what a person types for uv here: its name, or where ours is when they have none."""
    ours = Path(sysconfig.get_path("scripts")).resolve()
    folders = os.environ.get("PATH", os.defpath).split(os.pathsep)
    if "UV_RUN_RECURSION_DEPTH" in os.environ:
        # `uv run` has put our environment on a PATH that the person's shell has not.
        folders = [folder for folder in folders if folder and Path(folder).resolve() != ours]
    return "uv" if shutil.which("uv", path=os.pathsep.join(folders)) else shlex.quote(_binary())


def _binary() -> str:
    from uv import find_uv_bin  # noqa: PLC0415

    return find_uv_bin()


def _run(project: Path, *arguments: str) -> Completed:
    command = [_binary(), "--no-progress", *arguments]
    return processes.run(command, cwd=project, extra_env=_python())


def _python() -> dict[str, str]:
    """Have the project use the Python that fastgen runs on, unless the person has chosen one.

    It is there and new enough; the first one on the PATH may be neither (a version manager's
    shim, a system's own), and uv would go and download another.
    """
    major, minor = sys.version_info[:2]
    ours = Path(sys.base_prefix) / "bin" / f"python{major}.{minor}"
    return {"UV_PYTHON": str(ours)} if "UV_PYTHON" not in os.environ and ours.exists() else {}
