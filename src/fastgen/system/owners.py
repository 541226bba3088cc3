"""Refuses projects of other users, whose code would be run, by the rules that git has."""

import os
import pwd
import shlex
from collections.abc import Iterable
from pathlib import Path

from fastgen.errors import Refused
from fastgen.system import git, processes

# Not from a repository: it would allow itself.
SCOPES = {"system", "global", "command"}
SETTING = "safe.directory"


def refuse_others(root: Path, paths: Iterable[Path]) -> None:
    """Raise `Refused` when one of `paths` in the project `root` belongs to another user."""
    foreign = next((path for path in paths if not is_own(path)), None)
    if foreign is None:
        return
    tree = git.work_tree_of(root) or root
    if not _allowed({os.path.realpath(root), os.path.realpath(tree)}):
        raise Refused(
            f"{foreign} belongs to {owner(foreign)}: its contents could run as you",
            shlex.join(["git", "config", "--global", "--add", SETTING, os.path.realpath(tree)])
            if git.available()
            else shlex.join(["cp", "-r", str(root), str(Path.home())]),
        )


def is_own(path: Path) -> bool:
    """Whether `path` and the target of its links belong to the current user or do not exist."""
    return all(map(_is_ours, _owners(path)))


def _owners(path: Path) -> set[int]:
    try:
        return {path.lstat().st_uid, path.stat().st_uid}
    except OSError:
        return set()


def _is_ours(number: int) -> bool:
    ours = os.geteuid()
    # With sudo, the files of the user behind it count as well.
    by_sudo = os.environ.get("SUDO_UID", "") if ours == 0 else ""
    return number == ours or str(number) == by_sudo


def owner(path: Path) -> str:
    """Return the name of the other user who owns `path` or the target of its links."""
    number = next(one for one in _owners(path) if not _is_ours(one))
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return f"user {number}"


def _allowed(folders: set[str]) -> bool:
    """Whether git is configured to trust one of `folders`."""
    if not git.available():
        return False
    command = ["git", "config", "--null", "--show-scope", "--type=path", "--get-all", SETTING]
    told = processes.run(command, cwd=Path("/"), errors="surrogateescape").stdout.split("\0")
    allowed = False
    for scope, value in zip(told[::2], told[1::2], strict=False):
        if scope in SCOPES:
            # An empty value resets the list.
            allowed = bool(value) and (allowed or _covers(value, folders))
    return allowed


def _covers(value: str, folders: set[str]) -> bool:
    if value == "*":
        return True
    if value.endswith("/*"):
        above = os.path.realpath(value[:-2]).rstrip("/") + "/"
        return any(folder.startswith(above) for folder in folders)
    return Path(value).is_absolute() and os.path.realpath(value) in folders
