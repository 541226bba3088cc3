"""Whatever happens while a resource is added, the project is as it was or has all of it.

A signal is sent at a chosen *moment*: just before the n-th time that fastgen touches a file of
the project. The moments are counted in an undisturbed run, so that a sweep needs no clock.
"""

import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from living import ITEM, ROUTER, VERSIONS, Living, settle
from support import Cli

pytestmark = pytest.mark.slow

HOOK = """\
import os, signal, sys
where, log = os.environ.get("MOMENT_WHERE", ""), os.environ.get("MOMENT_LOG")
number, name = int(os.environ.get("MOMENT", "0")), os.environ.get("MOMENT_SIGNAL", "SIGKILL")
seen = 0
KINDS = ("os.", "open", "shutil.", "fcntl.")

def look(event, arguments):
    global seen
    # Before that no signal handler is there, and nothing to clean up.
    if "fastgen.commands.add_resource" not in sys.modules or not event.startswith(KINDS):
        return
    if where not in repr(arguments):
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
LINE = (*ITEM, "parent:ref:item:optional", "buyer:ref:user:optional")


@dataclass
class Sweep:
    """A copy of one project for each moment, and how the undisturbed run went."""

    project: Living
    folder: Path
    before: dict[str, bytes]
    complete: dict[str, bytes]
    moments: list[str]

    def strike(self, moment: int, name: str) -> tuple[Living, int, str]:
        project = self.project.copy(f"{name}-{moment}")
        env = {"MOMENT_WHERE": str(project.root), "PYTHONPATH": str(self.folder)}
        env |= {"MOMENT": str(moment), "MOMENT_SIGNAL": name}
        result = project.user.run(*LINE, cwd=project.root, env=env)
        return project, result.code, result.err

    def state(self, project: Living) -> str:
        now = project.texts()
        states = {"untouched": self.before, "complete": self.complete}
        found = [name for name, wanted in states.items() if now == wanted]
        return found[0] if found else f"torn: {sorted(now.keys() ^ self.before.keys())}"

    def chosen(self) -> list[int]:
        """Choose moments in all parts of a run: while it reads, prepares, changes and clears."""
        renames = [n for n, text in enumerate(self.moments, 1) if text.startswith("os.rename")]
        count = len(self.moments)
        spread = range(count // 3, count, count // 5)
        return sorted({*spread, renames[0], renames[0] + 1, renames[2], renames[-1], count})


@pytest.fixture
def project(cli: Cli, fresh_project: Path) -> Living:
    """A person in a new project of theirs, which is not installed."""
    return settle(cli, fresh_project)


@pytest.fixture
def sweep(project: Living, tmp_path: Path) -> Sweep:
    (tmp_path / "sitecustomize.py").write_text(HOOK)
    rehearsal = project.copy("rehearsal")
    log = tmp_path / "moments"
    env = {"MOMENT_WHERE": str(rehearsal.root), "MOMENT_LOG": str(log), "PYTHONPATH": str(tmp_path)}
    assert project.user.run(*LINE, cwd=rehearsal.root, env=env).code == 0
    moments = log.read_text().splitlines()
    assert len(moments) > 100
    return Sweep(project, tmp_path, project.texts(), rehearsal.texts(), moments)


def test_after_sigkill_the_next_command_puts_it_right(sweep: Sweep) -> None:
    told = set()
    for moment in sweep.chosen():
        project, code, _ = sweep.strike(moment, "SIGKILL")
        assert code == -signal.SIGKILL, sweep.moments[moment - 1]
        left = project.tree()
        assert project.run("info").code == 0
        assert project.run("templates", "eject", "service", "--dry-run").code == 0
        assert project.tree() == left, sweep.moments[moment - 1]
        again = project.run("check", "--fix")
        assert sweep.state(project) in {"untouched", "complete"}, sweep.moments[moment - 1]
        told.add("undid the changes of an interrupted run" in again.err)
        assert project.run(*LINE).code == 0
        assert sweep.state(project) == "complete"
    assert told == {True, False}


@pytest.mark.parametrize("name", [pytest.param("SIGTERM", marks=pytest.mark.nightly), "SIGINT"])
def test_a_stop_leaves_all_or_nothing(sweep: Sweep, name: str) -> None:
    states = set()
    for moment in sweep.chosen():
        project, code, err = sweep.strike(moment, name)
        state = sweep.state(project)
        assert code == 130, sweep.moments[moment - 1]
        assert state in {"untouched", "complete"}, sweep.moments[moment - 1]
        assert ("nothing was written" in err) == (state == "untouched"), err
        states.add(state)
    assert "untouched" in states


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(disk)]
    if not sys.platform.startswith("linux") or subprocess.run(mount, check=False).returncode:
        pytest.skip("mounting is not allowed here")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


@pytest.mark.parametrize("free", [0, 8, 40])
def test_a_full_disk_changes_nothing(project: Living, small_disk: Path, free: int) -> None:
    there = Living(project.user, small_disk / "shop")
    subprocess.run(["cp", "-a", project.root, there.root], check=True)
    with (small_disk / "filler").open("wb", buffering=0) as filler:
        try:
            while True:
                filler.write(b"x" * 4096)
        except OSError:
            filler.truncate(filler.tell() - free * 1024)
    before = there.texts()
    result = there.run(*LINE)
    assert result.code == 1
    assert "No space left on device" in result.err
    assert "nothing was changed" in result.err
    assert there.texts() == before
    (small_disk / "filler").unlink()
    assert there.run(*LINE).code == 0


def test_a_file_size_limit_changes_nothing(project: Living) -> None:
    def set_limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (500, 500))

    before = project.texts()
    process = project.user.start(*LINE, cwd=project.root, preexec_fn=set_limit)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 1, err
    assert b"File too large" in err
    assert project.texts() == before


def test_different_resources_at_the_same_time_are_both_there(project: Living) -> None:
    names = ("item", "order", "part")
    started = [
        project.user.start("add", "resource", name, "name:str", cwd=project.root) for name in names
    ]
    told = [process.communicate(timeout=120)[1] for process in started]
    assert [process.returncode for process in started] == [0, 0, 0], told
    router = project.read(ROUTER)
    assert all(f"    {name}s_router,\n" in router for name in names)
    sources = [file.read_text() for file in (project.root / VERSIONS).glob("*.py")]
    parents = [text.partition("down_revision = ")[2].splitlines()[0] for text in sources]
    assert len(set(parents)) == len(parents)
    for name in names:
        assert "exactly like this" in project.run("add", "resource", name, "name:str").err


def test_the_same_resource_at_the_same_time_is_added_once(project: Living) -> None:
    started = [project.user.start(*ITEM, cwd=project.root) for _ in range(3)]
    told = [process.communicate(timeout=120)[1].decode() for process in started]
    assert [process.returncode for process in started] == [0, 0, 0], told
    assert sum("already exists, exactly like this" in err for err in told) == 2
    assert project.migrations() == [
        "create_items.py",
        "create_mails.py",
        "create_users_and_sessions.py",
    ]
