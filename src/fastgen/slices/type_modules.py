"""Modules that a project gets with the first slice or migration that imports them."""

import ast
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from fastgen.databases import Database
from fastgen.fields.types import TYPES
from fastgen.names import layout
from fastgen.slices.first_look import STRING
from fastgen.slices.scopes import walk


@dataclass(frozen=True, slots=True)
class TypeModule:
    """A module by its import name, with its files and their templates."""

    name: str
    templates: tuple[tuple[str, str], ...]

    @property
    def unit(self) -> str:
        """The unit of the records of its files."""
        return self.templates[0][1].removesuffix(".py")


PACKAGES = (
    layout.SCHEMA_TYPES, layout.COLUMN_TYPES, layout.COPIES_MODULE, layout.ROW_CHECKS_MODULE,
)  # fmt: skip
IMPORT = re.compile(
    rf"^from ((?:{'|'.join(map(re.escape, PACKAGES))})[\w.]*) import (\w+(?:, \w+)*)$", re.MULTILINE
)
NO_CODE = re.compile(rf"{STRING}|#[^\n]*")
# A name that is neither an attribute nor a parameter.
USE = r"(?<![\w.]){0}\b(?!\s*(?:=[^=]|:))|[:|]\s*{0}\b"
# A module, and the one that it imports.
IMPORTED = {f"{layout.SCHEMA_TYPES}.utc_datetime": f"{layout.SCHEMA_TYPES}.datetimes"}
# Come with the first migration that copies a table, and with the first that checks its rows.
FOR_MIGRATIONS = (
    TypeModule(
        layout.COPIES_MODULE,
        (
            (layout.file_of(layout.COPIES_MODULE), "types/migrations/copies.py"),
            (layout.test_file("copied_tables"), "types/tests/test_copied_tables.py"),
        ),
    ),
    TypeModule(
        layout.ROW_CHECKS_MODULE,
        (
            (layout.file_of(layout.ROW_CHECKS_MODULE), "types/migrations/row_checks.py"),
            (layout.test_file("row_checks"), "types/tests/test_row_checks.py"),
        ),
    ),
)


def every(database: Database) -> list[TypeModule]:
    """Return the modules that slices may need on `database`."""
    schemas = {
        name: test for type_ in TYPES.values() for name, test in type_.schema_modules.items()
    }
    columns = {
        name: test
        for type_ in TYPES.values()
        for name, test in type_.column_modules(database).items()
    }
    return [
        *sorted(
            (_module(layout.SCHEMA_TYPES, name, test) for name, test in schemas.items()),
            key=lambda module: (module.name not in IMPORTED, module.name),
        ),
        *(_module(layout.COLUMN_TYPES, name, test) for name, test in sorted(columns.items())),
        *FOR_MIGRATIONS,
    ]


def _module(package: str, name: str, test: str) -> TypeModule:
    folder = "schemas" if package == layout.SCHEMA_TYPES else "columns"
    templates = [
        (layout.file_of(f"{package}.{name}"), f"types/{folder}/{name}.py"),
        (layout.test_file(test), f"types/tests/test_{test}.py"),
    ]
    if (package, name) == (layout.COLUMN_TYPES, "decimals"):
        templates.append((layout.DECIMAL_MIGRATIONS, "types/migrations/decimals.py"))
    return TypeModule(f"{package}.{name}", tuple(templates))


def needed(sources: Iterable[str], database: Database) -> list[TypeModule]:
    """Return the modules from which the Python `sources` import names that they use.

    A module that another one imports comes after it.
    """
    used = {module for source in sources for module in _used(source)}
    used |= {IMPORTED[module] for module in used if module in IMPORTED}
    return [module for module in every(database) if module.name in used]


@cache
def _used(source: str) -> frozenset[str]:
    """Return the modules from which `source` imports a name that it uses."""
    if not any(package in source for package in PACKAGES):
        return frozenset()
    found = _at_first_look(source)
    return _in_tree(source) if found is None else found


def _at_first_look(source: str) -> frozenset[str] | None:
    """Return what `_used` does, None if words are not enough to tell."""
    imports = IMPORT.findall(source)
    if len(imports) != sum(source.count(package) for package in PACKAGES):
        return None
    found = set()
    rest = IMPORT.sub("", source)
    code = NO_CODE.sub("", rest)
    for module, names in imports:
        for name in names.split(", "):
            if name not in rest:
                continue
            if re.search(USE.format(name), code):
                found.add(module)
            elif re.search(rf"\b{name}\b", rest):
                return None
    return frozenset(found)


def _in_tree(source: str) -> frozenset[str]:
    tree = ast.parse(source)
    imports = [node for node in tree.body if isinstance(node, ast.ImportFrom)]
    imports = [node for node in imports if (node.module or "").startswith(PACKAGES)]
    if not any(source.count(one.name) > 1 for node in imports for one in node.names):
        return frozenset()
    names = {node.id for node in walk(tree) if isinstance(node, ast.Name)}
    return frozenset(
        node.module or "" for node in imports if any(one.name in names for one in node.names)
    )
