"""Finds the file that includes the router of a resource, where people split `router.py`."""

from fastgen.names import layout
from fastgen.project import sources
from fastgen.project.modules import read_scope
from fastgen.project.project import Project
from fastgen.wiring.bindings import bindings


def including(project: Project, module: str) -> str:
    """Return the file of the API that imports the router of `module`, else the usual one."""
    now = project.places.modules.get(module, module)
    names = {one.rpartition(".")[2] for one in (module, now)}
    found = []
    for path in sources.mentioning(project.root, layout.API, names):
        here = layout.module_of(path)
        scope = read_scope(project.read(path) or b"", here)
        bound = bindings(scope.tree, here) if scope else ()
        if any(f"{one.target}.".startswith(f"{module}.") for one in bound):
            found.append(path)
    return found[0] if len(found) == 1 else layout.ROUTER
