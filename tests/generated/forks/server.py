"""Imports the packages of the project in whose folder it is started, and forks for each request."""

import ast
import atexit
import contextlib
import gc
import importlib
import json
import os
import runpy
import signal
import sys
import threading
import traceback
import types
from collections.abc import Iterable
from pathlib import Path
from typing import NoReturn

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
    sys.path.pop(0)  # the folder of this file
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
    for stream, file in enumerate(files):
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND if stream else os.O_RDONLY
        opened = os.open(file, flags)
        os.dup2(opened, stream)
        os.close(opened)
    how, what, *rest = arguments
    here = "" if how == "-c" else folder
    sys.path[:0] = [here, *filter(None, env.get("PYTHONPATH", "").split(os.pathsep))]
    code = 0
    try:
        if how == "-c":
            sys.argv = ["-c", *rest]
            module = sys.modules["__main__"] = types.ModuleType("__main__")
            exec(compile(what, "<string>", "exec"), module.__dict__)  # noqa: S102 - it is a test's
        else:
            sys.argv = ["-m", *rest]
            runpy.run_module(what, run_name="__main__", alter_sys=True)
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
        if isinstance(end.code, str):
            sys.stderr.write(f"{end.code}\n")
    except BaseException:  # noqa: BLE001 - an interpreter prints it
        traceback.print_exc()
        code = 1
    # The rest of its end is freeing memory.
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    for printer in (sys.stdout, sys.stderr):
        printer.flush()
    os._exit(code)


if __name__ == "__main__":
    main()
