"""Whether uv.lock has what pyproject.toml needs, by name: nothing is resolved."""

import os
import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from fastgen.checks.difference import Difference
from fastgen.project.place import Project

FILE = "uv.lock"
PROJECT = "pyproject.toml"
NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")
COMMAND = "uv lock"


def differences(project: Project) -> Iterator[Difference]:
    """Find what the lock of `project` lacks; in a workspace of uv that is the workspace's."""
    file = os.path.relpath(_home(project.root) / FILE, project.root)
    content = project.read(file)
    if content is None:
        yield Difference(file, "it is not there", COMMAND)
        return
    try:
        locked = {_normal(package["name"]) for package in _toml(content)["package"]}
    except (ValueError, KeyError, TypeError):
        yield Difference(file, "it cannot be read", f"rm {shlex.quote(file)} && {COMMAND}")
        return
    for name in sorted(_needed(_toml(project.read(PROJECT) or b"")) - locked):
        yield Difference(file, f"it lacks {name}, which {PROJECT} needs", COMMAND)


def _home(root: Path) -> Path:
    """Return where uv keeps the lock of the project at `root`: it, or its workspace above."""
    for folder in root.parents:
        try:
            found = _toml((folder / PROJECT).read_bytes())
            workspace = found["tool"]["uv"]["workspace"]
            path = root.relative_to(folder)
            if _fits(path, workspace.get("members")) and not _fits(path, workspace.get("exclude")):
                return folder
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            continue
    return root


def _fits(path: Path, patterns: object) -> bool:
    return isinstance(patterns, list) and any(path.match(str(pattern)) for pattern in patterns)


def _toml(content: bytes) -> dict[str, Any]:
    return tomllib.loads(content.decode())


def _needed(found: dict[str, Any]) -> set[str]:
    wanted = [*found.get("project", {}).get("dependencies", ())]
    wanted += [one for group in found.get("dependency-groups", {}).values() for one in group]
    # A group may include another one, by a table.
    names = (NAME.match(one) for one in wanted if isinstance(one, str))
    return {_normal(name[0]) for name in names if name}


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
