"""Renders a whole project with nothing but the standard library, Jinja and YAML.

Copier renders new projects. Later versions run this module of an old release to render its projects
again, whatever is installed by then: so it imports nothing else, not even from fastgen.
"""

import json
import os
import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

import jinja2
import yaml
from jinja2.sandbox import SandboxedEnvironment

QUESTIONS = "copier.yml"
ANSWERS = ".copier-answers.yml"


def render(
    source: Path, given: Mapping[str, Any], wanted: Collection[str] | None = None
) -> dict[str, bytes]:
    """Return the files of the project, by path, that the template in `source` makes of `given`.

    `given` are answers, and derived values that are to differ; `wanted` are the paths of the files,
    by default all. Python is not formatted. Raises `ValueError` when an answer is missing,
    `OSError`, and the errors of Jinja and YAML.
    """
    settings = yaml.safe_load((source / QUESTIONS).read_text(encoding="utf-8"))
    environment = _environment(source, settings.get("_envops", {}))
    values, answers = _values(environment, settings, given)
    values |= {"_copier_answers": answers, "_copier_conf": {"answers_file": ANSWERS}}
    folder, suffix = settings["_subdirectory"], settings["_templates_suffix"]
    excluded = set(settings.get("_exclude", ()))
    found = {}
    for path in _files(source / folder, excluded):
        target = _target(environment, path, suffix, values)
        if target is None or (wanted is not None and target not in wanted):
            continue
        name = f"{folder}/{path}"
        if path.endswith(suffix):
            found[target] = environment.get_template(name).render(values).encode()
        else:
            found[target] = (source / name).read_bytes()
    return found


def _environment(source: Path, options: Mapping[str, Any]) -> SandboxedEnvironment:
    options = dict(options)
    undefined = str(options.pop("undefined", "jinja2.Undefined")).rpartition(".")[2]
    environment = SandboxedEnvironment(
        loader=jinja2.FileSystemLoader(source), undefined=getattr(jinja2, undefined), **options
    )
    environment.filters |= {
        "to_json": json.dumps,
        "to_nice_yaml": _to_nice_yaml,
        "regex_replace": _regex_replace,
    }
    return environment


def _to_nice_yaml(value: Any) -> str:
    return yaml.safe_dump(value, indent=4, allow_unicode=True, default_flow_style=False)


def _regex_replace(value: Any, pattern: str, replacement: str) -> str:
    return re.sub(pattern, replacement, str(value))


def _values(
    environment: SandboxedEnvironment, settings: Mapping[str, Any], given: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the values of all questions, and those that are asked and kept as answers."""
    values: dict[str, Any] = {}
    answers: dict[str, Any] = {}
    questions = {name: one for name, one in settings.items() if not name.startswith("_")}
    for name, question in questions.items():
        asked = _rendered(environment, question.get("when", True), "bool", values)
        if name not in given and "default" not in question:
            if asked:
                raise ValueError(f"there is no answer to {name}")
            continue
        value = given.get(name, question.get("default"))
        values[name] = _rendered(environment, value, question["type"], values, name in given)
        if asked:
            answers[name] = values[name]
    return values, answers


def _rendered(
    environment: SandboxedEnvironment,
    value: Any,
    kind: str,
    values: Mapping[str, Any],
    is_given: bool = False,
) -> Any:
    """Return `value` as a `kind` of value; what people gave is no template."""
    if not isinstance(value, str):
        return value
    text = value if is_given else environment.from_string(value).render(values)
    return text if kind == "str" else yaml.safe_load(text)


def _files(folder: Path, excluded: set[str]) -> Iterator[str]:
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(set(folders) - excluded)
        for name in sorted(set(names) - excluded):
            yield Path(parent, name).relative_to(folder).as_posix()


def _target(
    environment: SandboxedEnvironment, path: str, suffix: str, values: Mapping[str, Any]
) -> str | None:
    """Return where the file `path` of the template comes to be, None if it is left out."""
    parts = [
        environment.from_string(part).render(values)
        for part in PurePosixPath(path.removesuffix(suffix)).parts
    ]
    return PurePosixPath(*parts).as_posix() if all(parts) else None
