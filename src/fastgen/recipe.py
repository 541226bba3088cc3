"""The recipe of a project: the template's version and the answers, in Copier's own form."""

from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

import fastgen
from fastgen.errors import Refused

FILE = ".copier-answers.yml"
SOURCE = "fastapi-fastgen"
HEADER = "# The recipe of this project, kept by fastgen; changes here will be overwritten.\n"


class Recipe(BaseModel):
    """What a project was generated from; never a secret, never a machine's path."""

    model_config = ConfigDict(frozen=True, populate_by_name=True, extra="forbid")

    version: str = Field(default=fastgen.__version__, alias="_commit")
    source: str = Field(default=SOURCE, alias="_src_path")
    answers: dict[str, str | bool | int | float]

    @model_validator(mode="before")
    @classmethod
    def _gather(cls, data: Any) -> Any:
        """Read the file's flat form, where the answers stand beside Copier's own keys."""
        if not isinstance(data, dict) or "answers" in data:
            return data
        own = {key: value for key, value in data.items() if key.startswith("_")}
        return {**own, "answers": {k: v for k, v in data.items() if k not in own}}

    def save(self, project: Path) -> None:
        """Write the recipe into the folder `project`; raises `OSError`."""
        flat = {"_commit": self.version, "_src_path": self.source, **self.answers}
        text = yaml.safe_dump(flat, allow_unicode=True, sort_keys=False, width=88)
        (project / FILE).write_text(HEADER + text, encoding="utf-8")


def load(project: Path) -> Recipe:
    """Read the recipe of the folder `project`.

    Raises `Refused` when it is missing or is not one of ours.
    """
    file = project / FILE
    try:
        data = yaml.safe_load(file.read_text(encoding="utf-8"))
        recipe = Recipe.model_validate(data)
    except (OSError, UnicodeDecodeError, yaml.YAMLError, ValidationError) as error:
        raise Refused(f"{file} is not the recipe of a fastgen project: {error}") from error
    if recipe.source != SOURCE:
        raise Refused(f"{file} belongs to another template: {recipe.source}")
    return recipe


def enclosing(folder: Path) -> Path | None:
    """Return the fastgen project that `folder` is, or lies in, if any."""
    for candidate in (folder, *folder.parents):
        if (candidate / FILE).is_file():
            try:
                load(candidate)
            except Refused:
                continue
            return candidate
    return None
