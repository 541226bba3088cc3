"""What `fastgen new` is asked, does and reports: the words its parts share."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol

from fastgen.options import Answers
from fastgen.questions import NAME
from fastgen.slices.resource import Database

Status = Literal["done", "skipped", "failed"]


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be made, and where."""

    answers: Answers
    target: Path
    git: bool = True
    install: bool = True
    dry_run: bool = False
    # What comes after `fastgen add resource`, one text each.
    resources: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The project's name."""
        return str(self.answers[NAME])

    @property
    def database(self) -> Database:
        """The database it is built on."""
        return "sqlite" if self.answers.get("database") == "sqlite" else "postgresql"

    @property
    def options(self) -> Answers:
        """The answers besides the name."""
        return {key: value for key, value in self.answers.items() if key != NAME}


@dataclass(frozen=True, slots=True)
class Step:
    """One step, how it ended, and why, and what does it later."""

    name: str
    status: Status
    reason: str = ""
    later: str = ""

    def as_dict(self) -> dict[str, str]:
        """Return it for JSON; a reason and what does it later only where there are any."""
        texts = {"reason": self.reason, "later": self.later}
        return {"name": self.name, "status": self.status, **{k: v for k, v in texts.items() if v}}


@dataclass(slots=True)
class Outcome:
    """What was made."""

    request: Request
    path: Path
    files: list[str]
    steps: list[Step] = field(default_factory=list)

    @property
    def failed(self) -> bool:
        """Whether a step after the project was written failed."""
        return any(step.status == "failed" for step in self.steps)


class Reporter(Protocol):
    """Somebody who watches; each method must return soon."""

    def started(self, step: str) -> None:
        """Hear that `step` begins."""

    def finished(self, step: Step) -> None:
        """Hear how a step ended."""

    def note(self, text: str) -> None:
        """Hear what else the person should know."""
