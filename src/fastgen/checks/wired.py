"""Whether other files say about the resources what they must, and nothing about others."""

import ast
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from fastgen.checks.difference import Difference, restoring
from fastgen.checks.recipe import Recipe
from fastgen.project import wirings
from fastgen.project.place import Project
from fastgen.project.resources import Entry
from fastgen.project.wirings import ENDPOINTS, MODELS, ROUTER, Wiring
from fastgen.slices.resource import Resource
from fastgen.wiring.names import Binding, bindings, paths
from fastgen.wiring.router_objects import include_calls
from fastgen.wiring.routers import HERE
from fastgen.wiring.source import Module, Unclear

FIX = "fastgen check --fix"
PACKAGES = {ROUTER: (ENDPOINTS, HERE), MODELS: ("app.models", "app.models.__init__")}


@dataclass(frozen=True, slots=True)
class Said:
    """What the two wiring files say, read once for all resources: paths of what they import."""

    included: frozenset[str]
    exported: frozenset[str]

    def has(self, wiring: Wiring, resource: Resource) -> bool:
        """Whether `wiring` is there for certain; else the editor looks more closely."""
        names = resource.names
        if wiring.path == ROUTER:
            return f"{ENDPOINTS}.{names.plural}.router" in self.included
        is_model = wiring.path == MODELS
        return is_model and f"app.models.{names.singular}.{names.cls}" in self.exported


def said(project: Project) -> Said:
    """Read the wiring files of `project`."""
    return Said(frozenset(_included(project)), frozenset(_exported(project)))


def missing(project: Project, recipe: Recipe, entry: Entry, known: Said) -> list[Wiring]:
    """Return the wirings of `entry` that are not seen to be there.

    None when it refers to what is not there: its other side is not known then.
    """
    if recipe.lacks(entry):
        return []
    wanted = wirings.wirings(entry.resource, recipe.world(project))
    return [one for one in wanted if not known.has(one, entry.resource)]


def differences(project: Project, entry: Entry, unsure: Sequence[Wiring]) -> Iterator[Difference]:
    """Find which of the wirings `unsure` of `entry` are missing."""
    wired = wirings.added(project, unsure)
    for edit in wired.edits:
        old = set(edit.before.splitlines())
        new = [line.strip() for line in edit.after.splitlines() if line not in old]
        shown = " ".join(line.decode(errors="replace") for line in new if line)
        name = entry.resource.names.singular
        yield Difference(edit.path, f"{name} is not wired, it lacks: {shown}", FIX)
    for manual in wired.manual:
        yield Difference(manual.path, f"{manual.reason}; it lacks these lines", manual.snippet)


def leftovers(project: Project, recipe: Recipe) -> Iterator[Difference]:
    """Find what the wiring files import of slices that are gone, recipe and all."""
    slices = {
        f"{package}.{name}"
        for entry in recipe.entries.values()
        for package, name in (
            (ENDPOINTS, entry.resource.names.plural),
            ("app.models", entry.resource.names.singular),
        )
    }
    for path, (package, here) in PACKAGES.items():
        for line, module in _imported(_bindings(project, path, here), package):
            file = Path("src", *module.split("."))
            gone = not any((project.root / f"{file}{end}").exists() for end in (".py", ""))
            if gone and module not in slices:
                told = f"line {line} imports {module}, which is not there"
                otherwise = f"grep -n {module.rpartition('.')[2]} {path}"
                hint = restoring(project, f"{file}.py", otherwise)
                yield Difference(path, told, hint)


def _imported(bound: Iterable[Binding], package: str) -> Iterator[tuple[int, str]]:
    """Yield the modules of `package` that are imported by a statement of their own."""
    for binding in bound:
        source = binding.target.rpartition(".")[0]
        statement = binding.statement
        module = binding.target if isinstance(statement, ast.Import) else source
        if module.rpartition(".")[0] == package:
            yield statement.lineno, module


def _included(project: Project) -> Iterator[str]:
    tree = _tree(project, ROUTER)
    if tree is not None:
        bound = bindings(tree, HERE)
        for _, _, router in include_calls(tree):
            yield from paths(router, bound)


def _exported(project: Project) -> Iterator[str]:
    tree = _tree(project, MODELS)
    if tree is not None:
        for one in bindings(tree, PACKAGES[MODELS][1]):
            if one.block is tree.body and one.path.endswith(f".{one.local}"):
                yield one.path


def _bindings(project: Project, path: str, here: str) -> list[Binding]:
    tree = _tree(project, path)
    return [] if tree is None else bindings(tree, here)


def _tree(project: Project, path: str) -> ast.Module | None:
    try:
        return Module.read(project.read(path) or b"").tree
    except Unclear:
        return None
