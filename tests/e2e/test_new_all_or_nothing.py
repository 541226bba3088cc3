"""Whatever happens, the target is complete or untouched, and nothing is left beside it.

A signal is sent at a chosen *moment*: just before the n-th time that fastgen touches the file
system. The moments are counted in an undisturbed run, so that a sweep needs no clock.
"""

import re
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from support import Cli, Result, install, snapshot

pytestmark = pytest.mark.slow

HOOK = """\
import os, signal, sys
where, log = os.environ.get("MOMENT_WHERE", ""), os.environ.get("MOMENT_LOG")
number, name = int(os.environ.get("MOMENT", "0")), os.environ.get("MOMENT_SIGNAL", "SIGKILL")
seen = 0
KINDS = ("os.", "open", "shutil.", "fcntl.", "tempfile.", "subprocess.Popen")

def look(event, arguments):
    global seen
    # Before that no signal handler is there, and nothing to clean up.
    if "fastgen.commands.new.create" not in sys.modules:
        return
    if not event.startswith(KINDS) or where not in repr(arguments):
        return
    seen += 1
    if log:
        descriptor = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        os.write(descriptor, f"{event} {arguments[:2]}\\n".encode())
        os.close(descriptor)
    if seen == number:
        os.kill(os.getpid(), getattr(signal, name))

if where:
    sys.addaudithook(look)
"""

IGNORES = ".env\n.venv/\n"
# With the same commits each repository has the same objects, hence as many folders of them.
COMMITTED = {
    "GIT_AUTHOR_DATE": "2026-01-01T00:00:00Z",
    "GIT_COMMITTER_DATE": "2026-01-01T00:00:00Z",
}


@dataclass
class Place:
    """A kind of target: how it is prepared, and how it is named on the command line."""

    user: Cli
    target: Path
    cwd: Path
    arguments: tuple[str, ...]
    before: dict[str, tuple[str, bytes]]

    def new(self, *more: str, env: dict[str, str] | None = None) -> Result:
        return self.user.run("new", *self.arguments, *more, cwd=self.cwd, env=env)

    def strays(self) -> list[str]:
        """What lies around that is neither what was there nor the target."""
        top = self.target.relative_to(self.user.cwd).parts[0]
        return [
            path.relative_to(self.user.cwd).as_posix()
            for path in self.user.cwd.rglob("*")
            if path.name.startswith(".fastgen-") or path.relative_to(self.user.cwd).parts[0] != top
        ]

    def state(self, complete: dict[str, tuple[str, bytes]]) -> str:
        now = snapshot(self.target) if self.target.exists() else {}
        if now == self.before:
            return "untouched"
        if any(now.get(name) != entry for name, entry in self.before.items()):
            return "something that was there has changed"
        return "complete" if without_key(now) == complete else f"torn: {sorted(now)}"


def without_key(found: dict[str, tuple[str, bytes]]) -> dict[str, tuple[str, bytes]]:
    """Leave out what differs from run to run: the key, and git's times."""
    return {
        name: (mode, re.sub(rb"SECRET_KEY=.+", b"SECRET_KEY=key", content))
        for name, (mode, content) in found.items()
        if not name.startswith(".git/")
    }


def absent(user: Cli) -> Place:
    target = user.cwd / "a" / "b" / "myapi"
    return Place(user, target, user.cwd, ("myapi", "--output", "a/b/myapi"), {})


def empty(user: Cli) -> Place:
    target = user.cwd / "myapi"
    target.mkdir()
    return Place(user, target, user.cwd, ("myapi",), {})


def fresh(user: Cli) -> Place:
    target = user.cwd / "myapi"
    target.mkdir()
    user.git("init", "-q", "-b", "trunk", cwd=target)
    (target / "LICENSE").write_text("theirs\n")
    (target / "readme.md").write_text("theirs\n")
    (target / ".gitignore").write_text(IGNORES)
    user.git("add", ".", cwd=target)
    user.git("commit", "-qm", "Start", cwd=target)
    return Place(user, target, user.cwd, ("myapi",), snapshot(target))


def inside(user: Cli) -> Place:
    place = fresh(user)
    return Place(user, place.target, place.target, ("myapi", "--output", "."), place.before)


# By day a new folder, and the current one, whose entries move one by one.
KINDS = (
    absent,
    inside,
    *(pytest.param(kind, marks=pytest.mark.nightly) for kind in (empty, fresh)),
)
Kind = Callable[[Cli], Place]


@dataclass
class Sweep:
    """A folder for each moment, and how the undisturbed run went."""

    folder: Path
    environment: dict[str, str]
    kind: Kind
    flags: tuple[str, ...]
    count: int = 0

    def place(self) -> Place:
        self.count += 1
        root = self.folder / str(self.count)
        (root / "work").mkdir(parents=True)
        return self.kind(Cli(root / "work", root / "home", dict(self.environment)))

    def rehearse(self) -> tuple[list[str], dict[str, tuple[str, bytes]]]:
        """Return the moments of an undisturbed run, and what it made."""
        place = self.place()
        log = self.folder / "moments"
        env = {"MOMENT_WHERE": str(place.user.cwd), "MOMENT_LOG": str(log)}
        result = place.new(*self.flags, env=env)
        assert (result.code, result.err) == (0, "")
        return log.read_text().splitlines(), without_key(snapshot(place.target))

    def strike(self, moment: int, name: str) -> tuple[Place, Result]:
        """Send a signal at a moment, or at the last one: not all runs have as many."""
        place = self.place()
        log = self.folder / f"moments-{self.count}"
        env = {"MOMENT_WHERE": str(place.user.cwd), "MOMENT_LOG": str(log)}
        env |= {"MOMENT": str(moment), "MOMENT_SIGNAL": name}
        result = place.new(*self.flags, env=env)
        reached = len(log.read_text().splitlines())
        return (place, result) if reached >= moment else self.strike(reached, name)


@pytest.fixture
def sweep(
    tmp_path: Path, tiny_installation: dict[str, str], request: pytest.FixtureRequest
) -> Sweep:
    hooks = tmp_path / "hooks"
    hooks.mkdir()
    (hooks / "sitecustomize.py").write_text(HOOK)
    path = f"{hooks}:{tiny_installation['PYTHONPATH']}"
    environment = {"PYTHONPATH": path, **COMMITTED}
    return Sweep(tmp_path, environment, request.param, ("--no-install", "--no-git"))


def telling(moments: list[str]) -> list[int]:
    """Choose a moment while rendering, those around the first and last rename, and the last."""
    renames = [n for n, moment in enumerate(moments, 1) if moment.startswith("os.rename")]
    chosen = {renames[0] // 2, len(moments)}
    for number in (renames[0], renames[-1]):
        chosen |= {number, number + 1}
    return sorted(n for n in chosen if n <= len(moments))


@pytest.mark.parametrize("sweep", KINDS, indirect=True)
def test_sigterm_leaves_all_or_nothing(sweep: Sweep) -> None:
    moments, complete = sweep.rehearse()
    states = set()
    for moment in telling(moments):
        place, result = sweep.strike(moment, "SIGTERM")
        state = place.state(complete)
        context = f"at {moment}: {moments[moment - 1]}: {result}"
        assert result.code == 130, context
        assert state in {"untouched", "complete"}, context
        assert place.strays() == [], context
        assert ("nothing was written" in result.err) == (state == "untouched"), context
        states.add(state)
    assert states == {"untouched", "complete"}


@pytest.mark.parametrize("sweep", KINDS, indirect=True)
def test_after_sigkill_the_next_run_clears(sweep: Sweep) -> None:
    moments, complete = sweep.rehearse()
    for moment in telling(moments):
        place, result = sweep.strike(moment, "SIGKILL")
        context = f"at {moment}: {moments[moment - 1]}"
        assert result.code == -signal.SIGKILL, context
        state = place.state(complete)
        if sweep.kind is not inside:
            assert state in {"untouched", "complete"}, context
        again = place.new(*sweep.flags)
        assert again.code in {0, 1}, f"{context}: {again}"
        if again.code:
            assert "exists and is not empty" in again.err, context
        assert place.strays() == [], context
        assert place.state(complete) == "complete", context


@pytest.mark.parametrize("name", ["SIGINT", "SIGHUP"])
@pytest.mark.parametrize("sweep", [absent], indirect=True)
def test_other_signals_are_the_same(sweep: Sweep, name: str) -> None:
    moments, _ = sweep.rehearse()
    place, result = sweep.strike(len(moments) // 2, name)
    assert result.code == 130
    assert result.err == "error: interrupted: nothing was written\n"
    assert list(place.user.cwd.iterdir()) == []


@pytest.mark.parametrize("sweep", [absent, fresh], indirect=True)
def test_an_interrupted_commit_leaves_no_half_repository(sweep: Sweep) -> None:
    sweep.flags = ("--no-install",)
    moments, _ = sweep.rehearse()
    calls = [n for n, m in enumerate(moments, 1) if "subprocess.Popen ('git'" in m]
    assert len(calls) > 3
    for moment in (*calls[::3], len(moments)):
        place, result = sweep.strike(moment, "SIGTERM")
        assert result.code == 130, moments[moment - 1]
        assert "the project is complete" in result.err
        assert place.strays() == []
        assert not list(place.target.rglob("*.lock"))
        if (place.target / ".git").exists():
            log = place.user.git("log", "--format=%s", cwd=place.target).splitlines()
            assert log
            status = place.user.git("status", "--porcelain", cwd=place.target)
            assert not re.search(r"^A", status, re.MULTILINE)


def test_signals_ignored_from_outside_stay_ignored(tiny: Cli) -> None:
    def ignore() -> None:
        signal.signal(signal.SIGHUP, signal.SIG_IGN)

    process = tiny.start("new", "myapi", "--no-install", preexec_fn=ignore)
    process.send_signal(signal.SIGHUP)
    _, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, b"")


def test_of_runs_at_the_same_time_one_wins(tiny: Cli) -> None:
    processes = [tiny.start("new", "myapi", "--no-install", "--no-git") for _ in range(4)]
    errors = [process.communicate(timeout=120)[1].decode() for process in processes]
    codes = [process.returncode for process in processes]
    assert sorted(codes) == [0, 1, 1, 1]
    for code, err in zip(codes, errors, strict=True):
        assert code == 0 or "exists and is not empty" in err
    assert [path.name for path in tiny.cwd.iterdir()] == ["myapi"]
    assert (tiny.cwd / "myapi" / ".env").exists()


@pytest.mark.parametrize("kind", [fresh, inside, empty])
def test_of_runs_into_one_folder_one_wins(tiny: Cli, kind: Kind) -> None:
    place = kind(tiny)
    command = ("new", *place.arguments, "--no-install", "--no-git")
    processes = [tiny.start(*command, cwd=place.cwd) for _ in range(3)]
    errors = [process.communicate(timeout=120)[1].decode() for process in processes]
    assert sorted(process.returncode for process in processes) == [0, 1, 1], errors
    assert place.strays() == []


def test_siblings_made_at_the_same_time_share_their_parent(tiny: Cli) -> None:
    names = ("one", "two", "three")
    processes = [
        tiny.start("new", name, "--output", f"deep/er/{name}", "--no-install", "--no-git")
        for name in names
    ]
    assert [(p.communicate(timeout=120)[1], p.returncode) for p in processes] == [(b"", 0)] * 3
    assert sorted(path.name for path in (tiny.cwd / "deep" / "er").iterdir()) == sorted(names)
    assert [path.name for path in tiny.cwd.iterdir()] == ["deep"]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k,nr_inodes=60", "tmpfs", str(disk)]
    if not sys.platform.startswith("linux") or subprocess.run(mount, check=False).returncode:
        pytest.skip("mounting is not allowed here")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


@pytest.mark.parametrize("used", [0, 20, 40, 55, 60])
def test_a_full_disk_leaves_nothing(cli: Cli, small_disk: Path, used: int) -> None:
    (small_disk / "filler").write_bytes(b"x" * used * 1024)
    result = cli.run("new", "myapi", "--no-install", "--no-git", cwd=small_disk)
    assert result.code == 1
    assert "No space left on device" in result.err
    assert "nothing was left behind" in result.err
    assert [path.name for path in small_disk.iterdir()] == ["filler"]


@pytest.mark.parametrize("limit", [0, 300, 1500])
def test_a_file_size_limit_leaves_nothing(cli: Cli, limit: int) -> None:
    def set_limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    process = cli.start("new", "myapi", "--no-install", "--no-git", preexec_fn=set_limit)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 1, err
    assert b"cannot be written" in err or b"could not write" in err
    assert list(cli.cwd.iterdir()) == []


@pytest.fixture
def read_only(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "sealed"
    folder.mkdir()
    bind: list[list[str | Path]] = [
        ["mount", "--bind", folder, folder],
        ["mount", "-o", "remount,bind,ro", folder],
    ]
    if not sys.platform.startswith("linux") or any(
        subprocess.run(command, check=False).returncode for command in bind
    ):
        pytest.skip("mounting is not allowed here")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_read_only_place_is_told(tiny: Cli, read_only: Path) -> None:
    result = tiny.run("new", "myapi", cwd=read_only)
    assert result.code == 1
    assert result.err.startswith(f"error: {read_only}/myapi cannot be written: Read-only")
    assert "hint: fastgen new myapi --output" in result.err


def test_a_mount_point_is_filled_from_inside(tiny: Cli, small_disk: Path) -> None:
    (small_disk / "LICENSE").write_text("theirs")
    result = tiny.run("new", "myapi", "--output", str(small_disk), "--no-install", "--no-git")
    assert (result.code, result.err) == (0, "")
    assert (small_disk / "LICENSE").read_text() == "theirs"
    assert (small_disk / ".env").exists()
    assert not list(small_disk.glob(".fastgen-*"))


SLOW_BACKEND = """\
import pathlib, time

def get_requires_for_build_editable(config_settings=None):
    pathlib.Path("started").touch()
    time.sleep(60)
"""


def test_an_interrupted_install_ends_its_children(tmp_path: Path, cli: Cli) -> None:
    files = {
        "pyproject.toml.jinja": '[project]\nname = "{{ project_name }}"\nversion = "0"\n'
        '[build-system]\nrequires = []\nbuild-backend = "slow"\nbackend-path = ["."]\n',
        "slow.py": SLOW_BACKEND,
        ".env.example": "SECRET_KEY=\n",
        ".gitignore": ".env\n",
    }
    cli.env.update(install(tmp_path / "other", files=files))
    process = cli.start("new", "myapi", env={"UV_OFFLINE": "1"})
    project = cli.cwd / "myapi"
    while process.poll() is None and not (project / "started").exists():
        time.sleep(0.05)
    process.send_signal(signal.SIGTERM)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert b"interrupted: the project is complete, but the steps after it were not done" in err
    assert cli.git("log", "--format=%s", cwd=project).startswith("Generate myapi")
    holding = subprocess.run(["pgrep", "-f", str(project)], capture_output=True, check=False)
    assert holding.stdout == b""
