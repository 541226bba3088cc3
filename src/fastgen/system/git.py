"""A thin typed wrapper around git."""

import os
import re
import shutil
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from fastgen.system import processes
from fastgen.system.processes import Completed

# A repository can contain a bare repository whose configuration runs code.
NO_BARE = ("-c", "safe.bareRepository=explicit")
# Includes spellings that file systems fold: case, invisible characters, short names.
NAME = re.compile(r"(\.git|git~1)[. ]*(:.*)?", re.IGNORECASE)


class GitError(Exception):
    """Git failed; the text is git's message."""


@dataclass(frozen=True, slots=True)
class Git:
    """Git in one work tree; its repository may be elsewhere."""

    work_tree: Path
    repository: Path | None = None

    def run(self, *arguments: str, stdin: str = "") -> Completed:
        """Run git with `arguments` and return the result, whatever the exit code."""
        where = () if self.repository is None else (f"--git-dir={self.repository}",)
        tree = () if self.repository is None else (f"--work-tree={self.work_tree}",)
        return processes.run(
            ["git", *NO_BARE, *where, *tree, *arguments],
            cwd=self.work_tree,
            stdin=stdin,
            # Paths may be bytes that are not valid text.
            errors="surrogateescape",
        )

    def must(self, *arguments: str, stdin: str = "") -> str:
        """Run git with `arguments` and return its output; raises `GitError`."""
        done = self.run(*arguments, stdin=stdin)
        if done.code:
            raise GitError(f"git {arguments[0]}: {done.complaints}")
        return done.stdout

    def has_identity(self) -> bool:
        """Whether git has a configured identity, not one guessed from the machine."""
        return not any(
            self.run("-c", "user.useConfigOnly=true", "var", ident).code
            for ident in ("GIT_AUTHOR_IDENT", "GIT_COMMITTER_IDENT")
        )

    def ignored(self, paths: Iterable[str]) -> set[str]:
        """Return which of `paths` git ignores, tracked or not."""
        done = self.run("check-ignore", "--no-index", "-z", "--stdin", stdin="\0".join(paths))
        return set(done.stdout.split("\0")) - {""}

    def hiding(self, paths: Iterable[str]) -> list[str]:
        """Return the patterns by which git ignores some of `paths`, each with its file."""
        listed = self.run(
            "check-ignore", "-v", "--no-index", "-z", "--stdin", stdin="\0".join(paths)
        )
        fields = iter(listed.stdout.split("\0")[:-1])
        found = zip(fields, fields, fields, fields, strict=True)
        shown = (f"{rule} in {file}" for file, _, rule, _ in found if not rule.startswith("!"))
        return list(dict.fromkeys(shown))

    def tracked(self) -> set[str]:
        """Return the files in git's index."""
        return set(self.must("ls-files", "-z").split("\0")) - {""}

    def ignores_everywhere(self) -> bool:
        """Whether the user has an exclude file for all repositories."""
        named = self.run("config", "--get", "--path", "core.excludesFile")
        settings = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
        return not named.code or (Path(settings) / "git" / "ignore").exists()


def available() -> bool:
    """Whether git is on the PATH."""
    return shutil.which("git") is not None


def enclosing_repository(folder: Path) -> Path | None:
    """Return the work tree that contains `folder`, other than `folder` itself."""
    for ancestor in folder.parents:
        entry = ancestor / ".git"
        if entry.is_file() or (entry / "HEAD").exists():
            return ancestor
    return None


def joined_repository(folder: Path) -> Path | None:
    """Return the work tree around `folder` that does not ignore it, if `folder` has none itself."""
    outer = None if has_repository(folder) else enclosing_repository(folder)
    return None if outer and available() and Git(outer).ignored([str(folder)]) else outer


def has_repository(folder: Path) -> bool:
    """Whether `folder` is the root of a work tree."""
    return os.path.lexists(folder / ".git")


def work_tree_of(folder: Path) -> Path | None:
    """Return the root of the work tree of `folder`: `folder` itself or a folder above."""
    return folder if has_repository(folder) else enclosing_repository(folder)


@cache
def is_git_name(name: str) -> bool:
    """Whether some file system treats `name`, one part of a path, as `.git`."""
    visible = "".join(one for one in name if unicodedata.category(one) != "Cf")
    return NAME.fullmatch(visible) is not None
