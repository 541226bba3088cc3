"""Refuses a new project that would become a member of a uv workspace above it.

All members of a workspace share one lock and one environment, and each generated project is a
package called `app`: the second one would import the code of the first.
"""

import json
import os
import shlex
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from posixpath import normpath
from typing import Any

from fastgen.errors import TargetRefused
from fastgen.system import parsing, safe_files

FILE = "pyproject.toml"


def refuse(target: Path) -> None:
    """Raise `TargetRefused` when a project at `target` would be a member of a workspace."""
    root = above(target)
    if root:
        path = Path(os.path.realpath(target)).relative_to(root).as_posix()
        excluded = [*_texts(_workspace(root), "exclude"), path]
        line = f"exclude = {json.dumps(excluded, ensure_ascii=False)}"
        outside = shlex.quote(str(root.parent / f"{target.name}-project"))
        raise TargetRefused(
            f"{target} would be a member of the uv workspace {root}: its members share one "
            "environment, and each fastgen project is a package named `app` in it; put "
            f"`{line}` under [tool.uv.workspace] in {root / FILE} first, or create the "
            "project elsewhere",
            instead=(("--output=*", f"--output {outside}"),),
        )


def above(folder: Path) -> Path | None:
    """Return the root of the workspace that `folder` is or would be a member of, if any."""
    real = Path(os.path.realpath(folder))
    for root in real.parents:
        workspace = _workspace(root)
        path = real.relative_to(root).as_posix()
        members, excluded = (_texts(workspace, key) for key in ("members", "exclude"))
        if _any_fits(members, path) and not _any_fits(excluded, path):
            return root
    return None


def _workspace(root: Path) -> dict[str, Any]:
    try:
        content = safe_files.read_regular(root / FILE, safe_files.LARGE)
        found = parsing.toml_of(content)["tool"]["uv"]["workspace"]
    except (OSError, ValueError, KeyError, TypeError):
        # uv reports settings that it cannot read.
        return {}
    return found if isinstance(found, dict) else {}


def _texts(workspace: dict[str, Any], key: str) -> list[str]:
    found = workspace.get(key)
    return [one for one in found if isinstance(one, str)] if isinstance(found, list) else []


def _any_fits(patterns: Sequence[str], path: str) -> bool:
    return any(_fits(normpath(pattern).split("/"), path.split("/")) for pattern in patterns)


def _fits(pattern: Sequence[str], path: Sequence[str]) -> bool:
    """Whether a uv glob matches; `**` stands for any number of folders."""
    reached = {0}
    for part in pattern:
        reached = set(_after(part, path, reached))
    return len(path) in reached


def _after(part: str, path: Sequence[str], reached: set[int]) -> Iterator[int]:
    if part == "**":
        yield from range(min(reached, default=len(path) + 1), len(path) + 1)
    else:
        yield from (at + 1 for at in reached if at < len(path) and fnmatchcase(path[at], part))
