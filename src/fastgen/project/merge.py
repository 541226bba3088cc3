"""Merges fastgen's changes to a module with those that people made."""

import ast
import re
import tempfile
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from fastgen.system import git, processes
from fastgen.wiring.classes import assigned_names

# Longer than the lines that people draw in comments.
SIZE = 30
CONFLICT = re.compile(
    rb"^<{30} [^\n]*\n(?P<ours>.*?)^\|{30} [^\n]*\n(?P<base>.*?)"
    rb"^={30}\n(?P<theirs>.*?)^>{30} [^\n]*\n",
    re.MULTILINE | re.DOTALL,
)


def three_way(base: bytes, ours: bytes, theirs: bytes) -> bytes | None:
    """Return `ours` with the changes from `base` to `theirs`.

    Returns None when they conflict, when the result is not Python or defines something twice that
    each side defines once, or when git is missing.
    """
    if not git.available():
        return None
    sides = {"ours": unix(ours), "base": unix(base), "theirs": unix(theirs)}
    with tempfile.TemporaryDirectory(prefix="fastgen-") as folder:
        for name, content in sides.items():
            Path(folder, name).write_bytes(content)
        options = ("--quiet", "--diff3", f"--marker-size={SIZE}")
        processes.run(["git", "merge-file", *options, *sides], cwd=Path(folder))
        result = CONFLICT.sub(_both, Path(folder, "ours").read_bytes())
    if CONFLICT.search(result) or not _is_sound(result, sides.values()):
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


def _is_sound(result: bytes, sides: Iterable[bytes]) -> bool:
    """Whether `result` is Python and defines nothing more often than one of `sides` does."""
    defined = _definitions(result)
    if defined is None:
        return False
    most: Counter[str] = Counter()
    for side in sides:
        most |= _definitions(side) or Counter()
    return defined <= most


def _definitions(source: bytes) -> Counter[str] | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            # The compiler finds more than the parser, such as a duplicate argument.
            compile(source, "", "exec", dont_inherit=True)
            tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    return Counter(_in_scope(tree, ""))


def _in_scope(scope: ast.AST, path: str) -> Iterator[str]:
    for node in ast.iter_child_nodes(scope):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            name = f"{path}.{node.name}"
            yield name
            yield from _in_scope(node, name)
        elif isinstance(scope, ast.ClassDef) and isinstance(node, ast.stmt):
            yield from (f"{path}.{name}" for name in assigned_names(node))
