"""`fastgen add resource`: from the request to the report."""

import shlex
from collections.abc import Sequence

from fastgen.cli import change, choosing, failure
from fastgen.cli.change import Report, Ways
from fastgen.cli.terminal import terminal
from fastgen.commands import add_field, add_resource
from fastgen.commands.add_resource import Addition, Request
from fastgen.commands.execution import execute
from fastgen.errors import Exit, Refused, Stopped
from fastgen.project import again
from fastgen.project.project import Project, opened
from fastgen.project.typed_sets import NONE
from fastgen.project.understand import ONLY_FIELD
from fastgen.slices.resource import Resource

ALONE = f"a resource without fields gets one: {ONLY_FIELD}"


def as_told(request: Request, ways: Ways) -> Exit:
    """Add the resource of `request`, and return the exit code; raises `FastgenError`."""
    with opened(writes=ways.writes, renders=True) as project:
        proposal = add_resource.propose(project, request)
        return _carry_out(project, request, proposal, ways, project.notes)


def by_asking(given: Request, ways: Ways, flags: Sequence[str]) -> Exit:
    """Ask for what `given` lacks, show the changes, make them, and return the exit code.

    `flags` are part of the command shown that does the same without asking. Raises
    `FastgenError`, and `Stopped` when the user interrupts it.
    """
    try:
        return _by_asking(given, ways, flags)
    except KeyboardInterrupt as stop:
        raise Stopped from stop


def _by_asking(given: Request, ways: Ways, flags: Sequence[str]) -> Exit:
    from fastgen.cli import ask_resource  # noqa: PLC0415 - slow, and only needed to ask

    # The project is not locked while the user thinks, as others may work in it. A plan that no
    # longer fits when it is confirmed is refused when it is applied.
    with opened(writes=ways.writes, renders=True) as project:
        for text in project.notes:
            terminal.note(text)
    request = ask_resource.ask(project, given)
    with opened(writes=ways.writes, renders=True) as project:
        proposal = add_resource.propose(project, request)
    ask_resource.show_again(proposal.resource, flags)
    previewed = ways.writes and _is_for_writing(request, proposal)
    if previewed and not choosing.confirmed(proposal.plan, proposal.notes):
        return Exit.REFUSED
    with opened(writes=ways.writes, renders=True) as project:
        return _carry_out(project, request, proposal, ways, project.notes, previewed=previewed)


def _is_for_writing(request: Request, proposal: Addition) -> bool:
    return proposal.state == "new" or (proposal.state == "different" and request.force)


def _carry_out(
    project: Project,
    request: Request,
    proposal: Addition,
    ways: Ways,
    notes: Sequence[str],
    *,
    previewed: bool = False,
) -> Exit:
    names = proposal.resource.names
    about = {
        "project": str(project.root),
        "resource": names.singular,
        "state": proposal.state,
        "unique": proposal.resource.unique,
        "index": proposal.resource.index,
    }
    report = Report(
        about,
        [*notes, *proposal.notes, *([] if request.fields else [ALONE])],
        [f"uv run pytest tests/test_{names.plural}.py", "uv run fastapi dev"],
        previewed,
    )
    if proposal.state == "identical":
        change.tell(proposal.plan, Ways(as_json=ways.as_json), Report(about, report.notes))
        terminal.note(f"the resource {names.singular} already exists, exactly like this")
        return Exit.OK
    if not _is_for_writing(request, proposal):
        return _refuse(proposal, ways, report)
    if ways.writes:
        execute(project, proposal.plan)
    return change.outcome(proposal.plan, ways, report)


def _refuse(proposal: Addition, ways: Ways, report: Report) -> Exit:
    """Show how the existing resource differs from what was typed."""
    name = proposal.resource.names.singular
    error = Refused(
        f"the resource {name} already exists and differs from this line: add field adds fields, "
        "and --force overwrites files that are committed in git",
        _way(proposal.resource, proposal.old),
    )
    about = {**report.about, "error": failure.as_data(error)}
    change.tell(proposal.plan, Ways(diff=True, as_json=ways.as_json), Report(about, report.notes))
    failure.tell(error)
    return error.exit_code


def _way(new: Resource, old: Resource | None) -> str:
    """Return the command that brings the resource closest to `new` with the least loss."""
    known = {field.name for field in old.fields} if old else set[str]()
    added = [add_field.addable(field) for field in new.fields if field.name not in known]
    if added:
        return shlex.join(["fastgen", "add", "field", new.names.singular, *added])
    return again.line(new, *_cleared(new, old), "--force")


def _cleared(new: Resource, old: Resource | None) -> list[str]:
    """Return the flags that leave out all sets of columns of a kind that `old` has."""
    unique = ["--unique", NONE] if old and old.unique and not new.unique else []
    index = ["--index", NONE] if old and old.index and not new.index else []
    return [*unique, *index]
