"""Every error that a user can encounter.

    FastgenError                 message, hint, exit code
    ├── Refused                  1   a value or a state that is not accepted
    │   ├── InvalidName          1   the project's name, or a resource's
    │   ├── InvalidField         1   a field of a resource
    │   │   └── UnknownTarget    1   a field that refers to an unknown resource
    │   ├── Clash                1   the name is taken
    │   ├── InUse                1   something else refers to it
    │   ├── InvalidOption        1   an option's value, or options that do not go together
    │   ├── TargetRefused        1   the folder: taken, not a folder, inside a project
    │   └── CannotWrite          1   writing failed: permissions, full disk, read-only
    ├── Several                  1   more than one of the above, reported together
    ├── HalfDone                 1   changes that could be neither finished nor undone
    ├── WrongUsage               2   an incomplete command line
    ├── OutputLost               1   stdout is full or closed; 3 if files were written
    ├── Stopped                  130 Ctrl-C, SIGTERM or SIGHUP (inside: `interrupts.Interrupted`)
    └── Bug                      70  a bug in fastgen: a broken template, an unforeseen state

Most wrong usage (2) is reported by Typer; a failed follow-up step (3) is an outcome, not an
error: the project stands.
"""

from collections.abc import Sequence
from enum import IntEnum

# Words of a command line, each with its replacement.
Instead = Sequence[tuple[str, str]]
# The same line again: the cause of the error is temporary.
AGAIN: Instead = (("", ""),)


class Exit(IntEnum):
    """The exit codes of the process."""

    OK = 0
    REFUSED = 1
    USAGE = 2
    FOLLOW_UP = 3
    LEFT_TO_YOU = 4
    BUG = 70
    INTERRUPTED = 130


class FastgenError(Exception):
    """An error with a message, a hint and an exit code."""

    exit_code = Exit.REFUSED

    def __init__(self, message: str, hint: str | None = None, *, instead: Instead = ()) -> None:
        """Keep `message` (what, where, what is allowed) and `hint` (a command that helps).

        If the command line is wrong, `instead` lists its wrong words in order, each with a
        replacement; the hint is then the corrected line. See `fastgen.commands.corrected`.
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
    """A value or a state is not accepted; nothing was written."""


class InvalidName(Refused):
    """The name of a project or a resource is not accepted."""


class InvalidField(Refused):
    """A field of a resource is not accepted."""


class UnknownTarget(InvalidField):
    """A field refers to a resource that does not exist."""

    def __init__(
        self, message: str, target: str, hint: str | None = None, *, instead: Instead = ()
    ) -> None:
        """Also keep the `target`, the resource to add first."""
        super().__init__(message, hint, instead=instead)
        self.target = target


class Clash(Refused):
    """A name is already taken in the project."""


class InUse(Refused):
    """Other parts of the project refer to what was to be removed."""


class InvalidOption(Refused):
    """An option has an invalid value or cannot be combined with others."""


class TargetRefused(Refused):
    """The project cannot be created in that folder."""


class CannotWrite(Refused):
    """Writing failed; what had been written was removed."""


class Several(Refused):
    """More than one mistake in one command line."""

    def __init__(self, errors: Sequence[FastgenError]) -> None:
        """Combine `errors`, at least one."""
        # The same mistake in two parts of a line is reported once.
        told = {(error.message, error.hint): error for error in errors}
        first = next((error.hint for error in errors if error.hint), None)
        super().__init__("\n".join(message for message, _ in told), first)
        self.errors = tuple(told.values())

    @property
    def parts(self) -> Sequence[FastgenError]:
        """The errors to show, one after the other."""
        return self.errors


class HalfDone(FastgenError):
    """Changes were begun and could be neither finished nor undone."""


class Stopped(FastgenError):
    """The run was interrupted; what it had begun was removed or completed."""

    exit_code = Exit.INTERRUPTED

    def __init__(self, *, project_stands: bool = False) -> None:
        """Compose the message about what the run left."""
        left = "the project is complete, but the steps after it were not done"
        super().__init__(f"interrupted: {left if project_stands else 'nothing was written'}")


class WrongUsage(FastgenError):
    """The command line lacks something that is only asked for on a terminal."""

    exit_code = Exit.USAGE


class OutputLost(FastgenError):
    """Writing to standard output failed."""

    def __init__(self, reason: str, done: str | None = None, hint: str | None = None) -> None:
        """Keep the system's `reason`, what was `done` anyway, and a command that shows it."""
        message = f"cannot write to standard output: {reason}"
        super().__init__(f"{message}; {done}" if done else message, hint)
        self.reason = reason
        if done:
            self.exit_code = Exit.FOLLOW_UP


class Bug(FastgenError):
    """A bug in fastgen, which the user can only report."""

    exit_code = Exit.BUG


def raise_all(errors: Sequence[FastgenError]) -> None:
    """Raise the only error, or `Several`; do nothing without errors."""
    if len(errors) == 1:
        raise errors[0]
    if errors:
        raise Several(errors)
