"""The settings in `[tool.fastgen]` of a project's pyproject.toml."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from fastgen.errors import Refused, raise_all
from fastgen.messages import meant, nearest
from fastgen.messages import value as told
from fastgen.project import history
from fastgen.slices.rights import ACCESSES, Access
from fastgen.system import parsing, safe_files

FILE = "pyproject.toml"
NAMES = ("access", "migration")


@dataclass(frozen=True, slots=True)
class Settings:
    """The defaults of flags."""

    access: Access = "owner"
    migration: bool = True


def load(root: Path) -> Settings:
    """Read the settings of the project at `root`; raises `Refused`, or `Several` of them."""
    file = root / FILE
    try:
        found = parsing.toml_of(safe_files.read_own(root, FILE, safe_files.LARGE))
    except (OSError, ValueError) as error:
        hint = history.restoring(root, FILE, _is_toml)
        raise Refused(f"{file} cannot be read: {error}", hint) from error
    tool = found.get("tool", {})
    section = tool.get("fastgen", {}) if isinstance(tool, dict) else {}
    if not isinstance(section, dict):
        hint = f"sed -i.bak '/^fastgen *=/d' {FILE}"
        raise Refused(f"{file}: tool.fastgen is a table, not {told(section)}", hint)
    raise_all([error for name in section for error in _mistakes(file, name, section[name])])
    return Settings(**section)


def _is_toml(content: bytes) -> bool:
    try:
        parsing.toml_of(content)
    except ValueError:
        return False
    return True


def _edit(name: str, command: str) -> str:
    """Return the command that edits the line of the setting `name`, and keeps the old file."""
    return (
        f"sed -i.bak -E '/^\\[tool\\.fastgen\\]/,/^ *\\[[^t]/{{/^ *{name} *=/{command};}}' {FILE}"
    )


def _mistakes(file: Path, name: str, value: object) -> Iterator[Refused]:
    where = f"[tool.fastgen] of {file}"
    match name:
        case "access":
            if value not in ACCESSES:
                yield Refused(
                    f"{where}: access is {', '.join(ACCESSES)}, not {told(value)}",
                    _edit(name, f's/=.*/= "{nearest(str(value), ACCESSES) or ACCESSES[0]}"/'),
                )
        case "migration":
            if not isinstance(value, bool):
                yield Refused(
                    f"{where}: migration is true or false, not {told(value)}",
                    _edit(name, "s/=.*/= true/"),
                )
        case _:
            near = nearest(name, NAMES)
            yield Refused(
                f"{where} has no setting {told(name)}: it takes {', '.join(NAMES)}{meant(near)}",
                _edit(re.escape(name), f"s/{re.escape(name)}/{near}/" if near else "d"),
            )
