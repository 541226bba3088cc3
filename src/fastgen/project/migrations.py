"""Reads the migrations of a project, without a database."""

import ast
import contextlib
import itertools
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from fastgen.changes.plan import Create, Manual
from fastgen.errors import Refused
from fastgen.messages import shown
from fastgen.names import layout
from fastgen.project.project import Project
from fastgen.slices.resource import Resource
from fastgen.system import parsing, safe_files
from fastgen.wiring.classes import assigned_names, find_classes

# The command that puts the branches of a history in a row.
FIX = "fastgen check --fix"
NAMES = ("revision", "down_revision")
WHY = "the migration"
# A revision becomes part of the next migration's source.
IDENTIFIER = re.compile(r"[\w.]{1,100}")
# The form that Alembic writes; other forms are parsed, which takes longer.
ASSIGNED = re.compile(
    rb"""^(revision|down_revision)\b[^=\n]*= *(None|"[^"\\\n]+"|'[^'\\\n]+')[ \t\r]*$""",
    re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Migration:
    """A file in `versions/`."""

    path: str
    revision: str
    parents: tuple[str, ...]
    source: bytes


def load(root: Path) -> list[Migration]:
    """Read the migrations of the project at `root`; raises `Refused`."""
    folder = root / layout.VERSIONS
    try:
        files = sorted(file for file in folder.iterdir() if file.suffix == ".py")
    except OSError as error:
        raise Refused(f"{layout.VERSIONS} cannot be read: {error.strerror}") from error
    return [found for file in files if (found := _read(root, file))]


def heads(migrations: Iterable[Migration]) -> list[Migration]:
    """Return the migrations that no other migration follows."""
    found = list(migrations)
    followed = {parent for migration in found for parent in migration.parents}
    return [migration for migration in found if migration.revision not in followed]


def head(migrations: Iterable[Migration]) -> str | None:
    """Return the revision that a new migration follows, None if it is the first.

    Raises `Refused` when there are several.
    """
    found = heads(migrations)
    if len(found) > 1:
        listed = ", ".join(f"{one.revision} ({Path(one.path).name})" for one in found)
        raise Refused(f"{layout.VERSIONS} has {len(found)} heads: {listed}", FIX)
    if not found:
        return None
    [one] = found
    if not IDENTIFIER.fullmatch(one.revision):
        told = f"a revision consists of letters, digits and '_', not {shown(one.revision)}"
        raise Refused(f"{one.path}: {told}")
    return one.revision


def makes(migrations: Iterable[Migration], table: str) -> Migration | None:
    """Return the migration that creates `table`, None if it does not exist after all of them."""
    found = None
    quoted = (f'"{table}"'.encode(), f"'{table}'".encode())
    for migration in in_order(migrations):
        if any(text in migration.source for text in quoted):
            for made, gone in _moves(migration.source):
                if table == gone:
                    found = None
                if table == made:
                    found = migration
    return found


def table_of(project: Project, resource: Resource) -> str:
    """Return the table of the model of `resource`, or that of the recipe without a model."""
    names = resource.names
    source = project.read(layout.model(names)) or b""
    found = (one.table for one in find_classes(source) if one.name == names.cls)
    return next(found, None) or names.table


def renamed(project: Project, resource: Resource) -> str | None:
    """Return a message if the model of `resource` has another table than the recipe."""
    names, table = resource.names, table_of(project, resource)
    return None if table == names.table else f"the table of {names.singular} is called {table}"


def by_hand(title: str, reason: str) -> Manual:
    """Return the command that creates a migration which fastgen does not write."""
    command = f'uv run alembic revision --autogenerate -m "{title}"'
    return Manual(
        layout.VERSIONS, command, f"{reason}, so create and review the migration yourself"
    )


def rename(old: str, new: str, following: Manual) -> Manual:
    """Return `following` preceded by a migration that renames a table, which Alembic cannot see."""
    lines = [
        f'uv run alembic revision -m "rename {old} to {new}"',
        f'    op.rename_table("{old}", "{new}")    # in upgrade(), and back in downgrade()',
        "uv run alembic upgrade head",
        following.snippet,
    ]
    reason = f"no migration renames the table {old} to {new}, and autogenerate would drop its rows"
    return Manual(layout.VERSIONS, "\n".join(lines), reason)


def in_order(migrations: Iterable[Migration]) -> list[Migration]:
    """Return `migrations` sorted so that each comes after those that it follows."""
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


def created(root: Path, files: Mapping[str, bytes]) -> list[Create]:
    """Return the changes that add the new migrations `files` beside the existing ones."""
    return [Create(_free(root, path), content, WHY) for path, content in files.items()]


def _free(root: Path, path: str) -> str:
    """Return `path`, or a similar one if it is taken by a migration of the same minute."""
    stem = path.removesuffix(".py")
    names = itertools.chain([path], (f"{stem}_{number}.py" for number in itertools.count(2)))
    return next(name for name in names if not os.path.lexists(root / name))


def _read(root: Path, file: Path) -> Migration | None:
    try:
        source = safe_files.read_own(root, file.relative_to(root).as_posix(), safe_files.LARGE)
    except OSError as error:
        raise Refused(f"{layout.VERSIONS}/{file.name} cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise Refused(f"{layout.VERSIONS}/{file.name} cannot be read: {error}") from error
    found = {name.decode(): value for name, value in ASSIGNED.findall(source)}
    values = (
        {name: ast.literal_eval(value.decode()) for name, value in found.items()}
        if len(found) == len(NAMES)
        else _assigned(source)
    )
    revision = values.get("revision")
    if not isinstance(revision, str):
        return None
    path = file.relative_to(root).as_posix()
    return Migration(path, revision, _parents(values.get("down_revision")), source)


def _assigned(source: bytes) -> dict[str, object]:
    values: dict[str, object] = {}
    for statement in tree(source).body:
        for name in assigned_names(statement):
            value = getattr(statement, "value", None)
            if name in NAMES and value is not None:
                with contextlib.suppress(ValueError, *parsing.UNREADABLE, TypeError):
                    values[name] = ast.literal_eval(value)
    return values


def _parents(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    return tuple(map(str, value)) if isinstance(value, list | tuple) else ()


def _moves(source: bytes) -> Iterator[tuple[str | None, str | None]]:
    """Yield the tables that `upgrade` creates and drops, in order."""
    for function in tree(source).body:
        if isinstance(function, ast.FunctionDef) and function.name == "upgrade":
            for node in ast.walk(function):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                    yield from _move(node.func.attr, node.args)


def _move(operation: str, arguments: list[ast.expr]) -> Iterator[tuple[str | None, str | None]]:
    names = [one.value for one in arguments[:2] if isinstance(one, ast.Constant)]
    match operation, names:
        case "create_table", [str(made), *_]:
            yield made, None
        case "drop_table", [str(gone), *_]:
            yield None, gone
        case "rename_table", [str(gone), str(made)]:
            yield made, gone


def tree(source: bytes) -> ast.Module:
    """Return the syntax tree of a migration, an empty one if it is not Python."""
    try:
        return parsing.python_of(source)
    except ValueError:
        return ast.Module([], [])
