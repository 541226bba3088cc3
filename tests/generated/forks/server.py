"""Imports the packages of the project in whose folder it is started, and forks for each request."""

import ast
import contextlib
import gc
import importlib
import json
import os
import runpy
import signal
import sys
import types
from collections.abc import Iterable
from pathlib import Path
from typing import NoReturn

sys.path[0] = str(Path(__file__).parents[2])
import in_fork  # noqa: E402 - only now it is found

# What the app and the configuration of gunicorn leave to others.
OTHERS = (
    "aiosqlite",
    "alembic.autogenerate",
    "alembic.config",
    "asyncpg",
    "gunicorn.app.wsgiapp",
    "gunicorn.arbiter",
    "uvicorn.lifespan.on",
    "uvicorn.protocols.websockets.websockets_sansio_impl",
    "uvloop",
)
LONGEST_RUN_SECONDS = 600


def main() -> None:
    """Serve until standard input ends."""
    sys.path.pop(0)  # the folder of `in_fork`
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # it is for pytest, at whose end this ends
    answers = os.fdopen(os.dup(1), "w")
    requests = os.fdopen(os.dup(0))
    files = [*Path("src").rglob("*.py"), Path("gunicorn.conf.py")]
    for module in sorted({*packages(files), *OTHERS}):
        with contextlib.suppress(Exception):
            importlib.import_module(module)
    gc.collect()
    gc.freeze()
    for line in requests:
        kind, subject, *how = json.loads(line)
        if kind == "poll":
            pid, status = os.waitpid(subject, os.WNOHANG)
            answer = os.waitstatus_to_exitcode(status) if pid else None
        elif (answer := os.fork()) == 0:
            requests.close()
            answers.close()
            signal.signal(signal.SIGINT, signal.default_int_handler)
            if kind == "start":
                os.setsid()
            else:
                signal.alarm(LONGEST_RUN_SECONDS)
            run(subject, *how)
        elif kind == "run":
            answer = os.waitstatus_to_exitcode(os.waitpid(answer, 0)[1])
        print(json.dumps(answer), file=answers, flush=True)


def packages(files: Iterable[Path]) -> set[str]:
    """Return the modules that some import, without those of the app."""
    found: set[str] = set()
    for file in files:
        for node in ast.walk(ast.parse(file.read_bytes())):
            if isinstance(node, ast.Import):
                found.update(alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                found.add(node.module)
    return {name for name in found if name.partition(".")[0] != "app"}


def run(arguments: list[str], folder: str, env: dict[str, str], files: list[str]) -> NoReturn:
    """Run as `python ARGUMENTS` does, with these for its input and output; exit as it does."""
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(env)
    writing = os.O_WRONLY | os.O_CREAT | os.O_APPEND
    in_fork.take_streams(
        os.open(file, writing if n else os.O_RDONLY) for n, file in enumerate(files)
    )
    how, what, *rest = arguments
    here = "" if how == "-c" else folder
    sys.path[:0] = [here, *filter(None, env.get("PYTHONPATH", "").split(os.pathsep))]
    in_fork.end_with(lambda: interpret(how, what, rest))


def interpret(how: str, what: str, rest: list[str]) -> None:
    """Run code (`-c`) or a module (`-m`) with the rest of the arguments."""
    sys.argv = [how, *rest]
    if how == "-c":
        module = sys.modules["__main__"] = types.ModuleType("__main__")
        exec(compile(what, "<string>", "exec"), module.__dict__)  # noqa: S102 - it is a test's
    else:
        runpy.run_module(what, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
