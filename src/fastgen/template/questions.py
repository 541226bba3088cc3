"""The questions of `copier.yml`, the one list of options."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from fastgen.errors import Bug
from fastgen.template.location import QUESTIONS_FILE, template_root

Value = str | bool | int | float
NAME = "project_name"
TYPES = ("str", "bool", "int", "float")
DERIVED = (*TYPES, "yaml", "json")


@dataclass(frozen=True, slots=True)
class Choice:
    """A value that a question accepts, and its label."""

    label: str
    value: Value
    validator: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """An entry of `copier.yml`: an option if it is asked, else a derived value."""

    name: str
    type: str = "str"
    help: str = ""
    default: Any = None
    choices: tuple[Choice, ...] = ()
    when: str | bool = True
    validator: str = ""
    placeholder: str = ""

    @property
    def asked(self) -> bool:
        """Whether users can answer it; a question with `when: false` is derived."""
        return self.when is not False

    @property
    def flag(self) -> str:
        """The command-line option: `--name-of-it`."""
        return "--" + self.name.replace("_", "-")


@dataclass(frozen=True, slots=True)
class Questions:
    """All questions in order, and the Jinja settings that their expressions use."""

    all: tuple[Question, ...]
    envops: Mapping[str, Any]

    @property
    def flags(self) -> tuple[Question, ...]:
        """The questions that become flags: all that are asked except the name."""
        return tuple(q for q in self.all if q.asked and q.name != NAME)

    @property
    def leading(self) -> tuple[Question, ...]:
        """All questions up to the last asked one; none of them can read later derived values."""
        last = max((i for i, q in enumerate(self.all) if q.asked), default=-1)
        return self.all[: last + 1]


@cache
def load(path: Path | None = None) -> Questions:
    """Read the questions from `path`, or from the template of this installation.

    Raises `Bug` for an entry that this reader does not understand.
    """
    # Imported late, as `fastgen --help` needs no questions and YAML is slow to import.
    import yaml  # noqa: PLC0415

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    text = (path or template_root() / QUESTIONS_FILE).read_text(encoding="utf-8")
    data = yaml.load(text, Loader=loader)  # noqa: S506 - it is the safe loader
    entries = {key: value for key, value in data.items() if not key.startswith("_")}
    return Questions(
        all=tuple(_question(name, details) for name, details in entries.items()),
        envops=data.get("_envops", {}),
    )


def _question(name: str, details: Any) -> Question:
    if not isinstance(details, dict):
        details = {"type": _type_of(details), "default": details}
    known = {"type", "help", "default", "choices", "when", "validator", "placeholder"}
    unknown = set(details) - known
    kind = details.get("type", _type_of(details.get("default")))
    if unknown or kind not in (TYPES if details.get("when", True) is not False else DERIVED):
        what = f"key {', '.join(sorted(unknown))}" if unknown else f"type {kind}"
        raise Bug(f"copier.yml: {name}: the {what} is not supported")
    return Question(
        name=name,
        type=kind,
        help=str(details.get("help", "")).strip(),
        default=details.get("default"),
        choices=_choices(details.get("choices") or ()),
        when=details.get("when", True),
        validator=str(details.get("validator", "")),
        placeholder=str(details.get("placeholder", "")),
    )


def _type_of(value: object) -> str:
    return type(value).__name__ if isinstance(value, bool | int | float) else "str"


def _choices(entries: Any) -> tuple[Choice, ...]:
    pairs = entries.items() if isinstance(entries, dict) else map(_pair, entries)
    return tuple(_choice(label, value) for label, value in pairs)


def _pair(entry: Any) -> tuple[Any, Any]:
    return tuple(entry) if isinstance(entry, list) else (entry, entry)


def _choice(label: Any, value: Any) -> Choice:
    if isinstance(value, dict):
        return Choice(str(label), value["value"], str(value.get("validator", "")))
    return Choice(str(label), value)
