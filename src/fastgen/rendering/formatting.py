"""Formats rendered Python with the version of ruff that fastgen pins."""

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from fastgen.errors import Bug, CannotWrite, Refused
from fastgen.rendering import ruff_settings
from fastgen.system import processes

FORMAT = ("format",)
SORT = ("check", "--select", "I", "--fix-only", "--exit-zero")
# Puts an import on one line if it fits.
JOINED = ("--config", "lint.isort.split-on-trailing-comma=false")
# The templates of a slice import everything that any slice may need.
PRUNE = (
    # Where annotations are not evaluated, ruff removes their quotes.
    *("check", "--select", "I,F401,UP037", "--fix-only", "--exit-zero"),
    # After unused names are removed, a long import may fit on one line.
    *JOINED,
)
# The settings of a new project, whatever this project has.
NEW = (
    *("--config", "line-length=100"),
    *("--config", 'format.quote-style="double"'),
    *("--config", 'format.indent-style="space"'),
    *("--config", "indent-width=4"),
)
# Joins lines that were broken for a shorter line length.
SQUEEZED = ("--config", "format.skip-magic-trailing-comma=true")


def format_python(project: Path) -> None:
    """Sort the imports and format the code of the rendered `project` by its own settings.

    Raises `Bug` when it is not Python, `CannotWrite` when the disk refuses.
    """
    for command in (SORT, FORMAT):
        _ruff(command, project, project)


def formatted(
    sources: Mapping[str, str],
    project: Path,
    commands: Sequence[Sequence[str]] = (PRUNE, FORMAT),
) -> dict[str, bytes]:
    """Return `sources`, Python by path, formatted as in `project`, without unused imports.

    Raises `Bug` when one is not Python, `Refused` for settings that ruff does not accept or that
    lead out of the project, `CannotWrite` when temporary files cannot be written.
    """
    ruff_settings.check(project)
    try:
        with tempfile.TemporaryDirectory(prefix="fastgen-") as folder:
            return _formatted_in(Path(folder), sources, project, commands)
    except OSError as error:
        reason = error.strerror or str(error)
        place = tempfile.gettempdir()
        raise CannotWrite(f"{place} cannot be written: {reason}", "export TMPDIR=~") from error


def restyled(source: bytes, project: Path) -> list[bytes]:
    """Return `source` formatted as in `project` and as in a new one; empty if it is not Python.

    Raises `CannotWrite` when temporary files cannot be written.
    """
    styles = ((), NEW, (*NEW, *SQUEEZED))
    try:
        text = {"source.py": source.decode()}
        return [
            formatted(text, project, ((*SORT, *style), (*FORMAT, *style)))["source.py"]
            for style in styles
        ]
    except (Bug, UnicodeDecodeError):
        return []


def _formatted_in(
    folder: Path, sources: Mapping[str, str], project: Path, commands: Sequence[Sequence[str]]
) -> dict[str, bytes]:
    files = {path: folder / path for path in sources}
    for parent in {file.parent for file in files.values()}:
        parent.mkdir(parents=True, exist_ok=True)
    for path, text in sources.items():
        files[path].write_bytes(text.encode())
    for command in commands:
        _ruff(command, folder, project)
    return {path: file.read_bytes() for path, file in files.items()}


def file_formatted(text: str, path: str, project: Path) -> str:
    """Return `text`, the file `path` of `project`, formatted as its settings say."""
    return _piped(FORMAT, text, path, project)


def lines_formatted(text: str, path: str, project: Path, ranges: Sequence[range]) -> str:
    """Return `text`, the file `path` of `project`, with only the lines in `ranges` formatted.

    Text that ruff refuses is returned unchanged.
    """
    for lines in reversed(ranges):
        text = _piped(["format", f"--range={lines.start}-{lines.stop}"], text, path, project)
    return text


def imports_sorted(text: str, path: str, project: Path, flags: Sequence[str] = ()) -> str:
    """Return `text`, the file `path` of `project`, with imports sorted as its settings say."""
    return _piped([*SORT, *flags], text, path, project)


def _piped(command: Sequence[str], text: str, path: str, project: Path) -> str:
    from ruff import find_ruff_bin  # noqa: PLC0415

    config = ruff_settings.file_of(project)
    settings = ("--config", config.name) if config.exists() else ()
    flags = ("--quiet", "--no-cache", "--force-exclude", *settings, "--stdin-filename", path, "-")
    done = processes.run([find_ruff_bin(), *command, *flags], cwd=project, stdin=text)
    return done.stdout if done.code == 0 else text


def _ruff(command: Sequence[str], target: Path, project: Path) -> None:
    from ruff import find_ruff_bin  # noqa: PLC0415

    config = ruff_settings.file_of(project)
    done = processes.run(
        [
            find_ruff_bin(),
            *command,
            *("--no-cache", "--no-respect-gitignore"),
            # By its name, as ruff expands variables in paths of settings.
            *("--config", config.name),
            str(target),
        ],
        cwd=project,
    )
    if done.code and str(config) in done.stderr:
        reason = " ".join(done.stderr.partition("Cause:")[2].split())
        raise Refused(f"ruff does not accept the settings of {project}: {reason}")
    if done.code < 0 or "os error" in done.stderr:
        raise CannotWrite(f"ruff could not write the project: {done.last_line}")
    if done.code:
        raise Bug(f"the template renders Python that ruff refuses:\n{done.stderr.strip()}")
