"""Merges fastgen's changes to a file with those that people made."""

import re
import tempfile
from pathlib import Path

from fastgen.project import soundness
from fastgen.system import git, processes

# Longer than the lines that people draw in comments.
SIZE = 30
CONFLICT = re.compile(
    rb"^<{30} [^\n]*\n(?P<ours>.*?)^\|{30} [^\n]*\n(?P<base>.*?)"
    rb"^={30}\n(?P<theirs>.*?)^>{30} [^\n]*\n",
    re.MULTILINE | re.DOTALL,
)


# How git ends when it cannot merge at all, such as for a binary file.
FAILED = 128


def three_way(path: str, base: bytes, ours: bytes, theirs: bytes) -> bytes | None:
    """Return `ours`, the text file `path`, with the changes from `base` to `theirs`.

    Where both sides only add lines, it has both, those of `ours` first. Returns None when they
    conflict, when the result cannot be read as what `path` is called (Python, TOML, YAML) or
    defines something twice that each side defines once, or when git is missing.
    """
    if not git.available():
        return None
    sides = {"ours": unix(ours), "base": unix(base), "theirs": unix(theirs)}
    with tempfile.TemporaryDirectory(prefix="fastgen-") as folder:
        for name, content in sides.items():
            Path(folder, name).write_bytes(content)
        options = ("--quiet", "--diff3", f"--marker-size={SIZE}")
        done = processes.run(["git", "merge-file", *options, *sides], cwd=Path(folder))
        result = CONFLICT.sub(_both, Path(folder, "ours").read_bytes())
    if done.code not in range(FAILED) or CONFLICT.search(result):
        return None
    if not soundness.is_sound(path, result, sides.values()):
        return None
    return like(ours, result)


def unix(content: bytes) -> bytes:
    """Return `content` with line feeds as line ends."""
    return content.replace(b"\r\n", b"\n")


def like(ours: bytes, content: bytes) -> bytes:
    """Return `content`, whose line ends are line feeds, with the line ends of `ours`."""
    return content.replace(b"\n", b"\r\n") if b"\r\n" in ours else content


def _both(conflict: re.Match[bytes]) -> bytes:
    """Return both sides of a conflict in which each only adds lines, else the conflict."""
    ours, base, theirs = conflict["ours"], conflict["base"], conflict["theirs"]
    return conflict[0] if base else ours + theirs
