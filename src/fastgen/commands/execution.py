"""Carries out what a command proposes, completely or not at all."""

from fastgen.changes import apply
from fastgen.changes.plan import Plan
from fastgen.errors import Stopped
from fastgen.project import conflicts, recent
from fastgen.project.project import Project


def execute(project: Project, plan: Plan) -> None:
    """Apply `plan`, and show its conflicts in git.

    Raises `Stopped` and the errors of `apply`, with nothing changed.
    """
    try:
        recent.remember(project.root, plan)
        apply.apply(project.root, plan)
    except KeyboardInterrupt as stop:
        raise Stopped(project_stands=getattr(stop, "project_stands", False)) from stop
    for one in plan.conflicts:
        conflicts.mark_deleted(project.root, one.path, one.base, one.ours)
