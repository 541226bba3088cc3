"""The migrations of a project, by reading: no database is asked."""

import ast
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from fastgen.errors import Refused

FOLDER = "src/app/migrations/versions"
MERGE = 'uv run alembic merge heads -m "merge branches"'
ASSIGNED = re.compile(rb"^(revision|down_revision)\b[^=\n]*=\s*(.*?)(?=^\S|\Z)", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Migration:
    """One file of `versions/`."""

    path: str
    revision: str
    parents: tuple[str, ...]
    source: bytes


def load(root: Path) -> list[Migration]:
    """Read the migrations of the project at `root`; raises `Refused`."""
    folder = root / FOLDER
    try:
        files = sorted(file for file in folder.iterdir() if file.suffix == ".py")
    except OSError as error:
        raise Refused(f"{FOLDER} cannot be read: {error.strerror}") from error
    return [found for file in files if (found := _read(root, file))]


def heads(migrations: Iterable[Migration]) -> list[Migration]:
    """Return the migrations that none follows."""
    found = list(migrations)
    followed = {parent for migration in found for parent in migration.parents}
    return [migration for migration in found if migration.revision not in followed]


def head(migrations: Iterable[Migration]) -> str | None:
    """Return the revision that a new migration follows, nothing when it is the first.

    Raises `Refused` when there are several.
    """
    found = heads(migrations)
    if len(found) > 1:
        listed = ", ".join(f"{one.revision} ({Path(one.path).name})" for one in found)
        raise Refused(f"{FOLDER} has {len(found)} heads: {listed}", MERGE)
    return found[0].revision if found else None


def makes(migrations: Iterable[Migration], table: str) -> Migration | None:
    """Return the migration after which `table` is there, nothing when it is dropped or never made."""
    found = None
    quoted = (f'"{table}"'.encode(), f"'{table}'".encode())
    for migration in in_order(migrations):
        if any(text in migration.source for text in quoted):
            for operation, named in _operations(migration.source):
                if named == table:
                    found = migration if operation == "create_table" else None
    return found


def in_order(migrations: Iterable[Migration]) -> list[Migration]:
    """Return `migrations` with each after those that it follows."""
    left = {migration.revision: migration for migration in migrations}
    ordered: list[Migration] = []
    while left:
        ready = [one for one in left.values() if not left.keys() & set(one.parents)]
        if not ready:
            return [*ordered, *left.values()]
        ordered += ready
        for one in ready:
            del left[one.revision]
    return ordered


def _read(root: Path, file: Path) -> Migration | None:
    try:
        source = file.read_bytes()
    except OSError as error:
        raise Refused(f"{FOLDER}/{file.name} cannot be read: {error.strerror}") from error
    values: dict[str, object] = {}
    for name, text in ASSIGNED.findall(source):
        try:
            values.setdefault(name.decode(), ast.literal_eval(text.decode().strip()))
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            continue
    revision = values.get("revision")
    if not isinstance(revision, str):
        return None
    return Migration(
        file.relative_to(root).as_posix(), revision, _parents(values.get("down_revision")), source
    )


def _parents(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    return tuple(map(str, value)) if isinstance(value, list | tuple) else ()


def _operations(source: bytes) -> list[tuple[str, str]]:
    """Return the tables that `upgrade` makes, drops and renames to, in order."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return []
    functions = [n for n in tree.body if isinstance(n, ast.FunctionDef) and n.name == "upgrade"]
    return [
        (node.func.attr, node.args[0].value)
        for function in functions
        for node in ast.walk(function)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"create_table", "drop_table"}
        and node.args
        and isinstance(node.args[0], ast.Constant)
        and isinstance(node.args[0].value, str)
    ]
