"""Projects made by the command as users run it, shared by all who test them."""

import fcntl
import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from uv import find_uv_bin

from generated.forks import Forked, Forks
from generated.forks import of as forks_of
from generated.variants import Value, flags
from support import Cli

LONGEST_SECONDS = 600


@dataclass(frozen=True)
class Done:
    """What a user sees of a command that ended."""

    code: int
    out: str

    def must_succeed(self) -> str:
        """Return what was printed, if the command did what was asked."""
        assert self.code == 0, f"exit code {self.code}:\n{self.out}"
        return self.out


@dataclass(frozen=True)
class Project:
    """A generated project and the user who made it."""

    path: Path
    user: Cli
    # Where the packages are installed that a copy of a project uses, if not in the copy.
    installed: Path | None = None

    def environment(self, extra: Mapping[str, str] | None = None) -> dict[str, str]:
        """Return the user's environment, in which uv and git are found."""
        folder = Path(find_uv_bin()).parent
        path = os.pathsep.join([str(folder), self.user.env["PATH"]])
        return {**self.user.env, "PATH": path, **_schedulers(), **(extra or {})}

    def run(
        self, *command: str, env: Mapping[str, str] | None = None, given: str | None = None
    ) -> Done:
        """Run a command in the project's folder; what it prints comes as one text."""
        done = subprocess.run(
            command,
            cwd=self.path,
            env=self.environment(env),
            **({"stdin": subprocess.DEVNULL} if given is None else {"input": given}),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
            timeout=LONGEST_SECONDS,
            check=False,
        )
        return Done(done.returncode, done.stdout)

    def uv_run(
        self, *command: str, env: Mapping[str, str] | None = None, given: str | None = None
    ) -> Done:
        """Run a command in the project's environment, as its README says."""
        return self.run("uv", "run", *command, env=env, given=given)

    def python(
        self, *arguments: str, env: Mapping[str, str] | None = None, given: str | None = None
    ) -> Done:
        """Run Python with `-c` or `-m`, whose packages are imported already."""
        environment = self.environment(env)
        return Done(*self._forks().run(*arguments, cwd=self.path, env=environment, given=given))

    def start(self, *arguments: str, env: Mapping[str, str], out: Path, err: Path) -> Forked:
        """Start Python so, in a group of its own, with files for what it prints."""
        environment = self.environment(env)
        return self._forks().start(*arguments, cwd=self.path, env=environment, out=out, err=err)

    def pytest(self, *arguments: str, env: Mapping[str, str] | None = None) -> Done:
        """Run pytest so; it cannot rewrite the assertions of plugins that are imported."""
        ignored = ("-W", "ignore::pytest.PytestAssertRewriteWarning")
        return self.python("-m", "pytest", *ignored, *arguments, env=env)

    def must_pass_its_tests(
        self,
        env: Mapping[str, str] | None = None,
        *,
        covered: bool = True,
        without: Iterable[str] = (),
    ) -> None:
        """Run the project's own tests, as its README says, but for some files.

        Measuring coverage takes twice as long as the tests: it is left out of projects that another
        test measures.
        """
        measured = ("--cov",) if covered else ()
        left_out = (f"--ignore={file}" for file in without)
        command = ("pytest", "-n", "auto", *measured, *left_out)
        printed = self.uv_run(*command, env=env).must_succeed()
        assert not covered or "Total coverage: 100.00%" in printed, printed
        # Nothing is skipped, and nothing warns: a real database was there.
        last = printed.strip().splitlines()[-1]
        assert re.fullmatch(r"=*\s*\d+ passed in .*", last), printed

    def _forks(self) -> Forks:
        return forks_of(self.installed or self.path, self.environment())

    def settings(self) -> dict[str, str]:
        """Return what `.env` sets."""
        lines = (self.path / ".env").read_text("utf-8").splitlines()
        pairs = [line.partition("=") for line in lines if line and not line.startswith("#")]
        return {name: value for name, _, value in pairs}


def _schedulers() -> dict[str, str]:
    """Return what keeps `pytest -n auto` of a project in one process, if these tests have several.

    Two schedulers on the same processors would only cost the start of more processes.
    """
    return {"PYTEST_XDIST_AUTO_NUM_WORKERS": "0"} if "PYTEST_XDIST_WORKER" in os.environ else {}


@dataclass(frozen=True)
class Workshop:
    """Makes each project once, however many processes run the tests."""

    folder: Path

    @classmethod
    def of(cls, factory: pytest.TempPathFactory) -> "Workshop":
        """Return the one that all workers of this test run share."""
        base = factory.getbasetemp()
        shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
        folder = shared / "projects"
        folder.mkdir(exist_ok=True)
        return cls(folder)

    def project(
        self,
        key: str,
        answers: Mapping[str, Value],
        *,
        name: str = "shop-api",
        python: str | None = None,
        resources: Sequence[str] = (),
    ) -> Project:
        """Return the project of this key: generated, locked, installed and committed."""
        home = self.folder / key
        with self.only_one_process(key):
            home.mkdir(exist_ok=True)
            user = Cli(home, home / "home", {"MYPY_CACHE_DIR": str(self.mypy_cache)})
            if python:
                user.env["UV_PYTHON"] = python
            if not (home / "done").exists():
                begun = [word for text in resources for word in ("--resource", text)]
                result = user.run("new", name, *flags(answers), *begun, "--yes")
                assert result.code == 0, result.err
                self.give_compiled(home / name)
                (home / "done").touch()
        return Project(home / name, user)

    @property
    def mypy_cache(self) -> Path:
        """Where mypy notes what it has read, the same packages for each project of this process."""
        return self.folder / f"mypy-{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"

    def install(self, copy: Project) -> None:
        """Install, in a copy of a project, what its lock says."""
        copy.run("uv", "sync").must_succeed()
        self.give_compiled(copy.path)

    def give_compiled(self, project: Path) -> None:
        """Compile a project's packages, or link what was compiled for one before it.

        uv links the same files into each, so that Python takes the compiled ones for its own.
        """
        (packages,) = project.glob(".venv/lib/python*/site-packages")
        with self.only_one_process("compiled"):
            first = self.folder / f"compiled-{packages.parent.name}"
            if not first.exists():
                python = project / ".venv" / "bin" / "python"
                command = (python, "-m", "compileall", "-q", "-j0", packages)
                subprocess.run(command, check=True)
                first.symlink_to(packages)
        for compiled in first.resolve().rglob("__pycache__"):
            here = packages / compiled.relative_to(first.resolve())
            if here.parent.is_dir() and not here.exists():
                shutil.copytree(compiled, here, copy_function=os.link)

    @contextmanager
    def only_one_process(self, key: str) -> Iterator[None]:
        """Keep other workers out while one makes something."""
        with (self.folder / f"{key}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
