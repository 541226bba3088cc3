"""Formats rendered Python with the ruff that is pinned with fastgen."""

from pathlib import Path

from ruff import find_ruff_bin

from fastgen import processes
from fastgen.errors import Bug, CannotWrite

COMMANDS = (
    ("check", "--select", "I", "--fix-only", "--exit-zero"),
    ("format",),
)


def format_python(project: Path) -> None:
    """Sort the imports and format the code of the rendered `project`, by its own settings.

    Raises `Bug` when it is not Python, `CannotWrite` when the disk refuses.
    """
    ruff = find_ruff_bin()
    for command in COMMANDS:
        done = processes.run(
            [
                ruff,
                *command,
                "--quiet",
                "--no-cache",
                "--no-respect-gitignore",
                *("--config", str(project / "pyproject.toml")),
                ".",
            ],
            cwd=project,
        )
        if done.code < 0 or "os error" in done.stderr:
            raise CannotWrite(f"ruff could not write the project: {done.last_line}")
        if done.code:
            raise Bug(f"the template renders Python that ruff refuses:\n{done.stderr.strip()}")
