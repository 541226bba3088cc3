"""The modules of field types in a project: those to add, and those that nothing uses any longer."""

import os
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from fastgen.changes.plan import Change, Create, Delete
from fastgen.names import layout
from fastgen.project import merge, sameness, sources
from fastgen.project.project import Project
from fastgen.slices.finish import Finished, finish
from fastgen.slices.render import Renderer
from fastgen.slices.type_modules import TypeModule, needed

WHY = "a type of field"


def missing(project: Project, renderer: Renderer, slices: Iterable[str]) -> dict[str, str]:
    """Return the unformatted files of the modules that `slices` need and the project lacks."""
    return {
        path: text
        for module in needed(slices, project.database)
        if not os.path.lexists(project.root / module.templates[0][0])
        for path, text in renderer.type_module(module, project.database).items()
        if not os.path.lexists(project.root / path)
    }


def created(files: Mapping[str, bytes]) -> list[Create]:
    """Return the changes that add `files`."""
    return [Create(path, content, WHY) for path, content in files.items()]


@dataclass(frozen=True, slots=True)
class Unused:
    """The files that are removed with the last slice that used them, and those that were edited."""

    changes: tuple[Change, ...]
    notes: tuple[str, ...]


def unused(
    project: Project, renderer: Renderer, modules: Iterable[TypeModule], gone: Collection[str]
) -> Unused:
    """Return which of `modules` nothing uses any longer when the files `gone` are removed."""
    changes: list[Change] = []
    notes: list[str] = []
    modules = [module for module in modules if not _is_used(project, module, gone)]
    rendered = [renderer.type_module(module, project.database) for module in modules]
    for base in finish(project.root, rendered):
        found = {path: project.read(path) for path in base.files}
        there = {path: content for path, content in found.items() if content is not None}
        edited = [path for path, content in there.items() if not _is_same(path, content, base)]
        if edited:
            notes.append(f"{', '.join(edited)} was edited: kept, although nothing uses it")
        else:
            changes += [Delete(path, content, WHY) for path, content in there.items()]
    return Unused(tuple(changes), tuple(notes))


def _is_same(path: str, content: bytes, base: Finished) -> bool:
    return sameness.same(merge.unix(content), base.files[path])


def _is_used(project: Project, module: TypeModule, gone: Collection[str]) -> bool:
    """Whether a remaining file imports `module`, or may do so."""
    _, package, name = module.name.rsplit(".", 2)
    used = re.compile(rf"\b{package}(\.| import [\s\w,(]*\b){name}\b".encode())
    without = {*map(project.places.file, gone), *(path for path, _ in module.templates)}
    return any(
        used.search(project.read(path) or b"")
        for folder in (layout.SOURCES, layout.TESTS)
        for path in sources.mentioning(project.root, folder, [name])
        if path not in without
    )
