"""The layers of the template: folders that options lay over the project."""

import itertools
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

import fastgen
from fastgen.template import questions
from fastgen.template.expressions import Expressions
from fastgen.template.questions import Question
from generated import variants
from support import ROOT

PROJECT = ROOT / "template" / "project"
FILES = sorted(path.relative_to(PROJECT) for path in PROJECT.rglob("*") if path.is_file())
RENDERED = re.compile(r"\{\{ (\w+) \}\}")
ALLOWED = variants.allowed()
ANSWERS_FILE = "{{ _copier_conf.answers_file }}.jinja"


@pytest.fixture(scope="module")
def derived() -> dict[str, Question]:
    return {one.name: one for one in questions.load().all if not one.asked}


@pytest.fixture(scope="module")
def layers(derived: Mapping[str, Question]) -> set[str]:
    """The features that have a layer."""
    return {name.removeprefix("with_") for name in derived if name.startswith("with_")}


@pytest.fixture(scope="module", params=ALLOWED, ids=lambda row: "-".join(map(str, row.values())))
def features(request: pytest.FixtureRequest, derived: Mapping[str, Question]) -> dict[str, Any]:
    """The answers of a variant and the derived values that they lead to."""
    expressions = Expressions(questions.load().envops)
    values: dict[str, Any] = {"project_name": "shop", **request.param}
    for name, question in derived.items():
        text = expressions.text(str(question.default), values)
        values[name] = text if question.type == "str" else yaml.safe_load(text)
    return values


def targets(values: Mapping[str, Any]) -> Iterator[str]:
    """Yield the path in a project of each file of the template that comes into it."""
    for file in FILES:
        parts = [RENDERED.sub(lambda found: str(values[found[1]]), part) for part in file.parts]
        if all(parts):
            yield Path(*parts).as_posix().removesuffix(".jinja")


def test_no_two_files_that_can_be_on_together_have_one_target(
    features: Mapping[str, Any],
) -> None:
    assert [path for path, times in Counter(targets(features)).items() if times > 1] == []


def test_a_layer_is_on_with_its_feature_only(features: Mapping[str, Any], layers: set[str]) -> None:
    on = {name for name in layers if features[f"with_{name}"] == "."}
    off = {name for name in layers if features[f"with_{name}"] == ""}
    assert (on | off, on) == (layers, layers.intersection(features["features"]))


def test_layers_are_at_the_top_or_in_each_other(layers: set[str]) -> None:
    folders = {f"{{{{ with_{name} }}}}" for name in layers}
    for file in FILES:
        inside = list(itertools.dropwhile(folders.__contains__, file.parts))
        assert not any("{" in part for part in inside) or file.name == ANSWERS_FILE, file
    assert folders <= {part for file in FILES for part in file.parts}


def test_names_of_files_are_possible_everywhere() -> None:
    assert [file for file in FILES if re.search(r'[<>:"|?*\\\']|[ .]$', str(file))] == []


def test_plain_files_are_plain_python() -> None:
    for file in FILES:
        if file.suffix == ".py":
            compile((PROJECT / file).read_text("utf-8"), file, "exec")


def test_the_version_for_plain_copier_is_that_of_fastgen(
    derived: Mapping[str, Question],
) -> None:
    assert derived["fastgen_version"].default == fastgen.__version__
