"""The resources that a new project begins with: `fastgen new --resource "item name:str"`."""

import shlex
from collections.abc import Sequence
from pathlib import Path

from fastgen import add_resource, recipe
from fastgen.add_resource import Request
from fastgen.changes.apply import write
from fastgen.errors import Bug, InvalidOption
from fastgen.project import settings
from fastgen.project.place import Project

EXAMPLE = '--resource "item name:str:100 price:decimal:10,2"'
OPTIONS = ("--access", "--plural")


def add(root: Path, texts: Sequence[str]) -> None:
    """Add the resources that `texts` describe to the new project at `root`, in their order.

    Each is what comes after `fastgen add resource`. Raises `FastgenError` for the first that
    is refused.
    """
    for text in texts:
        project = Project(root, recipe.load(root), settings.load(root))
        plan = add_resource.propose(project, request(text)).plan
        if plan.manual:
            raise Bug(f"the template cannot be wired: {plan.manual[0].reason}")
        write(root, plan)


def request(text: str) -> Request:
    """Return what `text`, a command line without its command, asks for; raises `InvalidOption`."""
    try:
        words = shlex.split(text)
    except ValueError as error:
        raise InvalidOption(f"--resource {text!r}: {error}", EXAMPLE) from None
    options, rest = _options(words)
    if not rest:
        raise InvalidOption(f"--resource {text!r}: a resource needs a name", EXAMPLE)
    try:
        access = add_resource.access_of(options.get("--access"))
    except InvalidOption as error:
        raise InvalidOption(f"--resource {text!r}: {error.message}", error.hint) from None
    return Request(rest[0], rest[1:], options.get("--plural"), access)


def _options(words: Sequence[str]) -> tuple[dict[str, str], list[str]]:
    """Part `--access shared` and `--plural=people` from the name and the fields."""
    found: dict[str, str] = {}
    rest: list[str] = []
    left = iter(words)
    for word in left:
        name, given, value = word.partition("=")
        if not word.startswith("--"):
            rest.append(word)
        elif name in OPTIONS:
            found[name] = value if given else next(left, "")
        else:
            raise InvalidOption(
                f"{word}: in --resource there are only {' and '.join(OPTIONS)}", EXAMPLE
            )
    return found, rest
