"""A generated project that somebody works in."""

import os
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from support import Cli, Result

ITEM = ("add", "resource", "item", "name:str:100:min=1", "price:decimal:10,2:gt=0")
ROUTER = "src/app/api/v1/router.py"
MODELS = "src/app/models/__init__.py"
MODEL = "src/app/models/item.py"
SERVICE = "src/app/services/item.py"
RECIPE = ".fastgen/resources/item.yml"
RECORDS = ".fastgen/files/resources/item.yml"
VERSIONS = "src/app/migrations/versions"

Tree = dict[str, tuple[int, int, bytes]]


@dataclass
class Living:
    """A person in a project of theirs."""

    user: Cli
    root: Path

    def run(self, *arguments: str, cwd: Path | None = None, **env: str) -> Result:
        """Run fastgen in the project, or in `cwd`."""
        return self.user.run(*arguments, cwd=cwd or self.root, env=env)

    def must(self, *arguments: str) -> Result:
        """Run fastgen in the project; it must do all that it is asked."""
        result = self.run(*arguments)
        assert result.code == 0, result
        return result

    def git(self, *arguments: str) -> str:
        """Run git in the project."""
        return self.user.git(*arguments, cwd=self.root)

    def commit(self) -> None:
        """Commit all that there is."""
        self.git("add", "-A")
        self.git("commit", "-qm", "Work")

    def read(self, path: str) -> str:
        """Return the text of a file."""
        return (self.root / path).read_bytes().decode()

    def write(self, path: str, text: str) -> None:
        """Write a file, and the folders around it."""
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        before = file.stat().st_mtime if file.exists() else 0
        file.write_bytes(text.encode())
        # Bytecode counts as current while the size and the second in which a module was written
        # are those that it was made of.
        os.utime(file, (max(before + 1, file.stat().st_mtime),) * 2)

    def edit(self, path: str, old: str, new: str) -> None:
        """Change the one place in a file that says `old`."""
        text = self.read(path)
        assert text.count(old) == 1, (old, text)
        self.write(path, text.replace(old, new))

    def tree(self) -> Tree:
        """Return the mode, the time and the content of all files but git's."""
        found = {}
        for file in sorted(self.root.rglob("*")):
            path = file.relative_to(self.root).as_posix()
            if not path.startswith(".git/"):
                status = file.lstat()
                content = file.read_bytes() if file.is_file() else b""
                found[path] = (status.st_mode, status.st_mtime_ns, content)
        return found

    def texts(self) -> dict[str, bytes]:
        """Return the content of all files but git's; migrations without their times."""
        return {
            timeless(path): re.sub(rb"(?m)^Created: .*", b"", content)
            for path, (_, _, content) in self.tree().items()
            if (self.root / path).is_file()
        }

    def migrations(self) -> list[str]:
        """Return the names of the migrations, without their times."""
        return sorted(timeless(path.name) for path in (self.root / VERSIONS).glob("*.py"))

    def copy(self, name: str) -> "Living":
        """Return the same project in another place."""
        other = self.root.with_name(name)
        shutil.copytree(self.root, other, symlinks=True)
        return Living(self.user, other)


def timeless(path: str) -> str:
    """Return the path of a migration without the time in its name."""
    return re.sub(r"\d{8}_\d{4}_", "", path)


def make(user: Cli, folder: Path, **options: str) -> Path:
    """Make a project in `folder` with `options`, and return its root."""
    flags = [part for name, value in options.items() for part in (f"--{name}", value)]
    made = user.run("new", "shop", "--yes", "--no-install", *flags, "--output", str(folder))
    assert made.code == 0, made
    return folder


def settle(user: Cli, fresh: Path) -> Living:
    """Give `user` a copy of the project `fresh`."""
    shutil.copytree(fresh, user.cwd / "shop", symlinks=True)
    return Living(user, user.cwd / "shop")
