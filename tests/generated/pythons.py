"""The Pythons of this machine that a generated project supports."""

import json
import os
import subprocess
from functools import cache
from pathlib import Path

from uv import find_uv_bin

OLDEST = (3, 11)
TELL = "import json, sys; print(json.dumps([sys.implementation.name, *sys.version_info[:2]]))"


@cache
def pythons() -> dict[str, str]:
    """Return a CPython of each version that is new enough, such as "3.12", and where it is."""
    found: dict[tuple[int, ...], str] = {}
    for candidate in _candidates():
        version = _version(candidate)
        if version and version >= OLDEST:
            found.setdefault(version, candidate)
    return {".".join(map(str, version)): place for version, place in sorted(found.items())}


def _candidates() -> list[str]:
    pyenv = os.environ.get("PYENV_ROOT") or str(Path.home() / ".pyenv")
    on_path = [*os.environ.get("PATH", "").split(os.pathsep), "/usr/bin", "/usr/local/bin"]
    # A version manager's shims answer for the chosen versions only, and slowly.
    named = [folder for folder in dict.fromkeys(on_path) if folder and "shims" not in folder]
    folders = [*sorted(Path(pyenv).glob("versions/*/bin")), *map(Path, named)]
    paths = [path for folder in folders for path in sorted(folder.glob("python3.[0-9]*"))]
    return list(dict.fromkeys([*map(str, filter(_is_program, paths)), *_known_to_uv()]))


def _is_program(path: Path) -> bool:
    # Not python3.11-config and the like, and not the environment of these tests.
    number = path.name.removeprefix("python3.")
    own = any((folder / "pyvenv.cfg").exists() for folder in path.parents[:2])
    return number.isdecimal() and os.access(path, os.X_OK) and not own


def _known_to_uv() -> list[str]:
    command = [find_uv_bin(), "python", "list", "--only-installed", "--no-python-downloads"]
    try:
        told = subprocess.run(
            [*command, "--managed-python", "--output-format", "json"],
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return []
    return [entry["path"] for entry in json.loads(told or "[]") if entry.get("path")]


def _version(program: str) -> tuple[int, ...] | None:
    try:
        done = subprocess.run(
            [program, "-I", "-c", TELL], capture_output=True, text=True, check=True, timeout=60
        )
    except (OSError, subprocess.SubprocessError):
        return None
    implementation, *version = json.loads(done.stdout)
    return tuple(version) if implementation == "cpython" else None
