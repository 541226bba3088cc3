"""Every error that a user can meet.

    FastgenError                 message, hint, exit code
    ├── Refused                  1   a value or a state that is not accepted
    │   ├── InvalidName          1   the project's name, or a resource's
    │   ├── InvalidField         1   a field of a resource
    │   │   └── UnknownTarget    1   a field that refers to no resource
    │   ├── Clash                1   something of that name is there already
    │   ├── InUse                1   something else refers to it
    │   ├── InvalidOption        1   an option's value, or options that do not go together
    │   ├── TargetRefused        1   the folder: taken, not a folder, inside a project
    │   └── CannotWrite          1   the system said no: permissions, full disk, read-only
    ├── Several                  1   more than one of the above, reported together
    ├── HalfDone                 1   changes that could be neither finished nor undone
    ├── WrongUsage               2   a command line that lacks something
    ├── OutputLost               1   stdout is full or closed; 3 when something was written
    ├── Stopped                  130 Ctrl-C, SIGTERM or SIGHUP (inside: `interrupts.Interrupted`)
    └── Bug                      70  ours: a broken template, an unforeseen state

Most wrong usage (2) is reported by Typer; a failed follow-up step (3) is an outcome, not an
error: the project stands.
"""

from collections.abc import Sequence
from enum import IntEnum

# Words of a command line, and what is right in the place of each.
Instead = Sequence[tuple[str, str]]
# The same line again: what was in its way goes by itself.
AGAIN: Instead = (("", ""),)


class Exit(IntEnum):
    """What the process ends with."""

    OK = 0
    REFUSED = 1
    USAGE = 2
    FOLLOW_UP = 3
    LEFT_TO_YOU = 4
    BUG = 70
    INTERRUPTED = 130


class FastgenError(Exception):
    """What happened, what helps, and the exit code that tells it to a script."""

    exit_code = Exit.REFUSED

    def __init__(self, message: str, hint: str | None = None, *, instead: Instead = ()) -> None:
        """Keep `message` (what, where, what is allowed) and `hint` (a command that helps).

        Where the command line is wrong, `instead` says what to type in the place of which of its
        words, in their order: the hint is then that line. See `fastgen.corrected`.
        """
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.instead = tuple(instead)

    @property
    def parts(self) -> Sequence["FastgenError"]:
        """The errors to show, one after the other."""
        return (self,)


class Refused(FastgenError):
    """A value or a state that is not accepted; nothing was written."""


class InvalidName(Refused):
    """The project, or a resource, cannot be called that."""


class InvalidField(Refused):
    """A resource cannot have that field."""


class UnknownTarget(InvalidField):
    """A field refers to a resource that there is not."""

    def __init__(
        self, message: str, target: str, hint: str | None = None, *, instead: Instead = ()
    ) -> None:
        """Keep also the `target` that is to be made first."""
        super().__init__(message, hint, instead=instead)
        self.target = target


class Clash(Refused):
    """Something in the project has that name already."""


class InUse(Refused):
    """Something else in the project refers to it."""


class InvalidOption(Refused):
    """An option has a value that it does not take, or does not go with the others."""


class TargetRefused(Refused):
    """The project cannot be made in that folder."""


class CannotWrite(Refused):
    """The system did not let us write; what was begun has been removed."""


class Several(Refused):
    """More than one mistake in one command line."""

    def __init__(self, errors: Sequence[FastgenError]) -> None:
        """Gather `errors`; at least one."""
        # One may be at fault in two parts of a line, and is told once.
        told = {(error.message, error.hint): error for error in errors}
        first = next((error.hint for error in errors if error.hint), None)
        super().__init__("\n".join(message for message, _ in told), first)
        self.errors = tuple(told.values())

    @property
    def parts(self) -> Sequence[FastgenError]:
        """The errors to show, one after the other."""
        return self.errors


class HalfDone(FastgenError):
    """Changes were begun, and the system lets us neither finish nor undo them."""


class Stopped(FastgenError):
    """We were asked to stop; what was begun has been removed, or is complete."""

    exit_code = Exit.INTERRUPTED

    def __init__(self, *, project_stands: bool = False) -> None:
        """Say what is there now."""
        left = "the project is complete, what comes after it was not done"
        super().__init__(f"interrupted: {left if project_stands else 'nothing was written'}")


class WrongUsage(FastgenError):
    """The command line lacks what only a person at a terminal would be asked for."""

    exit_code = Exit.USAGE


class OutputLost(FastgenError):
    """Standard output did not take what was to be told."""

    def __init__(self, reason: str, done: str | None = None, hint: str | None = None) -> None:
        """Keep the system's `reason`, what is `done` all the same, and a command that tells it."""
        message = f"cannot write to standard output: {reason}"
        super().__init__(f"{message}; {done}" if done else message, hint)
        self.reason = reason
        if done:
            self.exit_code = Exit.FOLLOW_UP


class Bug(FastgenError):
    """Something that is our fault: the user can only report it."""

    exit_code = Exit.BUG


def raise_all(errors: Sequence[FastgenError]) -> None:
    """Raise nothing, the one error, or `Several`."""
    if len(errors) == 1:
        raise errors[0]
    if errors:
        raise Several(errors)
