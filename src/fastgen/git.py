"""A thin typed wrapper of git."""

import os
import re
import shutil
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from fastgen import processes
from fastgen.processes import Completed

# A folder that looks like a bare repository can be committed, with a configuration that runs code.
NO_BARE = ("-c", "safe.bareRepository=explicit")
# Also where the file system ignores case, characters that do not show, or has short names.
NAME = re.compile(r"(\.git|git~1)[. ]*(:.*)?", re.IGNORECASE)


class GitError(Exception):
    """Git refused; the text is its own."""


@dataclass(frozen=True, slots=True)
class Git:
    """Git in one work tree, with its repository in it or elsewhere."""

    work_tree: Path
    repository: Path | None = None

    def run(self, *arguments: str, stdin: str = "") -> Completed:
        """Run git with `arguments`, whatever its exit code."""
        where = () if self.repository is None else (f"--git-dir={self.repository}",)
        tree = () if self.repository is None else (f"--work-tree={self.work_tree}",)
        return processes.run(
            ["git", *NO_BARE, *where, *tree, *arguments],
            cwd=self.work_tree,
            stdin=stdin,
            # Paths are bytes that need not be text.
            errors="surrogateescape",
        )

    def must(self, *arguments: str, stdin: str = "") -> str:
        """Run git with `arguments` and return its output; raises `GitError`."""
        done = self.run(*arguments, stdin=stdin)
        if done.code:
            raise GitError(f"git {arguments[0]}: {done.complaints}")
        return done.stdout

    def has_identity(self) -> bool:
        """Whether the person has told git who they are; a guess from the machine is none."""
        return not any(
            self.run("-c", "user.useConfigOnly=true", "var", ident).code
            for ident in ("GIT_AUTHOR_IDENT", "GIT_COMMITTER_IDENT")
        )

    def ignored(self, paths: Iterable[str]) -> set[str]:
        """Return those of `paths` that git ignores, tracked or not."""
        done = self.run("check-ignore", "--no-index", "-z", "--stdin", stdin="\0".join(paths))
        return set(done.stdout.split("\0")) - {""}

    def hiding(self, paths: Iterable[str]) -> list[str]:
        """Return the patterns that have git ignore some of `paths`, each with its file."""
        listed = self.run(
            "check-ignore", "-v", "--no-index", "-z", "--stdin", stdin="\0".join(paths)
        )
        fields = iter(listed.stdout.split("\0")[:-1])
        found = zip(fields, fields, fields, fields, strict=True)
        shown = (f"{rule} in {file}" for file, _, rule, _ in found if not rule.startswith("!"))
        return list(dict.fromkeys(shown))

    def tracked(self) -> set[str]:
        """Return the files that git's index has."""
        return set(self.must("ls-files", "-z").split("\0")) - {""}

    def ignores_everywhere(self) -> bool:
        """Whether this person has git ignore files in all repositories."""
        named = self.run("config", "--get", "--path", "core.excludesFile")
        settings = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
        return not named.code or (Path(settings) / "git" / "ignore").exists()


def available() -> bool:
    """Whether there is a git on the PATH."""
    return shutil.which("git") is not None


def enclosing_repository(folder: Path) -> Path | None:
    """Return the work tree around `folder`, whether it has a repository of its own or not."""
    for ancestor in folder.parents:
        entry = ancestor / ".git"
        if entry.is_file() or (entry / "HEAD").exists():
            return ancestor
    return None


def joined_repository(folder: Path) -> Path | None:
    """Return the work tree that `folder` is a part of: around it, and not ignoring it."""
    outer = None if has_repository(folder) else enclosing_repository(folder)
    return None if outer and available() and Git(outer).ignored([str(folder)]) else outer


def has_repository(folder: Path) -> bool:
    """Whether `folder` is the root of a work tree."""
    return os.path.lexists(folder / ".git")


def work_tree_of(folder: Path) -> Path | None:
    """Return the root of the work tree that `folder` is, or lies in."""
    return folder if has_repository(folder) else enclosing_repository(folder)


def is_git_name(name: str) -> bool:
    """Whether some file system takes `name`, one part of a path, for `.git`."""
    visible = "".join(one for one in name if unicodedata.category(one) != "Cf")
    return NAME.fullmatch(visible) is not None
