"""A fork of a process that has imported packages is as a Python that was started."""

import pytest

from generated.projects import Project

pytestmark = [pytest.mark.slow, pytest.mark.by_day("sqlite")]

PROGRAMS = {
    "what it is given": "import os, sys; print(sys.argv, input(), os.getcwd(), os.environ['X'])",
    "what it is": "print(__name__, 'app' in __import__('sys').modules)",
    "where it looks": "import sys, app; print(sys.path[0], app.__file__)",
    "a sentence": "raise SystemExit('no')",
    "a number": "import sys; print('out'); print('err', file=sys.stderr); sys.exit(3)",
    "at exit": "import atexit; atexit.register(print, 'end'); print('begin')",
    "a signal": "import os; os.kill(os.getpid(), 15)",
}


@pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS)
def test_a_program_does_the_same(project: Project, program: str) -> None:
    env = {"X": "some value"}
    python = str(project.path / ".venv" / "bin" / "python")
    forked = project.python("-c", program, "a", env=env, given="typed\n")
    started = project.run(python, "-c", program, "a", env=env, given="typed\n")
    assert (forked.code, sorted(forked.out.splitlines())) == (
        started.code,
        sorted(started.out.splitlines()),
    )


def test_a_module_does_the_same(project: Project) -> None:
    forked = project.python("-m", "app", "openapi")
    assert forked == project.uv_run("python", "-m", "app", "openapi")
    assert forked.code == 0
