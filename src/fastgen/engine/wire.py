"""Wires changed resources in other files."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence

from fastgen.changes.plan import Manual
from fastgen.engine.changes import Change, Worlds
from fastgen.engine.files import Rendered
from fastgen.engine.renaming import Renaming
from fastgen.engine.staged import Staged
from fastgen.errors import Clash, raise_all
from fastgen.names import layout
from fastgen.project import rewiring, taken, wirings
from fastgen.project.project import Project
from fastgen.project.wirings import Wiring
from fastgen.wiring.classes import find_classes


def wire(
    project: Staged,
    slices: Sequence[Rendered],
    found: Worlds,
    words: Renaming,
    clash: Callable[[str], Clash],
) -> tuple[Manual, ...]:
    """Stage the wirings that differ, and return what is left to the user.

    The lists of children in a model that was merged are all wired again, in their order, except
    those that people changed, which are kept. Raises `Refused`, and `clash` of a message for a name
    that is taken in another file.
    """
    changes = [one.change for one in slices]
    old = [w for one in changes if one.old for w in wirings.wirings(one.old, found.before)]
    new = [w for one in changes if one.new for w in wirings.wirings(one.new, found.after)]
    successors = _successors(changes, found)
    models, gone = _models(project, slices), _removed_models(project, slices)
    elsewhere = rewiring.changed(
        project,
        [one for one in old if one.path not in {*models, *gone}],
        [one for one in new if one.path not in models.values()],
        {one.key for one in _again(changes, found)},
        _moved(project, changes),
        successors,
    )
    before = {successors[one.key].key: one for one in old if one.key in successors}
    listed = rewiring.added(project, _in_order(project, new, models, words), before)
    edits = (*elsewhere.edits, *listed.edits)
    known = {one.key for one in old}
    fresh = [one for one in new if one.key not in known]
    raise_all([*taken.classes(project, fresh, clash), *taken.attributes(edits, clash)])
    for edit in edits:
        project.put(edit.path, edit.after, edit.why)
    return (*elsewhere.manual, *listed.manual)


def _successors(changes: Iterable[Change], found: Worlds) -> dict[Hashable, Wiring]:
    """Return the lists that those of changed resources become, by the keys of the old ones."""
    successors: dict[Hashable, Wiring] = {}
    for one in changes:
        if one.old and one.new:
            around = found.before, found.after
            successors |= wirings.following(one.old, one.new, one.renamed, around)
    return successors


def _again(changes: Iterable[Change], found: Worlds) -> Iterator[Wiring]:
    """Yield the wirings that are brought back."""
    for one in changes:
        if one.again and one.old and one.new:
            yield from wirings.wirings(one.new, found.after)


def _moved(project: Project, changes: Iterable[Change]) -> dict[Hashable, Wiring]:
    """Return the routers of renamed resources, by the keys of the old ones."""
    return {
        layout.endpoints_module(one.old.names): wirings.renamed_router(project, one.old, one.new)
        for one in changes
        if one.old and one.new and one.old.names.plural != one.new.names.plural
    }


def _models(project: Staged, slices: Iterable[Rendered]) -> dict[str, str]:
    """Return the path of each model that was merged or brought back, by its path before."""
    found = {}
    for one in slices:
        old, new, base, theirs = one.change.old, one.change.new, one.base, one.theirs
        if old and new and base and theirs:
            path, new_path = layout.model(old.names), layout.model(new.names)
            merged = path != new_path or base.files[path] != theirs.files[new_path]
            if merged or Project.read(project, path) != project.read(path):
                found[path] = new_path
    return found


def _removed_models(project: Staged, slices: Iterable[Rendered]) -> set[str]:
    """Return the paths of the models that are removed with their lists."""
    paths = {
        layout.model(one.change.old.names) for one in slices if one.change.old and not one.theirs
    }
    return {path for path in paths if project.read(path) is None}


def _in_order(
    project: Staged, wanted: Iterable[Wiring], models: Mapping[str, str], words: Renaming
) -> list[Wiring]:
    """Return the lists in `models`, in the order in which those had them; new ones come last."""
    before = {new: _attributes(project, old, words) for old, new in models.items()}

    def place(one: Wiring) -> int:
        names = before[one.path]
        return names.index(one.attribute) if one.attribute in names else len(names)

    return sorted((one for one in wanted if one.path in before), key=place)


def _attributes(project: Staged, path: str, words: Renaming) -> list[str]:
    """Return the attributes of the classes in the model `path`, by their new names."""
    source = words.applied(Project.read(project, path) or b"")
    return [name for one in find_classes(source) for name in one.attributes]
