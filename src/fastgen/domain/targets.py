"""Checks which resources refer to which."""

from collections.abc import Iterator, Sequence

from fastgen.domain.mistakes import Mistakes
from fastgen.domain.sections import Wanted
from fastgen.fields.model import Field
from fastgen.messages import meant, nearest, shown
from fastgen.project import written
from fastgen.project.project import Project
from fastgen.slices import circles
from fastgen.slices.resource import USER


def refuse_unknown(project: Project, wanted: Sequence[Wanted], mistakes: Mistakes) -> None:
    """Add to `mistakes` each reference to neither a resource of the file nor a model by hand."""
    known = {USER, *(one.new.names.singular for one in wanted)}
    unknown = [(one, field) for one, field in _references(wanted) if field.target not in known]
    models = written.models(project) if unknown else {}
    reachable = {name for name, model in models.items() if not model.reason}
    for one, field in unknown:
        target = field.target or ""
        if target in reachable:
            continue
        if model := models.get(target):
            told = f"a ref cannot refer to {model.names.cls} of {model.path}: {model.reason}"
        else:
            near = meant(nearest(target, known | reachable))
            told = f"the file has no resource {shown(one.target_of(field))} to refer to{near}"
        mistakes.add(one.line_of(field), f"field '{field.name}': {told}")


def refuse_circles(wanted: Sequence[Wanted], mistakes: Mistakes) -> None:
    """Add to `mistakes` each reference in a circle of references that are all required."""
    resources = {one.new.names.singular: one.new for one in wanted}
    for one, field in _references(wanted):
        name, target = one.new.names.singular, field.target or ""
        back = circles.reachable(target, resources, required=True)
        if target != name and not field.optional and name in back:
            told = f"{target} needs {name}, so neither could have a first row"
            message = f"field '{field.name}': {told}: make one of these references optional"
            mistakes.add(one.line_of(field), message)


def _references(wanted: Sequence[Wanted]) -> Iterator[tuple[Wanted, Field]]:
    for one in wanted:
        for field in one.new.references:
            yield one, field
