"""Measures the generator against its floor, as ratios of one run on one machine.

    uv run python benchmarks/generator.py [--rounds N] [--resources] [--suite] [--only NAME …]

Each question is a whole process against a whole process, in turns. A ratio is that of the processor
time, of the process and those that it starts, which other work on the machine disturbs least; the
seconds beside it are those that passed. `--only apply` measures that alone, in a minute:

- new: `fastgen new --no-install --no-git` / plain `copier copy` of the same template (at most 1.3),
  and its peak memory (at most 150 MB);
- help: `fastgen --help` / `python -c "import typer"` (at most 1.5);
- add: `fastgen add resource` with eight fields / `python -c "import typer, jinja2"` (at most 3);
- with --resources: adding the 200th resource / adding the first (at most 1.5);
- apply: `fastgen apply` of 30 such resources / adding one (at most 3);
- change: changing one field in a project of 100 resources / in a project of one (at most 1.5);
- with --suite: the generated test suite, SQLite, without coverage; at most twice the time of
  importing its app, plus 3 s. It needs the package index, or uv's cache.

Exit code 1 when a limit is broken.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

Command = Sequence[str | Path]
QUESTIONS = ("new", "help", "add", "apply", "change")

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
# A .pyc that is never written makes every import a compilation.
ENVIRONMENT = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
NEW_LIMIT, HELP_LIMIT, MEMORY_LIMIT, SUITE_FACTOR, SUITE_EXTRA = 1.3, 1.5, 150.0, 2.0, 3.0
ADD_LIMIT, GROWTH_LIMIT, MANY = 3.0, 1.5, 200
APPLY_LIMIT, APPLIED, CHANGE_LIMIT, CHANGED_AMONG = 3.0, 30, 1.5, 100
FIELDS = (
    "name:str:100:min=1:search",
    "price:decimal:10,2:gt=0",
    "quantity:int:ge=0:le=10000:default=0",
    "tags:list:str:max=10:unique",
    "status:enum:draft,published:default=draft",
    "note:text:optional",
    "seen_at:datetime:optional",
    "active:bool:default=true",
)


@dataclass(frozen=True)
class Run:
    """One finished process."""

    seconds: float
    # Of the processor, with all processes that it waited for.
    busy: float
    megabytes: float


@dataclass(frozen=True)
class Line:
    """One line of the report."""

    what: str
    measured: str
    limit: str
    kept: bool


def run(command: Command, cwd: Path) -> Run:
    """Run `command` in `cwd` to its end; raises `RuntimeError` when it fails."""
    began = time.perf_counter()
    process = subprocess.Popen(
        [str(part) for part in command],
        cwd=cwd,
        env=ENVIRONMENT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{command} ended with {process.returncode}")
    unit = 1024 * 1024 if sys.platform == "darwin" else 1024
    return Run(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / unit)


def alternate(
    first: Command, second: Command, rounds: int, made: Sequence[Path]
) -> tuple[list[Run], list[Run]]:
    """Run both in turns, so that a busy moment hits both; what they made is removed between."""
    results: tuple[list[Run], list[Run]] = ([], [])
    for number in range(rounds + 1):
        for command, runs in zip((first, second), results, strict=True):
            done = run(command, made[0].parent if made else ROOT)
            # The first round only fills the caches.
            if number:
                runs.append(done)
            for path in made:
                shutil.rmtree(path, ignore_errors=True)
    return results


def generation(scratch: Path, rounds: int) -> list[Line]:
    """Measure `new` against Copier."""
    template = scratch / "template"
    template.mkdir()
    # Copied, for Copier would clone a repository first, and that is not rendering.
    shutil.copy(ROOT / "copier.yml", template)
    shutil.copytree(ROOT / "template", template / "template")
    ours, theirs = scratch / "ours", scratch / "theirs"
    new: Command = [BIN / "fastgen", "new", "ours", "--yes", "--no-install", "--no-git"]
    copy: Command = [
        BIN / "copier",
        "copy",
        "--defaults",
        "-d",
        "project_name=theirs",
        template,
        theirs,
    ]
    first, second = alternate(new, copy, rounds, [ours, theirs])
    memory = max(done.megabytes for done in first)
    return [
        ratio("fastgen new / copier copy", first, second, NEW_LIMIT),
        Line("  peak memory", f"{memory:.0f} MB", f"{MEMORY_LIMIT:.0f} MB", memory <= MEMORY_LIMIT),
    ]


def command_help(rounds: int) -> list[Line]:
    """Measure `--help` against importing Typer."""
    floor: Command = [sys.executable, "-c", "import typer"]
    first, second = alternate([BIN / "fastgen", "--help"], floor, rounds, [])
    return [ratio("fastgen --help / import typer", first, second, HELP_LIMIT)]


def adding(scratch: Path, rounds: int, *, many: bool) -> list[Line]:
    """Measure `add resource` against the imports it needs, and against the size of a project."""
    few = scratch / "few"
    run([BIN / "fastgen", "new", "few", "--yes", "--no-install"], scratch)
    full = shutil.copytree(few, scratch / "full", symlinks=True)
    for number in range(MANY - 1 if many else 0):
        run([BIN / "fastgen", "add", "resource", name_of(number), *FIELDS], full)
    floor: Command = [sys.executable, "-c", "import typer, jinja2"]
    add: Command = [BIN / "fastgen", "add", "resource", "item", *FIELDS]
    questions = ((floor, few), (add, few), (add, full))
    importing, first, last_added = in_turns(questions, rounds)
    growth = ratio(f"{MANY}th resource / the first", last_added, first, GROWTH_LIMIT)
    added = ratio("fastgen add / import typer, jinja2", first, importing, ADD_LIMIT)
    return [added, growth] if many else [added]


def applying(scratch: Path, rounds: int) -> list[Line]:
    """Measure many resources against one."""
    folder = with_domain(scratch, "domain", APPLIED)
    apply: Command = [BIN / "fastgen", "apply"]
    add: Command = [BIN / "fastgen", "add", "resource", "item", *FIELDS]
    applied, added = in_turns([(apply, folder), (add, folder)], rounds)
    return [ratio(f"fastgen apply of {APPLIED} / add resource", applied, added, APPLY_LIMIT)]


def changing(scratch: Path, rounds: int) -> list[Line]:
    """Measure a change among many resources against one of the only one."""
    change: Command = [BIN / "fastgen", "change", "field", name_of(0), "name:str:120:min=1:search"]
    questions = []
    for name, count in (("many", CHANGED_AMONG), ("one", 1)):
        folder = with_domain(scratch, name, count)
        run([BIN / "fastgen", "apply"], folder)
        questions.append((change, folder))
    among, alone = in_turns(questions, rounds)
    return [ratio(f"change field among {CHANGED_AMONG} / alone", among, alone, CHANGE_LIMIT)]


def with_domain(scratch: Path, name: str, count: int) -> Path:
    """Make a project with a file of `count` resources."""
    run([BIN / "fastgen", "new", name, "--yes", "--no-install"], scratch)
    (scratch / name / "resources.yml").write_text(domain(count))
    return scratch / name


def in_turns(questions: Sequence[tuple[Command, Path]], rounds: int) -> list[list[Run]]:
    """Run each command in its project, brought back before, in turns."""
    runs: list[list[Run]] = [[] for _ in questions]
    for number in range(rounds + 1):
        for (command, folder), done in zip(questions, runs, strict=True):
            bring_back(folder)
            last = run(command, folder)
            # The first round only fills the caches.
            if number:
                done.append(last)
    return runs


def name_of(number: int) -> str:
    """Return the name of one of many resources."""
    return f"part_{chr(97 + number // 26)}{chr(97 + number % 26)}x"


def domain(count: int) -> str:
    """Return a file with `count` resources."""
    fields = json.dumps(FIELDS)
    lines = [f"  {name_of(number)}: {fields}" for number in range(count)]
    return "\n".join(["version: 1", "resources:", *lines, ""])


def bring_back(folder: Path) -> None:
    """Bring the project in `folder` back to what it was when it was first measured."""
    git: Command = ["git", "-c", "user.name=Benchmark", "-c", "user.email=benchmark@localhost"]
    if not (folder / ".git" / "measured").exists():
        run([*git, "add", "-A"], folder)
        run([*git, "commit", "-q", "--allow-empty", "-m", "Measure"], folder)
        (folder / ".git" / "measured").touch()
    run([*git, "reset", "-q", "--hard"], folder)
    run([*git, "clean", "-fdq"], folder)


def suite(scratch: Path) -> list[Line]:
    """Measure the generated suite against importing the generated app."""
    project = scratch / "suite"
    make: Command = [BIN / "fastgen", "new", "suite", "--yes", "--no-git"]
    run(make, scratch)
    python = project / ".venv" / "bin" / "python"
    test: Command = [python, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--no-cov"]
    load: Command = [python, "-c", "import app.main"]
    run(load, project)
    importing = statistics.median(run(load, project).seconds for _ in range(5))
    run(test, project)
    testing = statistics.median(run(test, project).seconds for _ in range(3))
    limit = SUITE_FACTOR * importing + SUITE_EXTRA
    measured = f"{testing:.2f} s (import {importing:.2f} s)"
    return [Line("generated suite", measured, f"{limit:.2f} s", testing <= limit)]


def ratio(what: str, first: Sequence[Run], second: Sequence[Run], limit: float) -> Line:
    """Compare the medians of two series."""
    a, b = (statistics.median(done.busy for done in runs) for runs in (first, second))
    passed = (statistics.median(done.seconds for done in runs) for runs in (first, second))
    shown = " / ".join(f"{seconds:.2f} s" for seconds in passed)
    return Line(what, f"{a / b:.2f} ({shown})", f"{limit}", a / b <= limit)


def main() -> int:
    """Measure, print a table, and return the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--suite", action="store_true", help="measure the generated suite too")
    parser.add_argument("--resources", action="store_true", help="measure a full project too")
    parser.add_argument("--only", nargs="+", choices=QUESTIONS, default=QUESTIONS, metavar="NAME")
    arguments = parser.parse_args()
    rounds, only, many = arguments.rounds, arguments.only, arguments.resources
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        lines = generation(scratch, rounds) if "new" in only else []
        lines += command_help(rounds) if "help" in only else []
        lines += adding(scratch, rounds, many=many) if "add" in only else []
        lines += applying(scratch, rounds) if "apply" in only else []
        lines += changing(scratch, rounds) if "change" in only else []
        lines += suite(scratch) if arguments.suite else []
    for line in lines:
        mark = "ok  " if line.kept else "OVER"
        print(f"{mark}  {line.what:<34} {line.measured:<28} at most {line.limit}")
    return 0 if all(line.kept for line in lines) else 1


if __name__ == "__main__":
    sys.exit(main())
