"""Locks and installs a generated project with the uv that came with fastgen."""

import os
import re
import shlex
import shutil
import sys
import sysconfig
from pathlib import Path

from fastgen import processes
from fastgen.processes import Completed

# Of `uv --offline`, and of a network that does not lead to the index.
OFFLINE = "network was disabled"
UNREACHABLE = re.compile(r"cause: (?:dns error|tcp connect error|.*timed out)")
HOST = re.compile(r"https?://(?:[^@/\s]*@)?([^/\s]+)")


def lock(project: Path) -> Completed:
    """Write `uv.lock`; raises `OSError`."""
    return _run(project, "lock")


def sync(project: Path) -> Completed:
    """Install the project with its dependencies into its `.venv`; raises `OSError`."""
    return _run(project, "sync")


def reason(failed: Completed) -> str:
    """Return why uv has failed: no network, or what it says itself."""
    if OFFLINE in failed.stderr:
        return "no network: uv is told to work offline, and its cache does not have all packages"
    if UNREACHABLE.search(failed.stderr):
        host = HOST.search(failed.stderr)
        return f"no network: {host[1] if host else 'the index'} cannot be reached"
    return failed.gist


def as_typed() -> str:
    """Return what a person types for uv here: its name, or where ours is when they have none."""
    ours = Path(sysconfig.get_path("scripts")).resolve()
    folders = os.environ.get("PATH", os.defpath).split(os.pathsep)
    if "UV_RUN_RECURSION_DEPTH" in os.environ:
        # `uv run` has put our environment on a PATH that the person's shell has not.
        folders = [folder for folder in folders if folder and Path(folder).resolve() != ours]
    return "uv" if shutil.which("uv", path=os.pathsep.join(folders)) else shlex.quote(_binary())


def later() -> str:
    """Return what a person types to lock and install the project."""
    kept_out = [f"-u {name} " for name in ("UV_FROZEN", "UV_LOCKED") if os.environ.get(name)]
    return f"{'env ' if kept_out else ''}{''.join(kept_out)}{as_typed()} sync"


def _binary() -> str:
    from uv import find_uv_bin  # noqa: PLC0415

    return find_uv_bin()


def _run(project: Path, *arguments: str) -> Completed:
    command = [_binary(), "--no-progress", "--color=never", *arguments]
    return processes.run(command, cwd=project, extra_env=_python())


def _python() -> dict[str, str]:
    """Have the project use the Python that fastgen runs on, unless the person has chosen one.

    It is there and new enough; the first one on the PATH may be neither (a version manager's
    shim, a system's own), and uv would go and download another.
    """
    major, minor = sys.version_info[:2]
    ours = Path(sys.base_prefix) / "bin" / f"python{major}.{minor}"
    return {"UV_PYTHON": str(ours)} if "UV_PYTHON" not in os.environ and ours.exists() else {}
