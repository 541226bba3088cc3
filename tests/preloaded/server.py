"""Imports fastgen and runs it in a fork for each request: `python server.py FOLDER [MODULE...]`."""

import contextlib
import fcntl
import gc
import importlib
import json
import os
import pkgutil
import resource
import runpy
import select
import signal
import socket
import struct
import sys
import sysconfig
import termios
import time
from pathlib import Path
from typing import NoReturn

sys.path[0] = str(Path(__file__).parents[1])
import in_fork  # noqa: E402 - only now it is found

# What fastgen imports when it needs it.
LATE = (
    "copier",
    "copier._main",
    "jinja2_ansible_filters",
    "plumbum.machines.local",
    "prompt_toolkit",
    "questionary",
    "rich.console",
    "ruff",
    "tomllib",
    "uv",
    "yaml",
)
LONGEST_RUN_SECONDS = 600


def main(folder: Path, *modules: str) -> None:
    """Serve until standard input ends."""
    # The folder of `in_fork` is not where `python -m fastgen` looks for modules.
    sys.path.pop(0)
    preload()
    for module in modules:
        runpy.run_path(module)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # it is for pytest, at whose end this ends
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(folder / "socket"))
        listener.listen()
        used = os.open(folder / "used", os.O_RDWR | os.O_CREAT)
        note_usage(used)
        os.dup2(os.open(os.devnull, os.O_RDWR), 1)  # ready
        gc.collect()
        gc.freeze()
        serve(listener, used)


def preload() -> None:
    """Import all that a run may need."""
    package = importlib.import_module("fastgen")
    for found in pkgutil.walk_packages(package.__path__, "fastgen."):
        importlib.import_module(found.name)
    for name in LATE:
        importlib.import_module(name)
    sysconfig.get_config_vars()  # imports what it reads


def serve(listener: socket.socket, used: int) -> None:
    """Fork for each connection, and answer it with the exit code."""
    ended, wakeup = os.pipe()
    os.set_blocking(wakeup, False)
    signal.set_wakeup_fd(wakeup, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    running: dict[int, socket.socket] = {}
    while True:
        ready, _, _ = select.select([sys.stdin, listener, ended], [], [])
        if ended in ready:
            os.read(ended, 4096)
            for pid in list(running):
                found, status = os.waitpid(pid, os.WNOHANG)
                if found:
                    note_usage(used)
                    with running.pop(pid) as connection, contextlib.suppress(OSError):
                        send(connection, os.waitstatus_to_exitcode(status))
        if listener in ready:
            connection, _ = listener.accept()
            pid = os.fork()
            if pid == 0:
                signal.set_wakeup_fd(-1)
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                signal.signal(signal.SIGINT, signal.default_int_handler)
                for inherited in (listener, *running.values()):
                    inherited.close()
                for descriptor in (ended, wakeup, used):
                    os.close(descriptor)
                run(connection)
            running[pid] = connection
            with contextlib.suppress(OSError):
                send(connection, pid)
        if sys.stdin in ready:
            return


def send(connection: socket.socket, number: int) -> None:
    """Send what the client receives as a number."""
    connection.sendall(number.to_bytes(4, signed=True))


def run(connection: socket.socket) -> NoReturn:
    """Run fastgen as asked for, in this process, and exit as an interpreter does."""
    with connection:
        _, (folder, *streams), _, _ = socket.recv_fds(connection, 1, 4)
        with connection.makefile("rb") as stream:
            arguments, env, umask, terminal = json.load(stream)
    os.fchdir(folder)
    os.close(folder)
    in_fork.take_streams(streams)
    if terminal:
        os.setsid()
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    # An interpreter in the locale "C" has set this for its children.
    coerced = {"LC_CTYPE": os.environ["LC_CTYPE"]} if "LC_CTYPE" in os.environ else {}
    os.environ.clear()
    os.environ.update({**coerced, **env})
    os.umask(umask)
    time.tzset()
    look_around()
    signal.alarm(LONGEST_RUN_SECONDS)
    entry = importlib.import_module("fastgen.__main__")
    sys.argv = [str(entry.__file__), *arguments]
    with contextlib.suppress(FileNotFoundError):
        sys.path.insert(0, str(Path.cwd()))
    in_fork.end_with(entry.main)


def look_around() -> None:
    """Tell plumbum of the environment and the folder, at which it looks when it is imported."""
    local = importlib.import_module("plumbum.machines.local")
    type(local.local.env).__init__(local.local.env)
    with contextlib.suppress(FileNotFoundError):
        local.LocalMachine.cwd = local.LocalWorkdir()


def note_usage(used: int) -> None:
    """Write down the processor time of this process and its forks."""
    usages = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    os.pwrite(used, struct.pack("d", sum(one.ru_utime + one.ru_stime for one in usages)), 0)


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
