"""The request and the outcome of `fastgen new`, shared by its parts."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol

from fastgen import databases
from fastgen.databases import Database
from fastgen.domain.source import Source
from fastgen.template.answers import Answers
from fastgen.template.questions import NAME

Status = Literal["done", "skipped", "failed"]


@dataclass(frozen=True, slots=True)
class Request:
    """The project to generate, and where."""

    answers: Answers
    target: Path
    git: bool = True
    install: bool = True
    dry_run: bool = False
    # Each text is the arguments of one `fastgen add resource`.
    resources: tuple[str, ...] = ()
    # The file that says all of them instead.
    file: Source | None = None

    @property
    def name(self) -> str:
        """The project's name."""
        return str(self.answers[NAME])

    @property
    def database(self) -> Database:
        """The project's database."""
        return databases.BY_NAME[str(self.answers["database"])]

    @property
    def options(self) -> Answers:
        """The answers besides the name."""
        return {key: value for key, value in self.answers.items() if key != NAME}


@dataclass(frozen=True, slots=True)
class Step:
    """A step, how it ended and why, and the command that does it later."""

    name: str
    status: Status
    reason: str = ""
    later: str = ""

    def as_dict(self) -> dict[str, str]:
        """Return the step for JSON; empty values are left out."""
        texts = {"reason": self.reason, "later": self.later}
        return {"name": self.name, "status": self.status, **{k: v for k, v in texts.items() if v}}


@dataclass(slots=True)
class Outcome:
    """The result of `fastgen new`."""

    request: Request
    path: Path
    files: list[str]
    steps: list[Step] = field(default_factory=list)

    @property
    def failed(self) -> bool:
        """Whether a step after the project was written failed."""
        return any(step.status == "failed" for step in self.steps)


class Reporter(Protocol):
    """Receives progress reports; each method must return quickly."""

    def started(self, step: str) -> None:
        """Report that `step` begins."""

    def finished(self, step: Step) -> None:
        """Report how a step ended."""

    def note(self, text: str) -> None:
        """Report something else that the user should know."""
