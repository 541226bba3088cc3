"""Runs a command that changes a resource, from its arguments to its report."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from fastgen.cli import plans
from fastgen.cli.plans import Mode, Report
from fastgen.cli.terminal import terminal
from fastgen.commands.execution import execute
from fastgen.commands.proposal import Proposal
from fastgen.engine import placing
from fastgen.errors import Exit
from fastgen.project.project import Project, opened


def run(
    propose: Callable[[Project], Proposal],
    mode: Mode,
    about: Mapping[str, Any],
    *,
    nothing: str = "there is nothing to change",
) -> Exit:
    """Carry out what `propose` plans, report it with `about`, and return the exit code.

    `nothing` is the message for an empty plan. Raises `FastgenError`.
    """
    with opened(writes=mode.writes, renders=True) as project:
        proposal = propose(project)
        names = proposal.resource.names
        report = Report(
            {"project": str(project.root), "resource": names.singular, **about},
            [*project.notes, *proposal.notes],
        )
        if proposal.plan.empty:
            plans.tell(proposal.plan, Mode(as_json=mode.as_json), Report(report.about))
            terminal.note(nothing)
            return Exit.OK
        if mode.writes:
            execute(project, proposal.plan)
        following = [f"uv run pytest {placing.tests_of(project, names)}"]
        return plans.end(proposal.plan, mode, replace(report, next=following))
