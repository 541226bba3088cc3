"""The recipe of a project: the template's version and the answers, in Copier's own form."""

from dataclasses import dataclass
from pathlib import Path

import fastgen
from fastgen.errors import Refused
from fastgen.system import owners, parsing, safe_files

FILE = ".copier-answers.yml"
SOURCE = "fastapi-fastgen"
HEADER = "# The recipe of this project, kept by fastgen; changes here will be overwritten.\n"

Answer = str | bool | int | float


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a project was generated from, without secrets or local paths."""

    answers: dict[str, Answer]
    version: str = fastgen.__version__
    source: str = SOURCE

    def save(self, project: Path) -> None:
        """Write the recipe into the folder `project`; raises `OSError`."""
        import yaml  # noqa: PLC0415

        flat = {"_commit": self.version, "_src_path": self.source, **self.answers}
        text = yaml.safe_dump(flat, allow_unicode=True, sort_keys=False, width=88)
        (project / FILE).write_text(HEADER + text, encoding="utf-8")


def load(project: Path) -> Recipe:
    """Read the recipe of the folder `project`.

    Raises `Refused` when it is missing or not a recipe of fastgen.
    """
    file = project / FILE
    try:
        recipe = _read(parsing.yaml_of(safe_files.read_own(project, FILE, safe_files.SMALL)))
    except (OSError, ValueError) as error:
        raise Refused(f"{file} is not the recipe of a fastgen project: {error}") from error
    if recipe.source != SOURCE:
        raise Refused(f"{file} belongs to another template: {recipe.source}")
    return recipe


def _read(data: object) -> Recipe:
    """Return the recipe from the flat form of the file, where answers are beside Copier's keys."""
    if not isinstance(data, dict):
        raise ValueError("it has no answers")  # noqa: TRY004 - told as the file's fault
    own = {key: value for key, value in data.items() if str(key).startswith("_")}
    unknown = sorted(map(str, own.keys() - {"_commit", "_src_path"}))
    if unknown:
        raise ValueError(f"it has unknown keys: {', '.join(unknown)}")
    for key, value in own.items():
        if not isinstance(value, str):
            raise ValueError(f"{key} is not a string")  # noqa: TRY004
    answers = {key: value for key, value in data.items() if key not in own}
    for key, value in answers.items():
        if not isinstance(key, str) or not parsing.is_scalar(value):
            raise ValueError(f"the answer {key} is not a string, a number or a boolean")
    return Recipe(answers, own.get("_commit", ""), own.get("_src_path", SOURCE))


def enclosing(folder: Path) -> Path | None:
    """Return the user's own fastgen project that contains `folder` or is `folder`, if any."""
    for candidate in (folder, *folder.parents):
        # Anybody could put a recipe into a shared folder above.
        if (candidate / FILE).is_file() and owners.is_own(candidate / FILE):
            try:
                load(candidate)
            except Refused:
                continue
            return candidate
    return None
