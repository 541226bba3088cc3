"""A new resource, from what was typed or asked to the report of what was done."""

import shlex
from collections.abc import Sequence

from fastgen import add_field, add_resource
from fastgen.add_resource import Proposal, Request
from fastgen.cli import change, choosing, failure
from fastgen.cli.change import Report, Ways
from fastgen.errors import Exit, Refused, Stopped
from fastgen.project import again, place
from fastgen.project.lines import ONLY_FIELD
from fastgen.project.place import Project
from fastgen.slices.resource import Resource

ALONE = f"without fields it gets one: {ONLY_FIELD}"


def as_told(request: Request, ways: Ways) -> Exit:
    """Add what the `request` says, and return the exit code; raises `FastgenError`."""
    with place.opened(writes=ways.writes, renders=True) as project:
        proposal = add_resource.propose(project, request)
        return _carry_out(project, request, proposal, ways, project.notes)


def by_asking(given: Request, ways: Ways, flags: Sequence[str]) -> Exit:
    """Ask for what `given` lacks, show what would be done, do it, and return the exit code.

    `flags` are shown in the line that does it without asking. Raises `FastgenError`, also
    `Stopped` when the person leaves.
    """
    try:
        return _by_asking(given, ways, flags)
    except KeyboardInterrupt as stop:
        raise Stopped from stop


def _by_asking(given: Request, ways: Ways, flags: Sequence[str]) -> Exit:
    from fastgen.cli import ask_resource  # noqa: PLC0415 - only who is asked pays

    # Others may work in the project while a person thinks, so it is not kept open. A plan that
    # does not fit any more when it is confirmed is refused as it is applied.
    with place.opened(writes=ways.writes, renders=True) as project:
        for text in project.notes:
            change.note(text)
    request = ask_resource.ask(project, given)
    with place.opened(writes=ways.writes, renders=True) as project:
        proposal = add_resource.propose(project, request)
    ask_resource.show_again(proposal.resource, flags)
    previewed = ways.writes and _is_for_writing(request, proposal)
    if previewed and not choosing.confirmed(proposal.plan, proposal.notes):
        return Exit.REFUSED
    with place.opened(writes=ways.writes, renders=True) as project:
        return _carry_out(project, request, proposal, ways, project.notes, previewed=previewed)


def _is_for_writing(request: Request, proposal: Proposal) -> bool:
    return proposal.state == "new" or (proposal.state == "different" and request.force)


def _carry_out(
    project: Project,
    request: Request,
    proposal: Proposal,
    ways: Ways,
    notes: Sequence[str],
    *,
    previewed: bool = False,
) -> Exit:
    names = proposal.resource.names
    about = {"project": str(project.root), "resource": names.singular, "state": proposal.state}
    report = Report(
        about,
        [*notes, *proposal.notes, *([] if request.fields else [ALONE])],
        [f"uv run pytest tests/test_{names.plural}.py", "uv run fastapi dev"],
        previewed,
    )
    if proposal.state == "identical":
        change.tell(proposal.plan, Ways(as_json=ways.as_json), Report(about, report.notes))
        change.note(f"the resource {names.singular} is there already, just so")
        return Exit.OK
    if not _is_for_writing(request, proposal):
        return _refuse(proposal, ways, report)
    return change.carry_out(project, proposal.plan, ways, report)


def _refuse(proposal: Proposal, ways: Ways, report: Report) -> Exit:
    """Show how the resource that is there differs from what was typed."""
    name = proposal.resource.names.singular
    error = Refused(
        f"the resource {name} is there already, and not as this line makes it: fields are added "
        "by add field, and --force overwrites what git has",
        _way(proposal.resource, proposal.old),
    )
    about = {**report.about, "error": failure.as_data(error)}
    change.tell(proposal.plan, Ways(diff=True, as_json=ways.as_json), Report(about, report.notes))
    failure.tell(error)
    return error.exit_code


def _way(new: Resource, old: Resource | None) -> str:
    """Return the command that makes the resource more like `new`, and loses as little as can be."""
    known = {field.name for field in old.fields} if old else set[str]()
    added = [add_field.addable(field) for field in new.fields if field.name not in known]
    if added:
        return shlex.join(["fastgen", "add", "field", new.names.singular, *added])
    return again.line(new, "--force")
