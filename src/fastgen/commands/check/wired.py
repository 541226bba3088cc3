"""Checks the wiring of resources in other files: nothing is missing, nothing left over."""

import ast
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from fastgen.commands.check.difference import Difference, restoring
from fastgen.commands.check.entries import Entries
from fastgen.names import layout
from fastgen.project import rewiring, wirings
from fastgen.project.included import Included
from fastgen.project.modules import Modules
from fastgen.project.project import Project
from fastgen.project.resources import Entry
from fastgen.project.wirings import Wiring
from fastgen.wiring.bindings import Binding, bindings
from fastgen.wiring.source import Module, Unclear

FIX = "fastgen check --fix"
PACKAGES = {
    layout.ROUTER: (layout.ENDPOINTS_PACKAGE, layout.ROUTER_MODULE),
    layout.MODELS_INIT: (layout.MODELS_PACKAGE, f"{layout.MODELS_PACKAGE}.__init__"),
}


@dataclass(frozen=True)
class Said:
    """The wiring in the modules of a project, read once for all resources."""

    modules: Modules
    included: Included

    def has(self, wiring: Wiring) -> bool:
        """Whether `wiring` certainly exists; if not, the editor looks more closely."""
        [(module, name), *_] = wiring.needs
        if wiring.path == layout.ROUTER:
            return self.included.has(module)
        if wiring.path != layout.MODELS_INIT:
            return False
        path = f"{module}.{name}"
        return path in self._exported or not self._origins.isdisjoint(self.modules.reached(path))

    def allows(self, wiring: Wiring) -> bool:
        """Whether everything that `wiring` refers to exists."""
        return all(self.modules.defines(owner, name) for owner, name in wiring.needs)

    @cached_property
    def _exported(self) -> frozenset[str]:
        tree = _tree(self.modules.project, layout.MODELS_INIT)
        bound = bindings(tree, PACKAGES[layout.MODELS_INIT][1]) if tree else ()
        return frozenset(
            one.path
            for one in bound
            if tree and one.block is tree.body and one.path.endswith(f".{one.local}")
        )

    @cached_property
    def _origins(self) -> frozenset[str]:
        return frozenset(path for one in self._exported for path in self.modules.reached(one))


def said(project: Project) -> Said:
    """Read the wiring of `project`."""
    modules = Modules(project)
    return Said(modules, Included(modules))


def missing(project: Project, entries: Entries, entry: Entry, known: Said) -> list[Wiring]:
    """Return the wirings of `entry` that seem to be missing and could be added.

    Empty if `entry` refers to a missing resource, as its other side is unknown then.
    """
    if entries.lacks(entry):
        return []
    wanted = wirings.wirings(entry.resource, entries.world(project))
    return [one for one in wanted if not known.has(one) and known.allows(one)]


def without_router(project: Project, entry: Entry, known: Said) -> Iterator[Difference]:
    """Find out whether the endpoints of `entry` have no router and none is included."""
    module = layout.endpoints_module(entry.resource.names)
    there = known.modules.scope(module) is not None
    if there and not known.modules.defines(module, "router") and not known.included.has(module):
        path = layout.file_of(module)
        told = f"it has no router, so {entry.resource.names.singular} has no routes"
        yield Difference(path, told, restoring(project, path, f"grep -n Router {path}"))


def differences(project: Project, entry: Entry, unsure: Sequence[Wiring]) -> Iterator[Difference]:
    """Find which of the wirings `unsure` of `entry` are missing."""
    wired = rewiring.added(project, unsure)
    for edit in wired.edits:
        old = set(edit.before.splitlines())
        new = [line.strip() for line in edit.after.splitlines() if line not in old]
        shown = " ".join(line.decode(errors="replace") for line in new if line)
        name = entry.resource.names.singular
        yield Difference(edit.path, f"{name} is not wired: it lacks {shown}", FIX)
    for manual in wired.manual:
        yield Difference(manual.path, f"{manual.reason}; it lacks these lines", manual.snippet)


def leftovers(project: Project, entries: Entries) -> Iterator[Difference]:
    """Find imports of slices that were removed together with their recipe entry."""
    slices = {
        module
        for entry in entries.by_name.values()
        for module in (
            layout.endpoints_module(entry.resource.names),
            layout.model_module(entry.resource.names),
        )
    }
    for path, (package, here) in PACKAGES.items():
        for line, module in _imported(_bindings(project, path, here), package):
            file = layout.file_of(module).removesuffix(".py")
            gone = not any((project.root / f"{file}{end}").exists() for end in (".py", ""))
            if gone and module not in slices:
                told = f"line {line} imports {module}, which does not exist"
                otherwise = f"grep -n {module.rpartition('.')[2]} {path}"
                hint = restoring(project, f"{file}.py", otherwise)
                yield Difference(path, told, hint)


def _imported(bound: Iterable[Binding], package: str) -> Iterator[tuple[int, str]]:
    """Yield the modules of `package` that have an import statement of their own."""
    for binding in bound:
        source = binding.target.rpartition(".")[0]
        statement = binding.statement
        module = binding.target if isinstance(statement, ast.Import) else source
        if module.rpartition(".")[0] == package:
            yield statement.lineno, module


def _bindings(project: Project, path: str, here: str) -> list[Binding]:
    tree = _tree(project, path)
    return [] if tree is None else bindings(tree, here)


def _tree(project: Project, path: str) -> ast.Module | None:
    try:
        return Module.read(project.read(path) or b"").tree
    except Unclear:
        return None
