"""The layers of the template, folders that options lay over the project, and its fragments."""

import itertools
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from jinja2 import Environment, nodes

import fastgen
import living
from generated import variants
from support import ROOT, Cli

PROJECT = ROOT / "template" / "project"
FEATURES = ROOT / "template" / "features"
INCLUDED = re.compile(r'\{% include folder ~ "/([a-z_/]+\.jinja)" ignore missing %\}')
FILES = sorted(path.relative_to(PROJECT) for path in PROJECT.rglob("*") if path.is_file())
RENDERED = re.compile(r"\{\{ (\w+) \}\}")
ALLOWED = variants.allowed()
ANSWERS_FILE = "{{ _copier_conf.answers_file }}.jinja"


@pytest.fixture(scope="module")
def layers() -> set[str]:
    """The features that have a layer."""
    return {
        name.removeprefix("with_")
        for name in variants.derived(ALLOWED[0])
        if name.startswith("with_")
    }


@pytest.fixture(scope="module", params=ALLOWED, ids=lambda row: "-".join(map(str, row.values())))
def features(request: pytest.FixtureRequest) -> dict[str, Any]:
    """The answers of a variant and the derived values that they lead to."""
    return variants.derived(request.param)


def templates() -> list[Path]:
    """Return all files of the template that are rendered into a project."""
    return [*FEATURES.rglob("*.jinja"), *PROJECT.rglob("*.jinja")]


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


def test_every_fragment_is_included_by_a_file_that_all_share() -> None:
    slots = {slot for file in templates() for slot in INCLUDED.findall(file.read_text("utf-8"))}
    there = {file.relative_to(FEATURES) for file in FEATURES.rglob("*") if file.is_file()}
    assert {Path(*file.parts[1:]).as_posix() for file in there} <= slots


def test_every_folder_of_fragments_is_of_a_feature() -> None:
    known = {name for row in ALLOWED for name in variants.derived(row)["features"]}
    assert {folder.name for folder in FEATURES.iterdir()} <= known


def test_no_file_asks_for_an_option() -> None:
    """What depends on an option is in a layer or in a fragment: an `else` means all others."""
    environment = Environment()  # noqa: S701 - it only parses
    options = variants.options()
    asking = [
        (file.name, name.name)
        for file in templates()
        for name in environment.parse(file.read_text("utf-8")).find_all(nodes.Name)
        if name.name in options or name.name.startswith("with_")
    ]
    assert asking == []


def test_names_of_files_are_possible_everywhere() -> None:
    assert [file for file in FILES if re.search(r'[<>:"|?*\\\']|[ .]$', str(file))] == []


def test_plain_files_are_plain_python() -> None:
    for file in FILES:
        if file.suffix == ".py":
            compile((PROJECT / file).read_text("utf-8"), file, "exec")


def test_the_version_for_plain_copier_is_that_of_fastgen() -> None:
    assert variants.derived(ALLOWED[0])["fastgen_version"] == fastgen.__version__


# What a database may have code of its own for. All else, such as what answers requests and what
# starts and stops, is the same on each: tests with the mark `by_day` rely on it.
OF_DATABASES = re.compile(
    r"__main__\.py|config\.py|database_url\.py|engine\.py|columns/.+|migrations/.+"
    r"|models/(item|mixins)\.py"
)


@pytest.mark.slow
def test_only_what_knows_the_database_differs_with_it(cli: Cli) -> None:
    code = []
    for database in variants.options()["database"]:
        root = living.make(cli, cli.cwd / str(database), database=str(database))
        project = living.Living(cli, root)
        project.must(*living.ITEM)
        source = project.root / "src" / "app"
        files = {path.relative_to(source).as_posix(): path for path in source.rglob("*.py")}
        code.append(
            {
                name: path.read_bytes()
                for name, path in files.items()
                if not OF_DATABASES.fullmatch(name)
            }
        )
    assert "services/item.py" in code[0]
    assert all(one == code[0] for one in code)
