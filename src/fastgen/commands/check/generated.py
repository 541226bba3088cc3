"""Checks that the records can be read; a file that people edited is no difference."""

from collections.abc import Iterator

from fastgen.commands.check.difference import Difference
from fastgen.errors import Refused
from fastgen.project import records
from fastgen.project.project import Project


def differences(project: Project) -> Iterator[Difference]:
    """Find the records in `project` that cannot be read."""
    for unit in records.units(project.root):
        try:
            records.load(project.root, unit)
        except Refused as error:
            path = records.path_of(unit)
            yield Difference(path, error.message.removeprefix(f"{path} "), error.hint or "")
