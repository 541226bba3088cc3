"""Collects what is wrong in the file, each with its line."""

from fastgen.errors import FastgenError, InvalidField, Refused, raise_all


class LooksRenamed(Refused):
    """Something is gone while something else is new with the same definition."""

    def __init__(self, message: str, old: str, new: str) -> None:
        """Also keep the names: `track` and `song`, or `track.length` and `track.seconds`."""
        super().__init__(message)
        self.old, self.new = old, new


class Mistakes:
    """The mistakes in one file."""

    def __init__(self, path: str) -> None:
        """Start without mistakes in the file `path`."""
        self.path = path
        self._found: list[tuple[int, FastgenError]] = []

    def add(self, line: int, message: str) -> None:
        """Add a mistake in `line`."""
        self._found.append((line, Refused(f"{self.path}:{line}: {message}")))

    def suspect(self, line: int, message: str, old: str, new: str) -> None:
        """Add that the new thing in `line` looks like a removed one with a new name."""
        self._found.append((line, LooksRenamed(f"{self.path}:{line}: {message}", old, new)))

    @property
    def found(self) -> list[FastgenError]:
        """All mistakes, in the order of their lines."""
        return [error for _, error in sorted(self._found, key=lambda one: one[0])]

    def take(self, line: int, error: FastgenError) -> None:
        """Add what `error` says about something typed in `line`.

        Its corrections are of a command line: that of a field or a plural is told for the file.
        """
        for part in error.parts:
            corrects = isinstance(part, InvalidField) and part.instead and part.hint
            plurals = (new for old, new in part.instead if old == "--plural=*")
            better = part.hint if corrects else next(plurals, "").replace("--plural ", "plural: ")
            self.add(line, f"{part.message}; write {better}" if better else part.message)

    def refuse(self) -> None:
        """Raise all mistakes, if there are any."""
        raise_all(self.found)
