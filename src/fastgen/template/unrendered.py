"""The modules that every generated project has, before there is one: to look for names in them."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from fastgen.template.location import template_root

SUFFIX = ".jinja"
LINES_OF_TAGS = re.compile(r"^[ \t]*(\{%[^\n]*%\})+\n", re.MULTILINE)
TAGS = re.compile(r"\{%.*?%\}")
VALUES = re.compile(r"\{\{.*?\}\}")


@contextmanager
def modules() -> Iterator[Path]:
    """Yield a folder with the project's modules, without what options add to them."""
    source = template_root() / "template/project"
    with TemporaryDirectory(prefix="fastgen-") as folder:
        for path in (source / "src").rglob("*.py*"):
            if path.name.endswith((".py", f".py{SUFFIX}")):
                target = Path(folder, str(path.relative_to(source)).removesuffix(SUFFIX))
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_text(plain(path.read_text("utf-8")), "utf-8")
        yield Path(folder)


def plain(text: str) -> str:
    """Return the Python of a module's template: without tags, and with empty texts for values."""
    return VALUES.sub('""', TAGS.sub("", LINES_OF_TAGS.sub("", text)))
