"""Merges fastgen's changes to a file with those that people made."""

import difflib
import re
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from fastgen.project import relaid, sameness, soundness
from fastgen.system import git, processes

# Longer than the lines that people draw in comments.
SIZE = 30
CONFLICT = re.compile(
    rb"^<{30} [^\n]*\n(?P<ours>.*?)^\|{30} [^\n]*\n(?P<base>.*?)"
    rb"^={30}\n(?P<theirs>.*?)^>{30} [^\n]*\n",
    re.MULTILINE | re.DOTALL,
)


SIDES = ("ours", "theirs")
# The exit code of git when it cannot merge at all, such as for a binary file.
FAILED = 128


def three_way(path: str, base: bytes, ours: bytes, theirs: bytes) -> bytes | None:
    """Return `ours`, the text file `path`, with the changes from `base` to `theirs`.

    Where the sides change lines next to each other, or add some at one place, it has both, those
    of `ours` first if that can be read. Returns None when they conflict, when the result cannot be
    read as what `path` is called (Python, TOML, YAML) or defines something that no side defines, or
    more often, or when git is missing.
    """
    if not git.available():
        return None
    sides = _laid_out_alike(path, unix(ours), unix(base), unix(theirs))
    merged = _merged(sides, "--diff3", f"--marker-size={SIZE}")
    if merged is None:
        return None
    for order in (SIDES, SIDES[::-1]):
        result = CONFLICT.sub(partial(_both, order=order), merged)
        if not CONFLICT.search(result) and soundness.is_sound(path, result, sides):
            return like(ours, result)
    return None


def _merged(sides: Sequence[bytes], *options: str) -> bytes | None:
    """Return what git makes of `sides` (ours, base, theirs), None if it cannot merge them."""
    names = ("ours", "base", "theirs")
    with tempfile.TemporaryDirectory(prefix="fastgen-") as folder:
        for name, content in zip(names, sides, strict=True):
            Path(folder, name).write_bytes(content)
        command = ["git", "merge-file", "--quiet", *options, *names]
        done = processes.run(command, cwd=Path(folder))
        return Path(folder, "ours").read_bytes() if done.code in range(FAILED) else None


def _laid_out_alike(
    path: str, ours: bytes, base: bytes, theirs: bytes
) -> tuple[bytes, bytes, bytes]:
    """Return the sides with `base` and `theirs` laid out as `ours`, where they say the same."""
    laid_out = relaid.as_in(ours, base) if path.endswith(".py") else base
    if laid_out == base:
        return ours, base, theirs
    changed = _merged((theirs, base, laid_out), "--ours")
    alike = changed is not None and sameness.same(changed, theirs)
    return ours, laid_out, changed if changed is not None and alike else theirs


def unix(content: bytes) -> bytes:
    """Return `content` with line feeds as line ends."""
    return content.replace(b"\r\n", b"\n")


def like(ours: bytes, content: bytes) -> bytes:
    """Return `content`, whose line ends are line feeds, with the line ends of `ours`."""
    return content.replace(b"\n", b"\r\n") if b"\r\n" in ours else content


def _both(conflict: re.Match[bytes], order: Sequence[str]) -> bytes:
    """Return both sides of a conflict in which they change other lines, else the conflict.

    What they add at one place comes in the `order` of the sides.
    """
    base = conflict["base"].splitlines(keepends=True)
    first, second = (_changes(base, conflict[side].splitlines(keepends=True)) for side in order)
    if any(one.overlaps(other) for one in first for other in second):
        return conflict[0]
    found, place = b"", 0
    # Lines that are added before others are changed come first.
    for one in sorted([*first, *second], key=lambda one: (one.start, one.end)):
        found += b"".join([*base[place : one.start], *one.lines])
        place = max(place, one.end)
    return found + b"".join(base[place:])


@dataclass(frozen=True, slots=True)
class _Changed:
    """Lines that replace others."""

    start: int
    end: int
    lines: Sequence[bytes]

    def overlaps(self, other: "_Changed") -> bool:
        """Whether both change a line, or one adds lines between those that the other changes."""
        return self.start < other.end and other.start < self.end


def _changes(base: Sequence[bytes], side: Sequence[bytes]) -> list[_Changed]:
    matcher = difflib.SequenceMatcher(None, base, side, autojunk=False)
    return [
        _Changed(start, end, side[after:until])
        for kind, start, end, after, until in matcher.get_opcodes()
        if kind != "equal"
    ]
