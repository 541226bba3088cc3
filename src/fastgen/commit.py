"""The first commit of a generated project."""

from collections.abc import Sequence
from pathlib import Path

from fastgen import git, interrupts
from fastgen.git import Git, GitError
from fastgen.placement import stage

BRANCH = "main"
IDENTIFY = (
    "git config --global user.name 'Your Name' && git config --global user.email you@example.org"
)
FROM_STDIN = ("--pathspec-from-file=-", "--pathspec-file-nul")
# A name that a pattern matches, to ask git about.
WILD = str.maketrans({"*": "x", "?": "x"})


def reason_against(project: Path) -> str | None:
    """Return why a project there gets no commit, though nothing is wrong; nothing if it does."""
    if not git.available():
        return "git is not installed"
    outer = git.enclosing_repository(project)
    if outer and not git.has_repository(project):
        return f"it lies in the repository {outer}"
    if not Git(project).has_identity():
        return f"git does not know your name: {IDENTIFY}"
    return None


def later(project: Path) -> str:
    """Return the command that makes the commit, to type in the folder `project`."""
    own = git.has_repository(project) or git.enclosing_repository(project)
    begin = "" if own else f"git init -b {BRANCH} && "
    return f"{begin}git add . && git commit -m 'Add {project.name}'"


def commit(
    project: Path, files: Sequence[str], message: str, aside: Path, ignore: Sequence[str]
) -> list[str]:
    """Commit `files` of `project`, in its repository or a new one.

    A new repository is made in the folder `aside` and moved in when it is finished. Returns
    those of the patterns `ignore` that had to be hidden. Raises `GitError`, leaving no trace.
    """
    if git.has_repository(project):
        repository = Git(project)
        hidden = hide(repository, ignore)
        _commit_onto(repository, files, message)
        return hidden
    with stage.opened(aside) as staged:
        made = staged.tree / "repository"
        Git(project).must("init", "-q", "-b", BRANCH, str(made))
        repository = Git(project, made / ".git")
        hidden = hide(repository, ignore)
        _add(repository, files)
        repository.must("commit", "-q", "-m", message)
        with interrupts.held():
            (made / ".git").rename(project / ".git")
    return hidden


def _commit_onto(repository: Git, files: Sequence[str], message: str) -> None:
    added = _add(repository, files)
    try:
        repository.must(
            "commit", "-q", "-m", message, "--only", *FROM_STDIN, stdin="\0".join(added)
        )
    except BaseException:
        with interrupts.held():
            arguments = ("rm", "-q", "--cached", "--ignore-unmatch", *FROM_STDIN)
            repository.run(*arguments, stdin="\0".join(added))
        raise


def _add(repository: Git, files: Sequence[str]) -> list[str]:
    added = sorted(set(files) & repository.addable())
    if not added:
        raise GitError("every file of the project is ignored or known already")
    repository.must("add", *FROM_STDIN, stdin="\0".join(added))
    return added


def hide(repository: Git, patterns: Sequence[str]) -> list[str]:
    """Have git ignore `patterns` in this clone, touching no file of the project.

    Returns those that it did not ignore before. Raises `GitError` and `OSError`.
    """
    samples = {p: p.strip("/").translate(WILD) + ("/" if p.endswith("/") else "") for p in patterns}
    ignored = repository.ignored(samples.values())
    missing = [p for p in patterns if not p.startswith("!") and samples[p] not in ignored]
    if missing:
        path = repository.must("rev-parse", "--git-path", "info/exclude").strip()
        file = repository.work_tree / path
        file.parent.mkdir(parents=True, exist_ok=True)
        before = file.read_text(encoding="utf-8") if file.exists() else ""
        joint = "" if not before or before.endswith("\n") else "\n"
        file.write_text(before + joint + "".join(f"{p}\n" for p in missing), encoding="utf-8")
    return missing
