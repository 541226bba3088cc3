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
from pathlib import Path
from typing import NoReturn

# What the app leaves to the command line, and to SQLAlchemy.
OTHERS = ("alembic.config", "alembic.autogenerate", "aiosqlite", "asyncpg")
LONGEST_RUN_SECONDS = 600


def main() -> None:
    """Serve until standard input ends."""
    sys.path.pop(0)  # the folder of this file
    answers = os.fdopen(os.dup(1), "w")
    requests = os.fdopen(os.dup(0))
    for module in sorted({*packages(Path("src")), *OTHERS}):
        with contextlib.suppress(Exception):
            importlib.import_module(module)
    gc.collect()
    gc.freeze()
    for line in requests:
        pid = os.fork()
        if pid == 0:
            requests.close()
            answers.close()
            run(*json.loads(line))
        _, status = os.waitpid(pid, 0)
        print(os.waitstatus_to_exitcode(status), file=answers, flush=True)


def packages(source: Path) -> set[str]:
    """Return the modules that those below a folder import, without those of the app."""
    found: set[str] = set()
    for file in source.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_bytes())):
            if isinstance(node, ast.Import):
                found.update(alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                found.add(node.module)
    return {name for name in found if name.partition(".")[0] != "app"}


def run(arguments: list[str], folder: str, env: dict[str, str], *files: str) -> NoReturn:
    """Run as `python ARGUMENTS` does, and exit as it does."""
    given, printed = files
    signal.alarm(LONGEST_RUN_SECONDS)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(env)
    os.dup2(os.open(given, os.O_RDONLY), 0)
    for stream in (1, 2):
        os.dup2(os.open(printed, os.O_WRONLY | os.O_CREAT | os.O_APPEND), stream)
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
