"""The resources of a new project: `fastgen new --resource "item name:str"`."""

import contextlib
import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from fastgen.changes.apply import write
from fastgen.commands import add_resource, corrected
from fastgen.commands.add_resource import Request
from fastgen.commands.new.job import Reporter
from fastgen.databases import Database
from fastgen.errors import (
    Bug,
    Clash,
    FastgenError,
    Instead,
    InvalidOption,
    UnknownTarget,
    raise_all,
)
from fastgen.messages import nearest, shown
from fastgen.names.plurals import singular
from fastgen.names.resource import resolve
from fastgen.project import clashes, migrations, recipe, settings, understand
from fastgen.project.project import Project
from fastgen.project.recipe import Recipe
from fastgen.project.settings import Settings
from fastgen.project.typed_sets import TypedSets
from fastgen.project.understand import ONLY_FIELD
from fastgen.slices import render
from fastgen.slices.resource import Resource, World
from fastgen.template import unrendered

EXAMPLE = "item name:str:100"
FLAG = "--resource"
OPTIONS = ("--access", "--plural", "--unique", "--index")
LONGEST_SHOWN = 200


def mistakes(texts: Sequence[str], database: Database) -> list[FastgenError]:
    """Return all mistakes in the resources `texts`, before the project exists.

    Each resource may refer to those before it.
    """
    found: dict[str, Resource] = {}
    wrong: list[FastgenError] = []
    if not texts:
        return wrong
    with template_project(database) as template:
        for number, text in enumerate(texts):
            later = _named(texts[number + 1 :])
            try:
                asked = request(text)
                one = _understood(template, asked, found)
                wrong += _told(text, _in_the_way(template, asked, one, found))
                found[one.names.singular] = one
            except FastgenError as error:
                wrong += _told(text, error.parts, later)
    return wrong


def _named(texts: Sequence[str]) -> dict[str, str]:
    """Return the texts of the resources, each by its name and by the singular of its plural."""
    found: dict[str, str] = {}
    for text in texts:
        with contextlib.suppress(FastgenError):
            asked = request(text)
            names = resolve(asked.name, asked.plural)
            found |= dict.fromkeys((singular(names.plural), names.singular), text)
    return found


@contextlib.contextmanager
def template_project(database: Database) -> Iterator[Project]:
    """Yield the template as the project that it will be, as far as names are concerned."""
    with unrendered.modules() as root:
        yield Project(root, Recipe({"database": database.name}), Settings())


def add(root: Path, texts: Sequence[str], reporter: Reporter) -> None:
    """Add the resources `texts` to the new project at `root`, in order.

    Each text is what would follow `fastgen add resource`. Raises the errors of the first that is
    refused, as of one that an option brings.
    """
    for text in texts:
        project = Project(root, recipe.load(root), settings.load(root))
        try:
            proposal = add_resource.propose(project, request(text))
        except FastgenError as error:
            if all(isinstance(part, Clash) for part in error.parts):
                raise_all(list(_told(text, error.parts)))
            raise
        if proposal.plan.manual:
            raise Bug(f"the template cannot be wired: {proposal.plan.manual[0].reason}")
        for note in proposal.notes:
            reporter.note(note)
        write(root, proposal.plan)


def request(text: str) -> Request:
    """Parse `text`, the arguments of `fastgen add resource`; raises `InvalidOption`."""
    try:
        words = shlex.split(text)
    except ValueError as error:
        raise InvalidOption(f"it cannot be read: {error}") from None
    options, rest = _options(words)
    if not rest:
        raise InvalidOption("a resource needs a name", instead=(("", EXAMPLE),))
    return Request(
        rest[0],
        rest[1:],
        plural=options.get("--plural", [None])[-1],
        access=options.get("--access", [None])[-1],
        unique=options.get("--unique"),
        index=options.get("--index"),
    )


def _understood(template: Project, asked: Request, others: Mapping[str, Resource]) -> Resource:
    access = template.settings.access if asked.access is None else asked.access
    texts = asked.fields or (ONLY_FIELD,)
    return understand.understand(
        template,
        asked.name,
        asked.plural,
        texts,
        access,
        [other.names for other in others.values()],
        TypedSets(asked.unique, asked.index),
    ).must()


def _in_the_way(
    template: Project, asked: Request, one: Resource, others: Mapping[str, Resource]
) -> Iterator[FastgenError]:
    """Find the clashes of `one` with the template and with the resources `others`."""
    names = one.names
    for other in others.values():
        if names.singular == other.names.singular:
            yield clashes.another_name(f"the resource {names.singular} is given twice", asked.name)
        elif names.table == other.names.table:
            told = f"the plural of {other.names.singular} is also {names.plural!r}"
            yield clashes.another_plural(told, names)
    taken = clashes.taken(template.root, render.paths(one))
    for path in taken.values():
        yield clashes.another_name(f"{path} already exists", asked.name)
    world = World(template.database, {**others, names.singular: one})
    known = migrations.load(template.root)
    yield from clashes.find(template, one, asked.name, world, known, [*taken.values()])
    rendered = render.Renderer(template.root).files(one, world)
    yield from clashes.of_operations(template, names, asked.name, rendered, taken.values())


def _told(
    text: str, errors: Iterable[FastgenError], later: Mapping[str, str] | None = None
) -> Iterator[FastgenError]:
    """Yield `errors` as errors of the flag with `text`; each hint corrects the whole flag.

    It moves behind those of the `later` resources that it refers to.
    """
    found = list(errors)
    targets = dict.fromkeys(error.target for error in found if isinstance(error, UnknownTarget))
    before = [] if later is None else [later[name] for name in targets if name in later]
    mended = _mended(text, found, [name for name in targets if name not in (later or {})])
    instead: Instead = ((f"{FLAG}={text}", mended),)
    if before and later is not None:
        last = [one for one in later.values() if one in before][-1]
        behind = (f"{FLAG}={last}", f"{shlex.join([FLAG, last])} {mended}".rstrip())
        instead = ((f"{FLAG}={text}", ""), behind)
    for error in found:
        yield InvalidOption(
            f"{FLAG} {shown(text, LONGEST_SHOWN)}: {error.message}", instead=instead
        )


def _mended(text: str, errors: Sequence[FastgenError], missing: Sequence[str]) -> str:
    """Return the flags that replace the one with `text`; empty if it should be left out.

    The resources that are `missing` come before it.
    """
    try:
        words = corrected.mended(errors, shlex.split(text))
    except ValueError:
        words = EXAMPLE.split()
    wanted = [understand.line(target) for target in missing if target]
    return shlex.join(part for one in [*wanted, *_line(words)] for part in (FLAG, one))


def _line(words: Sequence[str]) -> list[str]:
    return [shlex.join(words)] if words else []


def _options(words: Sequence[str]) -> tuple[dict[str, list[str]], list[str]]:
    """Separate options such as `--access shared` from the name and the fields."""
    found: dict[str, list[str]] = {}
    rest: list[str] = []
    left = iter(words)
    for word in left:
        name, given, value = word.partition("=")
        if not word.startswith("--"):
            rest.append(word)
        elif name in OPTIONS:
            found.setdefault(name, []).append(value if given else next(left, ""))
        else:
            near = nearest(name, OPTIONS)
            raise InvalidOption(
                f"{shown(word)}: --resource only takes {', '.join(OPTIONS)}",
                instead=((word, f"{near}{given}{value}" if near else ""),),
            )
    return found, rest
