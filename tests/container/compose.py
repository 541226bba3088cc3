"""Reads a generated `compose.yaml` as `docker compose` would."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

PLACE = re.compile(r"\$\{(\w+)(?:(:[-?])((?:[^{}]|\$\{[^}]*\})*))?\}")


@dataclass(frozen=True)
class Compose:
    content: dict[str, Any]

    @classmethod
    def load(cls, project: Path, environment: Mapping[str, str]) -> "Compose":
        """Read the file with the variables of `environment` or of `--env-file`."""
        content = yaml.safe_load((project / "compose.yaml").read_text(encoding="utf-8"))
        compose = cls(_interpolated(content, environment))
        for service in compose.content["services"].values():
            files = service.pop("env_file", [])
            settings = [_settings(project / file["path"], file["required"]) for file in files]
            merged = {name: value for read in settings for name, value in read.items()}
            service["environment"] = merged | service["environment"]
        return compose

    def service(self, name: str) -> dict[str, Any]:
        service: dict[str, Any] = self.content["services"][name]
        return service


def _settings(file: Path, required: bool) -> dict[str, str]:
    if not required and not file.exists():
        return {}
    lines = file.read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def _interpolated(value: Any, environment: Mapping[str, str]) -> Any:
    """Replace `${NAME}`, `${NAME:-default}` and `${NAME:?complaint}` in each text.

    A default may hold one more of them.
    """

    def replacement(found: re.Match[str]) -> str:
        name, operator, word = found.groups()
        if environment.get(name):
            return environment[name]
        if operator == ":?":
            raise KeyError(f"{name}: {word}")
        return PLACE.sub(replacement, word or "")

    match value:
        case dict():
            return {key: _interpolated(entry, environment) for key, entry in value.items()}
        case list():
            return [_interpolated(entry, environment) for entry in value]
        case str():
            return PLACE.sub(replacement, value)
        case _:
            return value
