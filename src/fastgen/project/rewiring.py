"""Adds and removes the lines that resources need in other files."""

from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from fastgen.changes.plan import Edit, Manual
from fastgen.names import layout
from fastgen.project import sameness, style
from fastgen.project.included import Included
from fastgen.project.modules import Modules
from fastgen.project.project import Project
from fastgen.project.wirings import NOTHING, Editor, Wiring
from fastgen.wiring.results import AlreadyWired, CannotWire, Edited, Result


@dataclass(frozen=True, slots=True)
class Wired:
    """The edits, and what is left to the user."""

    edits: tuple[Edit, ...]
    manual: tuple[Manual, ...]


def missing(project: Project, wanted: Iterable[Wiring]) -> list[Wiring]:
    """Return `wanted` without the router if a module of `project` includes it already."""
    included = Included(Modules(project))
    return [
        one for one in wanted if one.path != layout.ROUTER or not included.has_new(one.needs[0][0])
    ]


def added(
    project: Project, wanted: Iterable[Wiring], before: Mapping[Hashable, Wiring] = NOTHING
) -> Wired:
    """Return the edits of `project` that add the missing ones of `wanted`; raises `Refused`.

    Lists that are there change where they stand; `before` has what they were, by their keys.
    """
    return _edited(project, [(one, partial(one.succeed, before.get(one.key))) for one in wanted])


def changed(
    project: Project,
    old: Sequence[Wiring],
    new: Sequence[Wiring],
    again: Collection[Hashable] = (),
    moved: Mapping[Hashable, Wiring] = NOTHING,
    following: Mapping[Hashable, Wiring] = NOTHING,
) -> Wired:
    """Return the edits of `project` that turn `old` into `new`; raises `Refused`.

    Wirings in both are left as they are in the project, even if missing there, except those with
    one of the keys `again`. `moved` has those that take the place of old ones, by their keys, and
    `following` the lists that do.
    """
    kept = {one.key for one in old} & {one.key for one in new}
    successors = {one.place: one for one in new if one.attribute and one.key not in kept}
    steps: list[tuple[Wiring, Editor]] = []
    for one in old:
        if one.key in moved:
            steps.append((moved[one.key], moved[one.key].add))
        elif one.key not in kept:
            place = following[one.key].place if one.key in following else one.place
            steps.append((one, partial(_replace, one, successors.pop(place, None))))
    settled = {*kept, *(one.key for one in moved.values())}
    wanted = [one for one in new if one.key in again or not (one.attribute or one.key in settled)]
    modules = Modules(project)
    for one in (*missing(project, wanted), *successors.values()):
        (module, name), *_ = one.needs
        there = modules.defines(module, name)
        steps.append((one, one.add if there else partial(_without, f"{module} has no {name}", one)))
    return _edited(project, steps)


def _without(reason: str, wiring: Wiring, _: bytes) -> Result:
    """Return the result for a `wiring` whose import does not exist: it is left to the user."""
    result = wiring.add(b"")
    snippet = result.snippet if isinstance(result, CannotWire) else ""
    return CannotWire(snippet, reason)


def _replace(old: Wiring, new: Wiring | None, source: bytes) -> Result:
    """Turn the lines of `old` into those of `new` where they stand, or replace them.

    Those that people edited are not replaced.
    """
    removed = old.remove(source)
    if not isinstance(removed, Edited) or new is None:
        return removed
    changed = new.succeed(old, source) if new.relationship else None
    if isinstance(changed, Edited):
        return changed
    again, wanted = old.add(removed.source), new.add(removed.source)
    if isinstance(again, Edited) and sameness.same_statements(again.source, source):
        return wanted
    added = _lines(wanted.source) - _lines(removed.source) if isinstance(wanted, Edited) else {}
    snippet = b"\n".join(added).decode(errors="replace")
    return CannotWire(snippet, "it must change but was edited: this is the new version")


def _lines(source: bytes) -> Counter[bytes]:
    return Counter(source.splitlines())


def _edited(project: Project, steps: Iterable[tuple[Wiring, Editor]]) -> Wired:
    before: dict[str, bytes] = {}
    after: dict[str, bytes] = {}
    reasons: dict[str, str] = {}
    manual: list[Manual] = []
    laid_out: dict[str, bool] = {}
    for wiring, editor in steps:
        # An edited file may be empty.
        found = after[wiring.path] if wiring.path in after else project.read(wiring.path)
        result = _run(editor, found)
        if isinstance(result, CannotWire):
            manual.append(Manual(wiring.path, result.snippet, result.reason))
        elif isinstance(result, Edited) and found is not None:
            before.setdefault(wiring.path, found)
            after[wiring.path] = result.source
            reasons.setdefault(wiring.path, wiring.why)
            laid_out[wiring.path] = laid_out.get(wiring.path, True) and result.is_laid_out
    for path, found in after.items():
        restyled = style.styled if laid_out[path] else style.settled
        after[path] = restyled(project, path, before[path], found)
    edits = [Edit(path, before[path], found, reasons[path]) for path, found in after.items()]
    return Wired(tuple(edits), tuple(manual))


def _run(editor: Editor, source: bytes | None) -> Result:
    if source is not None:
        return editor(source)
    match editor(b""):
        case Edited(lines):
            return CannotWire(lines.decode(), "the file is missing")
        case AlreadyWired():
            return AlreadyWired()
        case CannotWire(snippet):
            return CannotWire(snippet, "the file is missing")
