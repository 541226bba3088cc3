"""Reports a job while it runs and at its end: on a terminal, to a pipe, or as JSON."""

import json
import os
import sys
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TextIO, cast

import fastgen
from fastgen.cli import output
from fastgen.commands.new import next_steps
from fastgen.commands.new.job import Outcome, Step
from fastgen.messages import visible

if TYPE_CHECKING:
    from rich.console import Console
    from rich.status import Status

DOING = {
    "render": "Rendering the template",
    "lock": "Locking the dependencies",
    "commit": "Making the first commit",
    "install": "Installing",
}
DONE = {
    "render": "Rendered the template",
    "lock": "Locked the dependencies",
    "commit": "Made the first commit",
    "install": "Installed into .venv",
}


class Quiet:
    """For a pipe: the path or the list of files on stdout, failed steps on stderr."""

    def __enter__(self) -> Self:
        """Start the report."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop the spinner, if any."""

    def started(self, step: str) -> None:
        """Report that `step` begins."""

    def finished(self, step: Step) -> None:
        """Report how a step ended."""
        if step.status == "failed" or step.later:
            _tell(f"{_missing(step.name)}: {step.reason}")
            _tell(f"to do it later: {step.later}")

    def note(self, text: str) -> None:
        """Report something else that the user should know."""
        _tell(text)

    def end(self, outcome: Outcome) -> None:
        """Report the outcome."""
        for line in outcome.files if outcome.request.dry_run else [str(outcome.path)]:
            # A path may be bytes that are not valid text.
            sys.stdout.buffer.write(os.fsencode(_visible(line)) + b"\n")


class Json(Quiet):
    """For a program: one object on stdout."""

    def __init__(self) -> None:
        """Start without notes."""
        self.notes: list[str] = []

    def note(self, text: str) -> None:
        """Report something else that the user should know."""
        self.notes.append(text)
        super().note(text)

    def end(self, outcome: Outcome) -> None:
        """Report the outcome."""
        request = outcome.request
        report = {
            "project": request.name,
            "path": str(outcome.path),
            "version": fastgen.__version__,
            "dry_run": request.dry_run,
            "options": request.options,
            "resources": list(request.resources),
            "files": outcome.files,
            "steps": [step.as_dict() for step in outcome.steps],
            "notes": self.notes,
            "next": [] if request.dry_run else next_steps.commands(outcome),
        }
        sys.stdout.write(json.dumps(report) + "\n")


class Live(Quiet):
    """For a terminal: a spinner while a step runs, a line for its end, and the next commands."""

    def __init__(self) -> None:
        """Prepare the screen."""
        self.console = _console(sys.stderr)
        self.status: Status | None = None

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop the spinner, if any."""
        self._stop()

    def started(self, step: str) -> None:
        """Report that `step` begins."""
        self._stop()
        self.status = self.console.status(f"{DOING[step]}...", spinner="line")
        self.status.start()

    def finished(self, step: Step) -> None:
        """Report how a step ended."""
        self._stop()
        if step.status == "done":
            self.console.print(f"[green]done[/green]     {DONE[step.name]}")
            return
        colour = "red" if step.status == "failed" else "yellow"
        self.console.print(f"[{colour}]{step.status:<8}[/{colour}] {step.name}: ", end="")
        self._tell(step.reason, highlight=False)
        if step.later:
            self._tell(f"         later: {step.later}")

    def note(self, text: str) -> None:
        """Report something else that the user should know."""
        self._tell(f"note: {text}", highlight=False)

    def end(self, outcome: Outcome) -> None:
        """Report the outcome."""
        self._stop()
        if outcome.request.dry_run:
            super().end(outcome)
            count = len(outcome.files)
            self.note(f"{count} files would be created in {outcome.path}; nothing was written")
            return
        out = _console(sys.stdout)
        out.print()
        plain: dict[str, Any] = {"markup": False, "highlight": False, "soft_wrap": True}
        path = os.fsencode(outcome.path).decode(errors="replace")
        out.print(visible(f"{outcome.request.name} is in {path}", kept=""), **plain)
        out.print("Next:")
        for command in next_steps.commands(outcome):
            out.print(visible(f"  {command}", kept=""), style="bold", **plain)

    def _tell(self, text: str, *, highlight: bool = True) -> None:
        self.console.print(visible(text), markup=False, highlight=highlight, soft_wrap=True)

    def _stop(self) -> None:
        if self.status is not None:
            self.status.stop()
            self.status = None


def reporter(*, as_json: bool) -> Quiet:
    """Return the reporter for this run; `Live` needs a terminal."""
    if as_json:
        return Json()
    if sys.stdout.isatty() and sys.stderr.isatty():
        return Live()
    return Quiet()


def _missing(step: str) -> str:
    return {"lock": "not locked", "commit": "not committed", "install": "not installed"}[step]


def _tell(text: str) -> None:
    sys.stderr.write(f"note: {visible(text, kept='')}\n")


def _visible(path: str) -> str:
    """Return `path` for a terminal; bytes that are not valid text are kept."""
    return "".join(c if "\udc80" <= c <= "\udcff" else visible(c, kept="") for c in path)


def _console(stream: TextIO) -> "Console":
    from rich.console import Console  # noqa: PLC0415

    file = cast("TextIO", output.Styled(stream))
    return Console(file=file, color_system="auto" if output.styled() else None)
