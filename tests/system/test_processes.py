"""Children: what they get, what they said, and that they end with us."""

import os
import signal
import sys
import time
from pathlib import Path

import pytest

from fastgen.system import processes


def test_what_it_said_and_how_it_ended(tmp_path: Path) -> None:
    script = "import sys; print(sys.stdin.read()); print('a\\nb', file=sys.stderr); sys.exit(3)"
    done = processes.run([sys.executable, "-c", script], cwd=tmp_path, stdin="hello")
    assert (done.code, done.stdout, done.stderr) == (3, "hello\n", "a\nb\n")
    assert done.last_line == "b"
    assert done.gist == "a b"


def test_silence_has_a_reason_too(tmp_path: Path) -> None:
    done = processes.run([sys.executable, "-c", "exit(7)"], cwd=tmp_path)
    assert (done.last_line, done.gist) == ("exit code 7", "exit code 7")


def test_the_environment_is_cleaned(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in processes.FOREIGN:
        monkeypatch.setenv(name, "x")
    monkeypatch.setenv("MINE", "kept")
    environment = processes.environment({"MORE": "added"})
    assert not set(environment) & set(processes.FOREIGN)
    assert (environment["MINE"], environment["MORE"]) == ("kept", "added")


def eventually_gone(pid: int) -> bool:
    for _ in range(100):
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            return True
        if state == "Z":
            return True
        time.sleep(0.05)
    return False


def test_a_whole_family_ends_with_us(tmp_path: Path) -> None:
    child = "import os, time; print(os.getpid(), flush=True); time.sleep(60)"
    parent = (
        "import subprocess, sys, os, signal\n"
        f"child = subprocess.Popen([sys.executable, '-c', {child!r}], stdout=subprocess.PIPE)\n"
        "open('pid', 'w').write(child.stdout.readline().decode())\n"
        f"os.kill({os.getpid()}, signal.SIGUSR1)\n"
        "child.wait()"
    )

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGUSR1, stop)
    try:
        with pytest.raises(KeyboardInterrupt):
            processes.run([sys.executable, "-c", parent], cwd=tmp_path)
    finally:
        signal.signal(signal.SIGUSR1, before)
    pid = int((tmp_path / "pid").read_text())
    assert eventually_gone(pid)
