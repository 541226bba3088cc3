"""Runs fastgen as people do: a process of its own, in a folder and a home of its own."""

import json
import os
import shlex
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import preloaded

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "fastgen"
FASTGEN = (sys.executable, "-m", "fastgen")
# Whoever runs the tests has a uv cache; the home of a test has none.
UV_CACHE = os.environ.get("UV_CACHE_DIR") or str(
    Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "uv"
)

# Templates that were compiled, for all the homes of the tests.
CACHE = str(Path(tempfile.gettempdir()) / f"fastgen-tests-{os.getuid()}")


@dataclass(frozen=True)
class Result:
    """What a user sees of a run."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        """The one object on stdout."""
        parsed: dict[str, Any] = json.loads(self.out)
        return parsed


@dataclass
class Cli:
    """A user: a folder to work in, a home, an environment."""

    cwd: Path
    home: Path
    env: dict[str, str] = field(default_factory=dict)
    command: tuple[str, ...] = FASTGEN

    def __post_init__(self) -> None:
        """Start from a clean home in which git knows its user."""
        kept = ("PATH", "TMPDIR", "LANG", "LC_ALL", "SSL_CERT_FILE", "SSL_CERT_DIR", "PIP_CERT")
        self.env = {
            **{key: os.environ[key] for key in kept if key in os.environ},
            "HOME": str(self.home),
            "GIT_CONFIG_NOSYSTEM": "1",
            "UV_CACHE_DIR": UV_CACHE,
            "XDG_CACHE_HOME": CACHE,
            "PYTHONDEVMODE": "",
            "COLUMNS": "100",
            **self.env,
        }
        self.home.mkdir(parents=True, exist_ok=True)
        (self.home / ".gitconfig").write_text("[user]\nname = Ada\nemail = ada@example.org\n")

    def run(
        self, *arguments: str | bytes, cwd: Path | None = None, env: Mapping[str, str] | None = None
    ) -> Result:
        """Run fastgen to its end, without a terminal."""
        cwd, env = cwd or self.cwd, {**self.env, **(env or {})}
        if self.command == FASTGEN and (ready := preloaded.of(env)):
            code, out, err = ready.run(*map(os.fsdecode, arguments), cwd=cwd, env=env)
            return Result(code, os.fsdecode(out), os.fsdecode(err))
        done = subprocess.run(
            [*self.command, *arguments],
            cwd=cwd,
            env=env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=300,
            check=False,
        )
        return Result(done.returncode, os.fsdecode(done.stdout), os.fsdecode(done.stderr))

    @property
    def typed(self) -> str:
        """What a script for a shell says to run fastgen."""
        ready = preloaded.of(self.env)
        if self.command != FASTGEN or not ready:
            return shlex.join(self.command)
        return shlex.join([sys.executable, "-IS", str(preloaded.CLIENT), str(ready.socket)])

    def start(self, *arguments: str, **options: Any) -> "subprocess.Popen[bytes]":
        """Start fastgen and return the process."""
        return subprocess.Popen(
            [*self.command, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            **{"cwd": self.cwd, **options, "env": {**self.env, **options.get("env", {})}},
        )

    def git(self, *arguments: str, cwd: Path | None = None) -> str:
        """Run git as this user and return its output."""
        done = subprocess.run(
            ["git", *arguments],
            cwd=cwd or self.cwd,
            env=self.env,
            capture_output=True,
            check=True,
            text=True,
        )
        return done.stdout


def snapshot(folder: Path) -> dict[str, tuple[str, bytes]]:
    """Return every entry under `folder` with its kind, mode and content."""
    found: dict[str, tuple[str, bytes]] = {}
    for path in sorted(folder.rglob("*")):
        status = path.lstat()
        if path.is_symlink():
            content = bytes(path.readlink())
        else:
            content = path.read_bytes() if path.is_file() else b""
        found[path.relative_to(folder).as_posix()] = (stat.filemode(status.st_mode), content)
    return found


TINY_QUESTIONS = """\
_subdirectory: template/project
_templates_suffix: .jinja
_envops: {keep_trailing_newline: true, undefined: jinja2.StrictUndefined}
project_name: {type: str, help: Name}
description: {type: str, help: What for, default: A service}
database: {type: str, help: Database, choices: [sqlite, postgresql], default: sqlite}
with_postgresql: {type: str, when: false, default: "{{ '.' if database == 'postgresql' else '' }}"}
"""

TINY_FILES = {
    "pyproject.toml.jinja": '[project]\nname = "{{ project_name }}"\nversion = "0"\n',
    ".env.example": "DEBUG=true\nSECRET_KEY=\n",
    ".gitignore.jinja": ".env\n.venv/\n",
    "README.md.jinja": "# {{ project_name }}\n",
    "src/app/__init__.py": "",
    "src/app/main.py.jinja": "import os\nimport ast\nX = {'a':1}\nprint(os, ast)\n",
    "{{ with_postgresql }}/src/app/pg.py": "PG = 1\n",
}


def install(
    folder: Path, questions: str = TINY_QUESTIONS, files: Mapping[str, str] = TINY_FILES
) -> dict[str, str]:
    """Install fastgen into `folder` with another template; return the environment to use it."""
    # With the bytecode, which is as old as its source there too.
    shutil.copytree(SOURCE, folder / "fastgen")
    put_template(folder, questions, files)
    return {"PYTHONPATH": str(folder)}


def put_template(
    folder: Path, questions: str = TINY_QUESTIONS, files: Mapping[str, str] = TINY_FILES
) -> None:
    """Give the fastgen that was installed into `folder` this template and no other."""
    template = folder / "fastgen" / "_template"
    shutil.rmtree(template, ignore_errors=True)
    for name, content in files.items():
        file = template / "template" / "project" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content, encoding="utf-8")
    template.mkdir(exist_ok=True)
    (template / "copier.yml").write_text(questions, encoding="utf-8")
