"""Collects what is wrong in the file, each with its line."""

from fastgen.errors import FastgenError, InvalidField, Refused, raise_all


class Mistakes:
    """The mistakes in one file."""

    def __init__(self, path: str) -> None:
        """Start without mistakes in the file `path`."""
        self.path = path
        self._found: list[tuple[int, FastgenError]] = []

    def add(self, line: int, message: str) -> None:
        """Add a mistake in `line`."""
        self._found.append((line, Refused(f"{self.path}:{line}: {message}")))

    @property
    def found(self) -> list[FastgenError]:
        """All of them, in the order of their lines."""
        return [error for _, error in sorted(self._found, key=lambda one: one[0])]

    def take(self, line: int, error: FastgenError) -> None:
        """Add what `error` says about something typed in `line`.

        Its corrections are of a command line: only that of a field can be written in the file.
        """
        for part in error.parts:
            corrects = isinstance(part, InvalidField) and part.instead and part.hint
            told = f"{part.message}; write {part.hint}" if corrects else part.message
            self.add(line, told)

    def refuse(self) -> None:
        """Raise all mistakes, if there are any."""
        raise_all(self.found)
