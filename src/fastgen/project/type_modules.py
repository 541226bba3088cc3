"""The modules of field types in a project: those to add, and those that nothing uses any longer."""

import os
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from fastgen.changes.plan import Change, Create, Delete, Edit
from fastgen.names import layout
from fastgen.project import records, sources
from fastgen.project.edited import Generated
from fastgen.project.project import Project
from fastgen.project.records import Records
from fastgen.slices.finish import Finished, finish
from fastgen.slices.render import Renderer
from fastgen.slices.type_modules import TypeModule, every, needed

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


def created(project: Project, made: Finished) -> list[Change]:
    """Return the changes that add the files of modules that are in `made`, with their records."""
    changes: list[Change] = []
    for module in every(project.database):
        new = {path: made.files[path] for path, _ in module.templates if path in made.files}
        if not new:
            continue
        changes += [Create(path, content, WHY) for path, content in new.items()]
        known = records.load(project.root, module.unit)
        files = {**known.files, **records.made(made, new)}
        changes.append(_recorded(project, module, Records(files).text()))
    return changes


@dataclass(frozen=True, slots=True)
class Unused:
    """The files that are removed with the last slice that used them, and those that were edited."""

    changes: tuple[Change, ...]
    notes: tuple[str, ...]


def unused(
    project: Project, renderer: Renderer, modules: Iterable[TypeModule], gone: Collection[str]
) -> Unused:
    """Return which of `modules` nothing uses any longer when the files `gone` are removed.

    A module that another one of them imports must come after it.
    """
    changes: list[Change] = []
    notes: list[str] = []
    modules = [*modules]
    rendered = [renderer.type_module(module, project.database) for module in modules]
    gone = [*gone]
    for module, now in zip(modules, finish(project.root, rendered), strict=True):
        if _is_used(project, module, gone):
            continue
        known = Generated(project, records.load(project.root, module.unit), now)
        found = {path: project.read(path) for path in now.files}
        there = {path: content for path, content in found.items() if content is not None}
        edited = [path for path, content in there.items() if not known.is_unchanged(path, content)]
        if edited:
            notes.append(f"{', '.join(edited)} was edited: kept, although nothing uses it")
        else:
            changes += [Delete(path, content, WHY) for path, content in there.items()]
            gone += there
            path = records.path_of(module.unit)
            if (content := project.raw(path)) is not None:
                changes.append(Delete(path, content, WHY))
    return Unused(tuple(changes), tuple(notes))


def _recorded(project: Project, module: TypeModule, text: bytes) -> Change:
    path = records.path_of(module.unit)
    before = project.raw(path)
    return Create(path, text, WHY) if before is None else Edit(path, before, text, WHY)


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
