"""Shows a plan: to confirm it, as a list, as a diff, as JSON, and what is left to the user."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastgen.changes import diff
from fastgen.changes.plan import Change, Create, Delete, Manual, Plan
from fastgen.cli.terminal import terminal
from fastgen.cli.terminal.streams import Channel
from fastgen.errors import Exit, OutputLost

VERBS = {Create: "create", Delete: "delete"}


@dataclass(frozen=True, slots=True)
class Mode:
    """How to carry out and report a plan."""

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


def end(plan: Plan, mode: Mode, report: Report) -> Exit:
    """Report `plan`, which was applied if `mode` says so, and return the exit code."""
    try:
        tell(plan, mode, report)
        terminal.out.flush()
    except OutputLost as error:
        if not mode.writes:
            raise
        raise OutputLost(error.reason, "all changes are written", "git status") from error
    return Exit.LEFT_TO_YOU if plan.manual else Exit.OK


def tell(plan: Plan, mode: Mode, report: Report) -> None:
    """Show `plan` on stdout, and notes about it on stderr."""
    for text in () if report.previewed else report.notes:
        terminal.note(text)
    if mode.as_json:
        terminal.json(_as_data(plan, mode, report))
    elif mode.diff:
        terminal.out.write_bytes(diff.unified(plan).encode(errors="surrogateescape"))
    elif report.previewed and terminal.is_watched():
        terminal.out.line("done")
    else:
        _list(plan, terminal.out)
    if not mode.writes:
        terminal.note("nothing was written")
    for manual in () if report.previewed else plan.manual:
        _tell_manual(manual)
    if mode.writes and not mode.as_json and report.next:
        terminal.err.write("\nNext:\n" + "".join(f"  {command}\n" for command in report.next))


def confirmed(plan: Plan, notes: Sequence[str]) -> bool:
    """Show `plan` on stderr, and ask whether to carry it out; raises `KeyboardInterrupt`."""
    for text in notes:
        terminal.note(text)
    _list(plan, terminal.err)
    for manual in plan.manual:
        _tell_manual(manual)
    sure = terminal.ask.confirm("Make these changes", default=True)
    if not sure:
        terminal.note("nothing was written")
    return sure


def _list(plan: Plan, channel: Channel) -> None:
    for change in plan.changes:
        verb = _verb(change)
        channel.paint(f"{verb:<6}", verb)
        channel.line(f"  {change.path}")


def _tell_manual(manual: Manual) -> None:
    lines = "".join(f"    {line}\n" for line in manual.snippet.splitlines())
    terminal.err.line(f"left to you: {manual.path}: {manual.reason}")
    terminal.err.write(lines)


def _verb(change: Change) -> str:
    return VERBS.get(type(change), "edit")


def _as_data(plan: Plan, mode: Mode, report: Report) -> dict[str, Any]:
    data: dict[str, Any] = {
        **report.about,
        "written": mode.writes and bool(plan.changes),
        "changes": [
            {"action": _verb(change), "path": change.path, "why": change.why}
            for change in plan.changes
        ],
        "left_to_you": [
            {"path": one.path, "reason": one.reason, "snippet": one.snippet} for one in plan.manual
        ],
        "notes": list(report.notes),
        "next": list(report.next) if mode.writes else [],
    }
    return {**data, "diff": diff.unified(plan)} if mode.diff else data
