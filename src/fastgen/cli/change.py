"""Shows and applies a plan: the list, the diff, and what is left to the user."""

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TextIO

from fastgen.changes import apply as applying
from fastgen.changes import diff
from fastgen.changes.plan import Change, Create, Delete, Manual, Plan
from fastgen.cli import output
from fastgen.errors import Exit, OutputLost, Stopped
from fastgen.messages import visible
from fastgen.project.project import Project

VERBS = {Create: "create", Delete: "delete"}
COLOURS = {"create": "32", "edit": "33", "delete": "31"}


@dataclass(frozen=True, slots=True)
class Ways:
    """How to carry out and report a change."""

    dry_run: bool = False
    diff: bool = False
    as_json: bool = False

    @property
    def writes(self) -> bool:
        """Whether anything is written."""
        return not (self.dry_run or self.diff)


@dataclass(frozen=True, slots=True)
class Report:
    """What to report besides the changes."""

    about: Mapping[str, Any]
    notes: Sequence[str] = ()
    next: Sequence[str] = ()
    # Whether the user has already seen the changes.
    previewed: bool = False


def carry_out(project: Project, plan: Plan, ways: Ways, report: Report) -> Exit:
    """Apply `plan` unless it is only to be shown, report it, and return the exit code.

    Raises the errors of `apply`, with nothing changed.
    """
    if ways.writes:
        perform(project, plan)
    return outcome(plan, ways, report)


def perform(project: Project, plan: Plan) -> None:
    """Apply `plan`; raises the errors of `apply`, with nothing changed."""
    try:
        applying.apply(project.root, plan)
    except KeyboardInterrupt as stop:
        raise Stopped(project_stands=getattr(stop, "project_stands", False)) from stop


def outcome(plan: Plan, ways: Ways, report: Report) -> Exit:
    """Report `plan`, which was applied if `ways` say so, and return the exit code."""
    try:
        tell(plan, ways, report)
        sys.stdout.flush()
    except OutputLost as error:
        if not ways.writes:
            raise
        raise OutputLost(error.reason, "all is written", "git status") from error
    return Exit.LEFT_TO_YOU if plan.manual else Exit.OK


def tell(plan: Plan, ways: Ways, report: Report) -> None:
    """Show `plan` on stdout, and notes about it on stderr."""
    for text in () if report.previewed else report.notes:
        note(text)
    if ways.as_json:
        sys.stdout.write(json.dumps(_as_data(plan, ways, report)) + "\n")
    elif ways.diff:
        sys.stdout.flush()
        sys.stdout.buffer.write(diff.unified(plan).encode(errors="surrogateescape"))
        sys.stdout.buffer.flush()
    elif report.previewed and sys.stdout.isatty():
        sys.stdout.write("done\n")
    else:
        _list(plan, sys.stdout)
    if not ways.writes:
        note("nothing was written")
    for manual in () if report.previewed else plan.manual:
        _tell_manual(manual)
    if ways.writes and not ways.as_json and report.next:
        sys.stderr.write("\nNext:\n" + "".join(f"  {command}\n" for command in report.next))


def preview(plan: Plan, notes: Sequence[str]) -> None:
    """Show `plan` on stderr, for the user to confirm."""
    for text in notes:
        note(text)
    _list(plan, sys.stderr)
    for manual in plan.manual:
        _tell_manual(manual)


def _list(plan: Plan, stream: TextIO) -> None:
    for change in plan.changes:
        verb = _verb(change)
        output.paint(f"{verb:<6}", COLOURS[verb], stream)
        stream.write(f"  {visible(change.path, kept='')}\n")


def note(text: str) -> None:
    """Print the note `text` on stderr."""
    sys.stderr.write(f"note: {visible(text, kept='')}\n")


def _tell_manual(manual: Manual) -> None:
    lines = "".join(f"    {line}\n" for line in manual.snippet.splitlines())
    told = visible(f"{manual.path}: {manual.reason}", kept="")
    sys.stderr.write(f"left to you: {told}\n{lines}")


def _verb(change: Change) -> str:
    return VERBS.get(type(change), "edit")


def _as_data(plan: Plan, ways: Ways, report: Report) -> dict[str, Any]:
    data: dict[str, Any] = {
        **report.about,
        "written": ways.writes and bool(plan.changes),
        "changes": [
            {"action": _verb(change), "path": change.path, "why": change.why}
            for change in plan.changes
        ],
        "left_to_you": [
            {"path": one.path, "reason": one.reason, "snippet": one.snippet} for one in plan.manual
        ],
        "notes": list(report.notes),
        "next": list(report.next) if ways.writes else [],
    }
    return {**data, "diff": diff.unified(plan)} if ways.diff else data
