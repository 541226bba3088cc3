"""Reports errors: readable on stderr, and with `--json` as JSON on stdout."""

import shlex
from collections.abc import Sequence
from typing import Any

from typer.exceptions import TyperException

from fastgen.cli.terminal import terminal
from fastgen.commands import corrected
from fastgen.errors import Exit, FastgenError, OutputLost


def report(
    error: FastgenError, *, as_json: bool, debug: bool, arguments: Sequence[str] = ()
) -> int:
    """Report `error`, which `arguments` caused, and return its exit code."""
    mended = corrected.command(error, arguments)
    tell(error, mended)
    if error.exit_code == Exit.BUG:
        _ask_for_report(error, arguments, debug=debug)
    return _end(error.message, mended or error.hint, error.exit_code, as_json=as_json)


def tell(error: FastgenError, mended: str | None = None) -> None:
    """Print `error` with its hints on stderr; `mended` is one hint for several errors."""
    for text in getattr(error, "__notes__", ()):
        terminal.note(text)
    for part in error.parts:
        terminal.error(part.message)
        if part.hint and not (mended and part.instead):
            terminal.hint(part.hint)
    if mended:
        terminal.hint(mended)


def as_data(error: FastgenError) -> dict[str, Any]:
    """Return `error` as data for JSON."""
    return _data(error.message, error.hint, error.exit_code)


def usage(error: TyperException, *, as_json: bool, arguments: Sequence[str] = ()) -> int:
    """Report a wrong command line in Typer's words, and return the exit code."""
    hint = _way(error, arguments)
    message = error.format_message()
    terminal.error(message)
    terminal.hint(hint)
    return _end(message, hint, error.exit_code, as_json=as_json)


def _way(error: TyperException, arguments: Sequence[str]) -> str:
    """Return the line with the flag or the command that was meant, or the one that lists them."""
    typed = getattr(error, "option_name", None)
    near = next(iter(getattr(error, "possibilities", None) or ()), None)
    if typed in arguments and near:
        return shlex.join(["fastgen", *(near if one == typed else one for one in arguments)])
    context = getattr(error, "ctx", None)
    return f"{context.command_path if context else 'fastgen'} --help"


def unforeseen(
    error: Exception, *, as_json: bool, debug: bool, arguments: Sequence[str] = ()
) -> int:
    """Report a bug in fastgen, with a traceback only if `debug` is set."""
    message = f"{type(error).__name__}: {error}"
    terminal.error(message)
    _ask_for_report(error, arguments, debug=debug)
    return _end(message, None, Exit.BUG, as_json=as_json)


def _ask_for_report(error: Exception, arguments: Sequence[str], *, debug: bool) -> None:
    terminal.error("this is a bug in fastgen: please report it with its traceback")
    if debug:
        terminal.traceback(error)
    else:
        terminal.hint(shlex.join(["fastgen", "--debug", *arguments]))


def _end(message: str, hint: str | None, code: int, *, as_json: bool) -> int:
    if as_json:
        try:
            terminal.json({"error": _data(message, hint, code)})
            terminal.out.flush()
        except OutputLost as lost:
            terminal.error(lost.message)
    return int(code)


def _data(message: str, hint: str | None, code: int) -> dict[str, Any]:
    return {"message": message, "hint": hint, "exit_code": int(code)}
