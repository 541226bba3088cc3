"""Measures the generated API against its limit, and against fastapi/full-stack-fastapi-template.

    uv run python benchmarks/api/run.py [--seconds N] [--rounds N] [--project DIR]
        [--full-stack BACKEND --full-stack-python PYTHON]

One run, one machine, one PostgreSQL: the limit (bare ASGI and asyncpg with the same checks and
queries), a generated project with the slice of `fastgen add resource item …` and, where its
`backend/` folder and a Python with its locked packages are given, the other template; each one
uvicorn worker on one core, loaded by 20 clients from another core, in turns. It needs Linux, a
PostgreSQL whose superuser takes connections (FASTGEN_BENCHMARK_POSTGRES, else postgres on
127.0.0.1:5432), and uv's index or cache.

Each cell: requests per second, their share of the limit's, microseconds of processor time for a
request, p99 / p50. Exit code 1 when a promise is broken.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import servers
from servers import HERE, Target

CLIENTS = 20
# Promised: shares of the limit, multiples of the other template, and p99 / p50.
SHARES = {"one row": 0.30, "list of 50": 0.35, "with total": 0.35}
MULTIPLES = {"one row": 2.2, "with total": 2.8, "create": 2.3}
TAIL = 3.0


@dataclass(frozen=True)
class Result:
    """What one operation of one server took."""

    per_second: float
    processor_us: float
    tail: float


def load(target: Target, arguments: Sequence[str], seconds: float) -> Result:
    """Load one operation of `target`."""
    command = [
        "taskset", "--cpu-list", "1", sys.executable, str(HERE / "load.py"),
        "--port", str(target.port), "--header", target.header, "--clients", str(CLIENTS),
        "--seconds", str(seconds), *arguments,
    ]  # fmt: skip
    before = target.processor_seconds()
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=seconds + 30)
    used = target.processor_seconds() - before
    found = json.loads(done.stdout)
    statuses = found["statuses"]
    if wrong := {code: n for code, n in statuses.items() if not code.startswith("2")}:
        sys.exit(f"{target.name} answered {wrong} to {arguments[:4]}")
    answered = sum(statuses.values())
    return Result(found["per_second"], used / answered * 1e6, found["p99_ms"] / found["p50_ms"])


def measure(
    targets: Sequence[Target], operation: str, rounds: int, seconds: float
) -> dict[str, Result]:
    """Return the medians of each server for an operation, loaded in turns."""
    results: dict[str, list[Result]] = {target.name: [] for target in targets}
    for _ in range(rounds):
        for target in targets:
            results[target.name].append(load(target, target.operations()[operation], seconds))
    return {
        name: Result(
            median(result.per_second for result in found),
            median(result.processor_us for result in found),
            median(result.tail for result in found),
        )
        for name, found in results.items()
    }


def broken_promises(operation: str, results: dict[str, Result]) -> list[str]:
    """Say which promises `results` break."""
    ours, limit = results["generated"], results["limit"]
    share = SHARES.get(operation, 0)
    broken = []
    if ours.per_second < share * limit.per_second:
        broken.append(f"{operation}: less than {share:.0%} of the limit")
    if ours.tail > TAIL:
        broken.append(f"{operation}: p99 is more than {TAIL} x p50")
    other, multiple = results.get("full-stack"), MULTIPLES.get(operation, 0)
    if other and ours.per_second < multiple * other.per_second:
        broken.append(f"{operation}: less than {multiple} x full-stack")
    return broken


def cell(result: Result, limit: Result) -> str:
    """Write one result as in the table."""
    share = f"{result.per_second / limit.per_second:.0%}"
    used = f"{result.processor_us:.0f} us"
    return f"{result.per_second:>8.0f}/s {share:>5} {used:>8} {result.tail:>5.1f}"


def main() -> int:
    """Run the comparison."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--project", type=Path, help="one with the slice, installed")
    parser.add_argument("--full-stack", type=Path, metavar="BACKEND")
    parser.add_argument("--full-stack-python", type=Path, metavar="PYTHON")
    options = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="fastgen-bench-")))
        project = options.project or servers.make_project(folder)
        targets = stack.enter_context(servers.ours_and_limit(project))
        if options.full_stack:
            python = options.full_stack_python
            targets.append(stack.enter_context(servers.full_stack(options.full_stack, python)))
        print(f"{'':<12}" + "".join(f"{target.name:>32}" for target in targets))
        broken = []
        for operation in targets[0].operations():
            results = measure(targets, operation, options.rounds, options.seconds)
            cells = [cell(result, results["limit"]) for result in results.values()]
            print(f"{operation:<12}" + "".join(f"{text:>32}" for text in cells), flush=True)
            broken += broken_promises(operation, results)
    for promise in broken:
        print(f"broken: {promise}", file=sys.stderr)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
