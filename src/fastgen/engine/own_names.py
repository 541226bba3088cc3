"""The names that people gave to generated functions, classes and constants."""

import ast
import difflib
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from fastgen.system import parsing

NAME = re.compile(r"[A-Za-z_]\w*")
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def given(base: bytes, ours: bytes) -> dict[str, str]:
    """Return the new name of each name that `base` defines or imports and people changed in `ours`.

    The old name is nowhere in `ours`, the new one nowhere in `base`, and it stands wherever the
    old one stood. Returns nothing if a source is not Python.
    """
    try:
        before, after = _defined(base), _defined(ours)
        old, new = base.decode(), ours.decode()
    except ValueError:
        return {}
    lost = before - {*NAME.findall(new)}
    fresh = after - {*NAME.findall(old)}
    if not lost or not fresh:
        return {}
    found: dict[str, set[str]] = defaultdict(set)
    for one, other in _replaced(old.splitlines(), new.splitlines()):
        if one in lost:
            found[one].add(other)
    pairs = {one: others.pop() for one, others in found.items() if len(others) == 1}
    several = {name for name in pairs.values() if [*pairs.values()].count(name) > 1}
    return {one: other for one, other in pairs.items() if other in fresh - several}


def called(source: bytes, names: Mapping[str, str]) -> bytes:
    """Return `source` with each of `names` replaced."""
    if not names:
        return source
    text = source.decode(errors="surrogateescape")
    text = NAME.sub(lambda match: names.get(match[0], match[0]), text)
    return text.encode(errors="surrogateescape")


def _defined(source: bytes) -> set[str]:
    """Return the names of what a module imports and defines, also in classes."""
    tree = parsing.python_of(source)
    found: set[str] = set()
    for node in [
        *tree.body,
        *(n for c in tree.body if isinstance(c, ast.ClassDef) for n in c.body),
    ]:
        if isinstance(node, DEFINITIONS):
            found.add(node.name)
        elif isinstance(node, ast.ImportFrom):
            found |= {alias.asname or alias.name for alias in node.names}
        elif isinstance(node, ast.Assign):
            found |= {target.id for target in node.targets if isinstance(target, ast.Name)}
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            found.add(node.target.id)
    return found


def _replaced(old: list[str], new: list[str]) -> Iterator[tuple[str, str]]:
    """Yield pairs of names: one in `old`, and the one in its place in `new`."""
    for kind, *lines in _differences(old, new):
        if kind == "replace":
            first, last, after, end = lines
            one, other = (
                NAME.findall("\n".join(part)) for part in (old[first:last], new[after:end])
            )
            for what, *words in _differences(one, other):
                start, stop, begin, until = words
                if what == "replace" and stop - start == until - begin:
                    yield from zip(one[start:stop], other[begin:until], strict=True)


def _differences(old: list[str], new: list[str]) -> Sequence[tuple[str, int, int, int, int]]:
    return difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
