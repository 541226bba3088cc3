"""Renders the template with Copier; the only module that knows Copier."""

import functools
import os
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from fastgen.errors import Bug
from fastgen.template.questions import Value


def render(template: Path, destination: Path, answers: Mapping[str, Value]) -> None:
    """Render `template` with `answers` into the new folder `destination`.

    Raises `Bug` when the template is broken, `OSError` when writing fails.
    """
    from copier import Settings, run_copy  # noqa: PLC0415
    from copier.errors import CopierError  # noqa: PLC0415
    from jinja2 import TemplateError  # noqa: PLC0415
    from plumbum import local  # noqa: PLC0415

    # Copier would start git for every file, so git is taken off its PATH. Neither the template
    # nor the destination has a repository to ask about.
    with local.env(PATH=os.devnull), texts_compiled_once(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            run_copy(
                str(template),
                destination,
                data=dict(answers),
                settings=Settings(),
                defaults=True,
                quiet=True,
                unsafe=False,
            )
        except (CopierError, TemplateError, ValueError, TypeError) as error:
            raise Bug(f"the template is broken: {type(error).__name__}: {error}") from error
    _set_modes(destination)


@contextmanager
def texts_compiled_once() -> Iterator[None]:
    """Let Copier compile each folder's name once, not for each file below it."""
    from jinja2 import Environment  # noqa: PLC0415

    original = Environment.from_string
    Environment.from_string = functools.cache(original)  # type: ignore[method-assign,assignment]
    try:
        yield
    finally:
        Environment.from_string = original  # type: ignore[method-assign]


def _set_modes(folder: Path) -> None:
    """Give files the modes of the user's new files instead of those in the installation."""
    umask = os.umask(0)
    os.umask(umask)
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink():
            executable = path.stat().st_mode & 0o100
            path.chmod((0o777 if executable else 0o666) & ~umask)
