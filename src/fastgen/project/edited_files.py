"""Finds the generated files that people edited, in all that has records."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from fastgen.errors import FastgenError
from fastgen.project import merge, project_files, records, resources, wired_lines, worlds
from fastgen.project.edited import Generated
from fastgen.project.project import Project
from fastgen.project.records import PROJECT, Records
from fastgen.project.resources import Entry
from fastgen.project.wirings import Wiring
from fastgen.slices.finish import Finished, finish
from fastgen.slices.render import Renderer
from fastgen.slices.type_modules import every

NOTHING = Finished({}, {}, "")


def edited(project: Project) -> list[str]:
    """Return the paths of the generated files of `project` that people edited.

    Neither fastgen's own wiring nor another layout is an edit. Files that people deleted are left
    out, and those whose records cannot be read.
    """
    found = _Found(project)
    paths = (path for unit, known in found.recorded() for path in found.edited(unit, known))
    return sorted({project.places.file(path) for path in paths})


@dataclass(frozen=True)
class _Found:
    project: Project

    def recorded(self) -> Iterator[tuple[str, Records]]:
        """Yield the units that have records, with these."""
        known = {records.of_resource(e.resource.names.singular): e for e in self._entries}
        for unit in sorted({*records.units(self.project.root), *known}):
            try:
                entry = known.get(unit)
                root = self.project.root
                yield unit, resources.records_of(root, entry) if entry else records.load(root, unit)
            except FastgenError:
                continue

    def edited(self, unit: str, known: Records) -> Iterator[str]:
        """Yield the files of `unit`, of which there are the records `known`, that were edited."""
        suspects = dict(self._suspects(known))
        if not suspects:
            return
        now = self._now(unit, set(suspects))
        generated = Generated(self.project, known, now, self._unwired)
        for path, content in suspects.items():
            if not generated.is_unchanged(path, content):
                yield path

    def _suspects(self, known: Records) -> Iterator[tuple[str, bytes]]:
        """Yield the files whose content, without wiring, differs from the record."""
        for path, record in known.files.items():
            try:
                content = self.project.read(path)
            except FastgenError:
                continue
            if content is None or record.is_of(merge.unix(content)):
                continue
            if not record.is_of(self._unwired(path, merge.unix(content))):
                yield path, content

    def _now(self, unit: str, paths: set[str]) -> Finished:
        """Return what is rendered now for `unit`, nothing where it cannot be rendered."""
        try:
            return self._rendered(unit, paths)
        except FastgenError:
            return NOTHING

    def _rendered(self, unit: str, paths: set[str]) -> Finished:
        project = self.project
        if unit == PROJECT:
            return project_files.rendered(project, paths)
        for module in every(project.database):
            if module.unit == unit:
                return self._finished(self._renderer.type_module(module, project.database))
        for entry in self._entries:
            if records.of_resource(entry.resource.names.singular) == unit:
                world = worlds.world(project, entry.resource)
                return self._finished(self._renderer.files(entry.resource, world))
        return NOTHING

    def _finished(self, texts: dict[str, str]) -> Finished:
        [found] = finish(self.project.root, [texts])
        return found

    def _unwired(self, path: str, content: bytes) -> bytes:
        return wired_lines.removed(self._wirings, path, content)

    @cached_property
    def _renderer(self) -> Renderer:
        return Renderer(self.project.root, self.project.recipe.answers)

    @cached_property
    def _entries(self) -> list[Entry]:
        return list(wired_lines.entries(self.project))

    @cached_property
    def _wirings(self) -> list[Wiring]:
        return wired_lines.wanted(self.project, self._entries)
