"""Counts the instructions that a request takes in the generated API, and in its limit.

    uv run python benchmarks/api/instructions.py [--project DIR]

Unlike times they come out the same on a machine with neighbours, to a few in a thousand: the
measure for a change of the template. It needs valgrind, and what `run.py` needs. The kernel's and
the database's share is not in it.

Each cell: thousands of instructions of one request, and the limit's part of them.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

import servers
from servers import HERE, Target

FEW, MANY = 50, 150
COLLECTED = re.compile(r"Collected : (\d+)")


def instructions(target: Target, python: Path, arguments: Sequence[str], requests: int) -> int:
    """Return what a process takes that starts the app and sends it so many requests."""
    command = [
        "valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", str(python),
        str(HERE / "drive.py"), "--app", target.app, "--header", target.header, *arguments,
        "--requests", str(requests),
    ]  # fmt: skip
    environment = {**os.environ, **target.environment, "PYTHONHASHSEED": "0"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    found = COLLECTED.search(done.stderr)
    if done.returncode or found is None:
        sys.exit(f"{target.name}: {done.stderr}")
    return int(found[1])


def of_one_request(target: Target, python: Path, arguments: Sequence[str]) -> float:
    """Return thousands of instructions; what starting takes cancels out."""
    few, many = (instructions(target, python, arguments, count) for count in (FEW, MANY))
    return (many - few) / (MANY - FEW) / 1000


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--project", type=Path, help="one with the slice, installed")
    options = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="fastgen-bench-")))
        project = options.project or servers.make_project(folder)
        python = project / ".venv" / "bin" / "python"
        limit, ours = stack.enter_context(servers.ours_and_limit(project))
        print(f"{'':<12}{'limit':>12}{'generated':>12}{'part':>8}")
        for operation, arguments in ours.operations().items():
            low, high = (of_one_request(one, python, arguments) for one in (limit, ours))
            print(f"{operation:<12}{low:>10.0f} k{high:>10.0f} k{low / high:>8.0%}", flush=True)


if __name__ == "__main__":
    main()
