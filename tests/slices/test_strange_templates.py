"""Templates that a stranger has put into a project: they render, and do nothing else."""

import contextlib
import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined

import fastgen
from fastgen.databases import SQLITE
from fastgen.fields.parse import parse
from fastgen.migrating import difference, render
from fastgen.names.resource import resolve
from fastgen.slices import confined, context
from fastgen.slices.literals import literal
from fastgen.slices.migration import Rendered
from fastgen.slices.render import FOLDER, SUFFIX, Renderer, paths
from fastgen.slices.resource import Resource, World
from fastgen.slices.rights import ACCESSES, Access
from fastgen.template.location import template_root
from living import ITEM, Living

OWN = ".fastgen/templates/resource"
TEMPLATE = f"{OWN}/service.py.jinja"
# All types.
FIELDS = (
    "name:str:100:min=1:search:unique", "note:text:optional", "count:int:ge=0:sort", "big:bigint",
    "ratio:float:filter", "price:decimal:10,2:gt=0", "active:bool:default=true", "day:date:filter",
    "seen_at:datetime:optional", "at:time", "token:uuid:unique", "mail:email", "page:url",
    "paint:color:filter", "extra:json", "status:enum:draft,live:default=draft",
    "tags:list:str:max=10:unique",
    "parent:ref:item:optional", "user:ref:user",
)  # fmt: skip


@pytest.mark.parametrize("access", ACCESSES)
def test_the_sandbox_renders_byte_for_byte_what_plain_jinja_does(
    tmp_path: Path, access: Access
) -> None:
    resource = Resource(resolve("item"), access, parse(FIELDS, database=SQLITE))
    world = World(SQLITE, {"item": resource})
    plain = Environment(  # noqa: S701
        loader=FileSystemLoader(template_root() / FOLDER),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    plain.filters["literal"] = literal
    given = context.build(resource, world)
    wanted = {
        path: plain.get_template(name + SUFFIX).render(given)
        for path, name in paths(resource).items()
    }
    renderer = Recording(tmp_path)
    assert renderer.files(resource, world) == wanted
    created = difference(None, resource, world, world)
    made = render(renderer, [created], "create items", None)
    [(name, of_migration)] = renderer.given.items()
    assert plain.get_template(name + SUFFIX).render(of_migration) == made.text


class Recording(Renderer):
    """Keeps what the templates of migrations are given."""

    def revision(self, name: str, given: Mapping[str, Any]) -> Rendered:
        self.given = {name: given}
        return super().revision(name, given)


REACHING = [
    "{{ cycler.__init__.__globals__.os.system('touch pwned') }}",
    "{{ names.__class__.__init__.__globals__ }}",
    "{{ names['__class__'] }}",
    "{{ (names | attr('__class__')).__mro__ }}",
    "{{ lipsum.__globals__.os.system('touch pwned') }}",
    "{{ '{0.__class__.__init__.__globals__}'.format(names) }}",
    "{{ [names] | map(attribute='__class__') | join }}",
    "{{ self.__init__.__globals__ }}",
    "{% include '../../../pyproject.toml' %}",
]


@pytest.mark.parametrize("text", REACHING)
def test_a_template_reaches_nothing_but_what_it_is_given(project: Living, text: str) -> None:
    project.write(TEMPLATE, f'"""{text}"""\n')
    before = project.tree()
    result = project.run(*ITEM, "--dry-run", "--diff")
    assert result.code == 1, result
    assert f"{TEMPLATE} cannot be used" in result.err
    assert "Traceback" not in result.err
    assert project.tree() == before


@pytest.mark.others_slow
@pytest.mark.parametrize("part", [TEMPLATE, f"{OWN}/table.jinja", OWN, ".fastgen/templates"])
def test_a_template_that_is_a_link_is_refused(project: Living, tmp_path: Path, part: str) -> None:
    project.must("templates", "eject")
    moved = tmp_path / "elsewhere"
    (project.root / part).rename(moved)
    (project.root / part).symlink_to(moved)
    result = project.run(*ITEM, "--dry-run")
    assert result.code == 1, result
    assert "cannot be used: it is a link or behind one" in result.err


def test_a_template_of_more_than_64_kb_is_refused(project: Living) -> None:
    project.write(TEMPLATE, "#" * 64 * 1024 + "\n")
    result = project.run(*ITEM, "--dry-run")
    assert result.code == 1
    assert f"{TEMPLATE} cannot be used: it is larger than 64 KB" in result.err


BOMBS = {
    "{{ 'x' * 10 ** 10 }}": "Memory",
    "{{ '%010000000000d' % 1 }}": "Memory",
    "{{ 'x' | center(10 ** 10) }}": "Memory",
    "{% set ns = namespace(x='xxxx') %}{% for i in range(99) %}{% set ns.x = ns.x ~ ns.x %}"
    "{% endfor %}": "Memory",
    "{% for i in range(99999) %}{{ 'x' * 999 }}{% endfor %}": "its output is larger than 1024 KB",
    "{% macro a() %}{{ a() }}{% endmacro %}{{ a() }}": "RecursionError",
}


@pytest.mark.others_slow
@pytest.mark.parametrize("text", BOMBS)
def test_a_template_that_swells_is_stopped(project: Living, text: str) -> None:
    project.write(TEMPLATE, text)
    before = project.tree()
    result = project.run(*ITEM)
    assert result.code == 1, result
    assert f"{TEMPLATE} cannot be used" in result.err
    assert BOMBS[text] in result.err
    assert project.tree() == before


@pytest.mark.slow
def test_a_template_without_an_end_is_stopped(project: Living) -> None:
    nested = "{% for i in range(99999) %}" * 3 + "{% endfor %}" * 3
    project.write(TEMPLATE, nested)
    result = project.run(*ITEM)
    assert result.code == 1, result
    assert f"{TEMPLATE} cannot be used: it takes more than 5 seconds" in result.err


@pytest.mark.slow
def test_what_no_signal_of_python_interrupts_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(confined, "SECONDS", 1)
    with pytest.raises(ValueError, match="more than 1 seconds"):
        confined.run(lambda: str(10**10**10))


def test_no_process_is_left_when_the_person_stops_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(confined, "SECONDS", 60)
    begun = time.process_time()
    monkeypatch.setattr(os, "fdopen", _stopped)
    with pytest.raises(KeyboardInterrupt):
        confined.run(_endless)
    assert time.process_time() - begun < confined.SECONDS
    with contextlib.suppress(ChildProcessError):
        assert os.waitpid(-1, os.WNOHANG) == (0, 0)


def _stopped(*_: object) -> None:
    raise KeyboardInterrupt


def _endless() -> str:
    while True:
        pass


def test_a_compiled_template_belongs_to_the_version_that_compiled_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from fastgen.slices.compiled import cache

    kept = cache("plain")
    assert kept is not None
    here = kept.get_cache_key("model.py.jinja", "/a/model.py.jinja")
    monkeypatch.setattr(fastgen, "__version__", "0.0.1")
    assert kept.get_cache_key("model.py.jinja", "/a/model.py.jinja") != here
