"""Whether uv.lock has what pyproject.toml needs, by name: nothing is resolved."""

import re
import tomllib
from collections.abc import Iterator
from typing import Any

from fastgen.checks.difference import Difference
from fastgen.project.place import Project

FILE = "uv.lock"
PROJECT = "pyproject.toml"
NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")
COMMAND = "uv lock"


def differences(project: Project) -> Iterator[Difference]:
    """Find what the lock of `project` lacks."""
    content = project.read(FILE)
    if content is None:
        yield Difference(FILE, "it is not there", COMMAND)
        return
    try:
        locked = {_normal(package["name"]) for package in _toml(content)["package"]}
    except (ValueError, KeyError, TypeError):
        yield Difference(FILE, "it cannot be read", COMMAND)
        return
    for name in sorted(_needed(_toml(project.read(PROJECT) or b"")) - locked):
        yield Difference(FILE, f"it lacks {name}, which {PROJECT} needs", COMMAND)


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
