"""Reads a generated `compose.yaml` as `docker compose` would."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml


@dataclass(frozen=True)
class Compose:
    content: dict[str, Any]

    @classmethod
    def load(cls, project: Path, environment: Mapping[str, str]) -> "Compose":
        content = yaml.safe_load((project / "compose.yaml").read_text(encoding="utf-8"))
        return cls(_interpolated(content, environment))

    def service(self, name: str) -> dict[str, Any]:
        service: dict[str, Any] = self.content["services"][name]
        return service


def _interpolated(value: Any, environment: Mapping[str, str]) -> Any:
    """Replace `${NAME}`, `${NAME:-default}` and `${NAME:?complaint}` in each text."""

    def replacement(found: re.Match[str]) -> str:
        name, operator, word = found.groups()
        if environment.get(name):
            return environment[name]
        if operator == ":?":
            raise KeyError(f"{name}: {word}")
        return word or ""

    match value:
        case dict():
            return {key: _interpolated(entry, environment) for key, entry in value.items()}
        case list():
            return [_interpolated(entry, environment) for entry in value]
        case str():
            return re.sub(r"\$\{(\w+)(?:(:[-?])([^}]*))?\}", replacement, value)
        case _:
            return value
