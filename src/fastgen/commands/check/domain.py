"""Compares `resources.yml`, if there is one, with the recipe."""

from collections.abc import Iterable, Iterator

from fastgen.changes.plan import Edit
from fastgen.commands.check.difference import Difference
from fastgen.commands.check.entries import Entries
from fastgen.domain import exporting
from fastgen.domain.difference import difference
from fastgen.domain.keys import FILE
from fastgen.errors import FastgenError
from fastgen.project.project import Project
from fastgen.slices.resource import Resource

APPLY = "fastgen apply"


def differences(project: Project, known: Entries) -> Iterator[Difference]:
    """Find the differences between the file and the recipe, unless entries cannot be read."""
    if known.names - known.by_name.keys():
        return
    try:
        content = project.read(FILE)
        if content is None:
            return
        found = difference(project, FILE, content)
    except FastgenError as error:
        for part in error.parts:
            told = part.message.removeprefix(FILE).removeprefix(":")
            yield Difference(FILE, f"line {told}", APPLY)
        return
    way = f"{APPLY} --prune" if found.unnamed else APPLY
    for one in found.changed:
        name = one.new.names.singular
        told = "changes" if one.named.entry else "adds"
        yield Difference(FILE, f"it {told} {name}", way)
    for text in found.unnamed:
        yield Difference(FILE, f"it does not name {text}", way)


def following(
    project: Project, known: Entries, account: Resource, now: Iterable[Resource], why: str
) -> tuple[list[Edit], list[str]]:
    """Return the edit that updates the file to the `account` and resources `now`.

    Returns notes as well.

    A file that already differs from the recipe, or has comments, is left to people.
    """
    before = (entry.resource for entry in known.by_name.values())
    text = exporting.text(account, now)
    content = project.read(FILE)
    if content is None or text == exporting.text(known.account.resource, before):
        return [], []
    if [*differences(project, known)]:
        return [], []
    if exporting.has_comments(content):
        return [], [f"{FILE} has comments and is not rewritten: add the recorded changes by hand"]
    return [Edit(FILE, content, text.encode(), why)], []
