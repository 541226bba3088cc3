"""Checks merged files: that they can be parsed, and define nothing twice."""

import ast
import re
import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import PurePosixPath
from types import MappingProxyType

from fastgen.system import parsing
from fastgen.wiring.classes import assigned_names

VARIABLE = re.compile(r"^(?:export )?(\w+)=", re.MULTILINE)


def is_sound(path: str, result: bytes, sides: Iterable[bytes]) -> bool:
    """Whether the file `path` can be read and defines nothing more often than one of `sides`."""
    read = _reader(PurePosixPath(path))
    defined = _defined(read, result)
    if defined is None:
        return False
    most: Counter[str] = Counter()
    for side in sides:
        most |= _defined(read, side) or Counter()
    return defined <= most


Reader = Callable[[bytes], Iterator[str]]


def _defined(read: Reader, content: bytes) -> Counter[str] | None:
    try:
        return Counter(read(content))
    except (ValueError, RecursionError, MemoryError):
        return None


def _of_python(source: bytes) -> Iterator[str]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            # The compiler finds more than the parser, such as a duplicate argument.
            compile(source, "", "exec", dont_inherit=True)
            tree = ast.parse(source)
    except SyntaxError as error:
        raise ValueError(str(error)) from error
    yield from _in_scope(tree, "")


def _in_scope(scope: ast.AST, path: str) -> Iterator[str]:
    for node in ast.iter_child_nodes(scope):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            name = f"{path}.{node.name}"
            yield name
            yield from _in_scope(node, name)
        elif isinstance(scope, ast.ClassDef) and isinstance(node, ast.stmt):
            yield from (f"{path}.{name}" for name in assigned_names(node))


def _of_toml(content: bytes) -> Iterator[str]:
    # TOML does not allow a key twice.
    parsing.toml_of(content)
    yield from ()


def _of_yaml(content: bytes) -> Iterator[str]:
    yield from parsing.yaml_repeated(content)


def _of_environment(content: bytes) -> Iterator[str]:
    yield from VARIABLE.findall(content.decode(errors="surrogateescape"))


def _of_text(_: bytes) -> Iterator[str]:
    yield from ()


READERS: Mapping[str, Reader] = MappingProxyType(
    {".py": _of_python, ".toml": _of_toml, ".yml": _of_yaml, ".yaml": _of_yaml}
)


def _reader(path: PurePosixPath) -> Reader:
    is_environment = path.name == ".env" or path.name.startswith(".env.")
    return _of_environment if is_environment else READERS.get(path.suffix, _of_text)
