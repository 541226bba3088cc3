"""Locks and installs a generated project with the uv that fastgen depends on."""

import os
import re
import shlex
import shutil
import sys
import sysconfig
from pathlib import Path

from fastgen.system import processes
from fastgen.system.processes import Completed

# Messages of `uv --offline`, and of a network without a route to the index.
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
    """Return why uv failed: no network, else uv's own message."""
    if OFFLINE in failed.stderr:
        return "no network: uv works offline, and its cache lacks some packages"
    if UNREACHABLE.search(failed.stderr):
        host = HOST.search(failed.stderr)
        return f"no network: {host[1] if host else 'the index'} cannot be reached"
    return failed.gist


def as_typed() -> str:
    """Return the command for uv: its name, or the path of ours if the user has none."""
    ours = Path(sysconfig.get_path("scripts")).resolve()
    folders = os.environ.get("PATH", os.defpath).split(os.pathsep)
    if "UV_RUN_RECURSION_DEPTH" in os.environ:
        # `uv run` puts our environment on the PATH, which the user's shell does not have.
        folders = [folder for folder in folders if folder and Path(folder).resolve() != ours]
    return "uv" if shutil.which("uv", path=os.pathsep.join(folders)) else shlex.quote(_binary())


def later() -> str:
    """Return the command that locks and installs the project."""
    kept_out = [f"-u {name} " for name in ("UV_FROZEN", "UV_LOCKED") if os.environ.get(name)]
    return f"{'env ' if kept_out else ''}{''.join(kept_out)}{as_typed()} sync"


def _binary() -> str:
    from uv import find_uv_bin  # noqa: PLC0415

    return find_uv_bin()


def _run(project: Path, *arguments: str) -> Completed:
    command = [_binary(), "--no-progress", "--color=never", *arguments]
    return processes.run(command, cwd=project, extra_env=_python())


def _python() -> dict[str, str]:
    """Return the variables that make uv use the Python of fastgen, unless the user chose one.

    That Python is installed and new enough. The first one on the PATH may not be (a version
    manager's shim, the system's own), and uv would download another.
    """
    major, minor = sys.version_info[:2]
    ours = Path(sys.base_prefix) / "bin" / f"python{major}.{minor}"
    return {"UV_PYTHON": str(ours)} if "UV_PYTHON" not in os.environ and ours.exists() else {}
