"""Reports a job while it runs and at its end: on a terminal, to a pipe, or as JSON."""

import os
from types import TracebackType
from typing import Self

import fastgen
from fastgen.cli.terminal import terminal
from fastgen.commands.new import next_steps
from fastgen.commands.new.job import Outcome, Step
from fastgen.messages import visible

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
            terminal.note(f"{_missing(step.name)}: {step.reason}")
            terminal.note(f"to do it later: {step.later}")

    def note(self, text: str) -> None:
        """Report something else that the user should know."""
        terminal.note(text)

    def end(self, outcome: Outcome) -> None:
        """Report the outcome."""
        lines = outcome.files if outcome.request.dry_run else [str(outcome.path)]
        # A path may be bytes that are not valid text.
        terminal.out.write_bytes(b"".join(os.fsencode(_visible(line)) + b"\n" for line in lines))


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
        terminal.json(report)


class Live(Quiet):
    """For a terminal: a spinner while a step runs, a line for its end, and the next commands."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop the spinner, if any."""
        terminal.still()

    def started(self, step: str) -> None:
        """Report that `step` begins."""
        terminal.spin(f"{DOING[step]}...")

    def finished(self, step: Step) -> None:
        """Report how a step ended."""
        terminal.still()
        terminal.err.paint(f"{step.status:<8}", step.status)
        told = DONE[step.name] if step.status == "done" else f"{step.name}: {step.reason}"
        terminal.err.write(f" {told}\n")
        if step.later:
            terminal.err.write(f"         later: {step.later}\n")

    def end(self, outcome: Outcome) -> None:
        """Report the outcome."""
        terminal.still()
        if outcome.request.dry_run:
            super().end(outcome)
            count = len(outcome.files)
            self.note(f"{count} files would be created in {outcome.path}; nothing was written")
            return
        path = os.fsencode(outcome.path).decode(errors="replace")
        told = visible(f"{outcome.request.name} is in {path}", kept="")
        terminal.out.write(f"\n{told}\nNext:\n")
        for command in next_steps.commands(outcome):
            terminal.out.paint(visible(f"  {command}", kept=""), "command")
            terminal.out.write("\n")


def reporter(*, as_json: bool) -> Quiet:
    """Return the reporter for this run; `Live` needs a terminal."""
    if as_json:
        return Json()
    if terminal.is_watched():
        return Live()
    return Quiet()


def _missing(step: str) -> str:
    return {"lock": "not locked", "commit": "not committed", "install": "not installed"}[step]


def _visible(path: str) -> str:
    """Return `path` for a terminal; bytes that are not valid text are kept."""
    return "".join(c if "\udc80" <= c <= "\udcff" else visible(c, kept="") for c in path)
