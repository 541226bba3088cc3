"""Compares uv.lock with the needs of pyproject.toml by name, without resolving anything."""

import os
import re
import shlex
from collections.abc import Iterator
from typing import Any

from fastgen.commands.check.difference import Difference
from fastgen.placement import workspace
from fastgen.project.project import Project
from fastgen.system import parsing, safe_files

FILE = "uv.lock"
PROJECT = "pyproject.toml"
NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")
COMMAND = "uv lock"
LARGEST = 32 * safe_files.LARGE
# The lock is searched and not parsed, as it has thousands of lines of one form.
PACKAGE = re.compile(rb'^\[\[package\]\]\r?\nname = "([A-Za-z0-9._-]+)"', re.MULTILINE)
CONFLICT = re.compile(rb"^<{7} ", re.MULTILINE)


def differences(project: Project) -> Iterator[Difference]:
    """Find what the lock of `project` lacks, or that of its uv workspace."""
    root = workspace.above(project.root) or project.root
    file = os.path.relpath(root / FILE, project.root)
    try:
        content = safe_files.read_regular(root / FILE, LARGEST)
    except FileNotFoundError:
        yield Difference(file, "it does not exist", COMMAND)
        return
    except (OSError, ValueError) as error:
        yield Difference(file, f"it cannot be read: {error}", _anew(file))
        return
    locked = {_normal(name.decode()) for name in PACKAGE.findall(content)}
    if not locked or CONFLICT.search(content):
        yield Difference(file, "it cannot be read", _anew(file))
        return
    needed = _needed(parsing.toml_of(project.read(PROJECT, safe_files.LARGE) or b""))
    for name in sorted(needed - locked):
        yield Difference(file, f"it lacks {name}, which {PROJECT} needs", COMMAND)


def _anew(file: str) -> str:
    return f"rm {shlex.quote(file)} && {COMMAND}"


def _needed(found: dict[str, Any]) -> set[str]:
    lists = [_table(found, "project").get("dependencies")]
    lists += _table(found, "dependency-groups").values()
    # A dependency group may include another one by a table.
    wanted = (one for texts in lists if isinstance(texts, list) for one in texts)
    names = (NAME.match(one) for one in wanted if isinstance(one, str))
    return {_normal(name[0]) for name in names if name}


def _table(found: dict[str, Any], key: str) -> dict[str, Any]:
    value = found.get(key)
    return value if isinstance(value, dict) else {}


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
