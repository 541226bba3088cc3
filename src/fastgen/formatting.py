"""Formats rendered Python with the ruff that is pinned with fastgen."""

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from fastgen import processes, ruff_settings
from fastgen.errors import Bug, CannotWrite, Refused

FORMAT = ("format",)
SORT = ("check", "--select", "I", "--fix-only", "--exit-zero")
# A slice's template imports all that any slice may need.
PRUNE = (
    *("check", "--select", "I,F401", "--fix-only", "--exit-zero"),
    # What is left of a long import may fit on a line again.
    *("--config", "lint.isort.split-on-trailing-comma=false"),
)


def format_python(project: Path) -> None:
    """Sort the imports and format the code of the rendered `project`, by its own settings.

    Raises `Bug` when it is not Python, `CannotWrite` when the disk refuses.
    """
    for command in (SORT, FORMAT):
        _ruff(command, project, project)


def formatted(sources: Mapping[str, str], project: Path) -> dict[str, bytes]:
    """Return `sources`, Python by path, as `project` formats it and with only needed imports.

    Raises `Bug` when one is not Python, `Refused` for settings that ruff does not take or that
    lead out of the project, `CannotWrite` when there is no room to work.
    """
    ruff_settings.check(project)
    try:
        with tempfile.TemporaryDirectory(prefix="fastgen-") as folder:
            return _formatted_in(Path(folder), sources, project)
    except OSError as error:
        reason = error.strerror or str(error)
        place = tempfile.gettempdir()
        raise CannotWrite(f"{place} cannot be written: {reason}", "export TMPDIR=~") from error


def _formatted_in(folder: Path, sources: Mapping[str, str], project: Path) -> dict[str, bytes]:
    for path, text in sources.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode())
    for command in (PRUNE, FORMAT):
        _ruff(command, folder, project)
    return {path: (folder / path).read_bytes() for path in sources}


def _ruff(command: Sequence[str], target: Path, project: Path) -> None:
    from ruff import find_ruff_bin  # noqa: PLC0415

    config = project / ruff_settings.FILE
    done = processes.run(
        [
            find_ruff_bin(),
            *command,
            *("--no-cache", "--no-respect-gitignore"),
            *("--config", str(config)),
            str(target),
        ],
        cwd=project,
    )
    if done.code and str(config) in done.stderr:
        reason = " ".join(done.stderr.partition("Cause:")[2].split())
        raise Refused(f"ruff does not take the settings of {project}: {reason}", ruff_settings.HINT)
    if done.code < 0 or "os error" in done.stderr:
        raise CannotWrite(f"ruff could not write the project: {done.last_line}")
    if done.code:
        raise Bug(f"the template renders Python that ruff refuses:\n{done.stderr.strip()}")
