"""Puts the names that people gave to classes of slices into rendered sources.

Templates only know the usual names, also those of a project itself.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from fastgen.names.resource import Names
from fastgen.slices.resource import Resource, World

# Texts and comments stay as they are, except texts that refer to a class.
REFERRING = r"(?:(?<=Mapped\[)|(?<=list\[)|(?<=remote_side=)|(?<=foreign_keys=))\"[^\"\n]*\""
TEXT = r"\"\"\"[\s\S]*?\"\"\"|\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'"
NAME = re.compile(r"\w+")
CLASS = re.compile(rb"^class (\w+)", re.MULTILINE)
PART = re.compile(rf"{REFERRING}|(?P<kept>{TEXT}|#.*)|{NAME.pattern}")


def words(resource: Resource, world: World) -> dict[str, str]:
    """Return the own names of the classes of all slices of `world`, by the usual ones."""
    found: dict[str, str] = {}
    for one in (*world.resources.values(), resource):
        found |= one.names.own_classes
    return found


def without(resource: Resource, world: World) -> tuple[Resource, World]:
    """Return `resource` and `world` with the usual names of all classes."""
    if not words(resource, world):
        return resource, world
    usual = {name: _usual(one) for name, one in world.resources.items()}
    return _usual(resource), replace(world, resources=usual)


def _usual(resource: Resource) -> Resource:
    return replace(resource, names=replace(resource.names, own_classes=()))


def applied(source: str, words: Mapping[str, str]) -> str:
    """Return the rendered `source` with its classes called as `words` say."""
    if not words:
        return source

    def called(match: re.Match[str]) -> str:
        text = match[0]
        if match["kept"]:
            return text
        return NAME.sub(lambda name: words.get(name[0], name[0]), text)

    return PART.sub(called, source)


def used(names: Names, sources: Iterable[bytes]) -> Names:
    """Return `names` with those of its own names of classes that `sources` define."""
    if not names.own_classes:
        return names
    defined = {found.decode() for source in sources for found in CLASS.findall(source)}
    return replace(names, own_classes=tuple(p for p in names.own_classes if p[1] in defined))
