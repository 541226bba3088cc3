"""The steps after the project is in place: lock, commit, install."""

import contextlib
from collections.abc import Callable
from pathlib import Path

import fastgen
from fastgen import messages
from fastgen.commands.new import commit
from fastgen.commands.new.job import Outcome, Reporter, Step
from fastgen.placement.site import Site
from fastgen.rendering import secrets_file
from fastgen.system import git, interrupts, safe_files, uv
from fastgen.system.git import Git, GitError
from fastgen.system.processes import Completed

LOCK_FILE = "uv.lock"
NOT_WANTED = "--no-install"


def run(outcome: Outcome, where: Site, ignores: list[str], reporter: Reporter) -> None:
    """Lock, commit and install the project of `outcome`, and record in it how each step ended.

    `ignores` are the patterns of the generated `.gitignore` if an existing one was kept. A
    failed step is recorded and not raised. Raises `Interrupted`.
    """
    steps: dict[str, Callable[[], Step]] = {
        "lock": lambda: _lock(outcome, reporter),
        "commit": lambda: _commit(outcome, where, ignores, reporter),
        "install": lambda: _install(outcome, reporter),
    }
    # Each step is announced only once it is known not to be skipped.
    for name, work in steps.items():
        interrupts.check()
        step = work()
        outcome.steps.append(step)
        reporter.finished(step)
        if name == "commit":
            _tell_inactive_ci(outcome.path, reporter)


def _lock(outcome: Outcome, reporter: Reporter) -> Step:
    if not outcome.request.install:
        return Step("lock", "skipped", NOT_WANTED)
    step = _uv("lock", outcome, uv.lock, reporter)
    if (outcome.path / LOCK_FILE).exists():
        outcome.files = sorted({*outcome.files, LOCK_FILE})
    return step


def _install(outcome: Outcome, reporter: Reporter) -> Step:
    if not outcome.request.install:
        return Step("install", "skipped", NOT_WANTED)
    if any(step.name == "lock" and step.status == "failed" for step in outcome.steps):
        return Step("install", "skipped", "there is no lock")
    return _uv("install", outcome, uv.sync, reporter)


def _uv(name: str, outcome: Outcome, work: Callable[..., Completed], reporter: Reporter) -> Step:
    reporter.started(name)
    try:
        done = work(outcome.path)
        reason = "" if done.code == 0 else uv.reason(done)
    except (OSError, ImportError) as error:
        reason = str(error)
    if not reason:
        return Step(name, "done")
    return Step(name, "failed", f"uv: {reason}", _later(outcome, uv.later()))


def _commit(outcome: Outcome, where: Site, ignores: list[str], reporter: Reporter) -> Step:
    try:
        step = _committed(outcome, where, ignores, reporter)
    except (GitError, OSError) as error:
        later = commit.later(outcome.path, _ours(outcome), str(error))
        step = Step("commit", "failed", str(error), _later(outcome, later))
    return step


def _committed(outcome: Outcome, where: Site, ignores: list[str], reporter: Reporter) -> Step:
    project = outcome.path
    wanted = outcome.request.git
    reason = commit.reason_against(project) if wanted else "--no-git"
    if reason:
        _protect_uncommitted(outcome, ignores, reporter)
        later = _later(outcome, commit.later(project, _ours(outcome))) if wanted else ""
        return Step("commit", "skipped", reason, later)
    reporter.started("commit")
    files = _ours(outcome)
    message = f"Generate {outcome.request.name} with fastgen {fastgen.__version__}"
    hidden = commit.commit(project, files, message, where.stage_parent, ignores)
    _tell_hidden(hidden, reporter)
    if hiding := Git(project).hiding(files):
        reporter.note(
            f"git ignores {', '.join(hiding)}: existing files are committed all the "
            "same, later ones need git add --force"
        )
    return Step("commit", "done")


def _ours(outcome: Outcome) -> list[str]:
    return [name for name in outcome.files if name != secrets_file.FILE]


def _protect_uncommitted(outcome: Outcome, ignores: list[str], reporter: Reporter) -> None:
    if not ignores:
        return
    if git.available() and git.has_repository(outcome.path):
        _tell_hidden(commit.hide(Git(outcome.path), ignores), reporter)
        return
    kept = next(p for p in outcome.path.iterdir() if p.name.lower() == ".gitignore")
    lines = _lines(kept)
    missing = [pattern for pattern in ignores if pattern not in lines]
    if missing:
        reporter.note(f"your .gitignore was kept: add {', '.join(missing)} to it")


def _lines(file: Path) -> set[str]:
    """Return the lines of `file`; empty if it is missing or cannot be read."""
    with contextlib.suppress(OSError, ValueError):
        text = safe_files.read_regular(file, safe_files.LARGE).decode(errors="replace")
        return {line.strip() for line in text.splitlines()}
    return set()


def _tell_hidden(hidden: list[str], reporter: Reporter) -> None:
    if hidden:
        reporter.note(
            f"your .gitignore was kept: add {', '.join(hidden)} to it "
            "(for now they are in .git/info/exclude)"
        )


def _tell_inactive_ci(project: Path, reporter: Reporter) -> None:
    outer = git.joined_repository(project)
    if outer and (project / ".github").is_dir():
        reporter.note(f"CI is not active: GitHub reads only {outer}/.github, not {project}/.github")


def _later(outcome: Outcome, command: str) -> str:
    return f"{messages.command(['cd', str(outcome.path)])} && {command}"
