"""From what was typed to answers."""

from pathlib import Path

import pytest

from fastgen.commands import corrected
from fastgen.errors import FastgenError, InvalidOption, Several
from fastgen.template import answers, questions
from fastgen.template.questions import Question, Questions, Value

SYNTHETIC = """
_envops: {undefined: jinja2.StrictUndefined}
project_name: {type: str, help: Name}
database:
  help: Database
  choices: {"SQLite, a file": sqlite, "PostgreSQL": postgresql}
  default: sqlite
cache:
  type: bool
  default: false
cache_size:
  type: int
  default: 10
  when: "{{ cache }}"
  validator: "{% if cache_size < 1 %}at least 1{% endif %}"
workers:
  type: int
  default: "{{ 4 if database == 'postgresql' else 1 }}"
queue:
  choices:
    None: none
    Postgres:
      value: pg
      validator: "{% if database != 'postgresql' %}needs --database postgresql{% endif %}"
  default: none
slug:
  when: false
  default: "{{ project_name | lower | replace('-', '_') }}"
rate: {type: float, default: 0.5}
late: {type: yaml, when: false, default: "{{ _not_known_here }}"}
"""


@pytest.fixture
def synthetic(tmp_path: Path) -> Questions:
    file = tmp_path / "copier.yml"
    file.write_text(SYNTHETIC)
    return questions.load(file)


def test_defaults_answer_what_is_not_given(synthetic: Questions) -> None:
    assert answers.resolve(synthetic, {"project_name": "My-Api"}) == {
        "project_name": "My-Api",
        "database": "sqlite",
        "cache": False,
        "workers": 1,
        "queue": "none",
        "rate": 0.5,
    }


def test_defaults_follow_other_answers(synthetic: Questions) -> None:
    given: dict[str, Value] = {"project_name": "x", "database": "postgresql", "cache": True}
    answered = answers.resolve(synthetic, given)
    assert answered["workers"] == 4
    assert answered["cache_size"] == 10


@pytest.mark.parametrize(
    ("name", "typed", "value"),
    [("cache", "yes", True), ("cache", "off", False), ("workers", "3", 3), ("rate", "1.5", 1.5)],
)
def test_text_becomes_the_type_of_the_question(
    synthetic: Questions, name: str, typed: str, value: Value
) -> None:
    answered = answers.resolve(synthetic, {"project_name": "x", name: typed})
    assert answered[name] == value
    assert type(answered[name]) is type(value)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"database": "postgres"}, "--database does not take 'postgres': choose one of sqlite"),
        ({"cache": "maybe"}, "--cache does not take 'maybe'"),
        ({"workers": "many"}, "--workers does not take 'many': it is a whole number"),
        ({"cache_size": "3"}, "--cache-size does not go with the other options: it needs cache"),
        ({"cache": True, "cache_size": "0"}, "--cache-size '0': at least 1"),
        ({"queue": "pg"}, "--queue 'pg': needs --database postgresql"),
    ],
)
def test_refuses_values_and_combinations(
    synthetic: Questions, given: dict[str, Value], message: str
) -> None:
    with pytest.raises(InvalidOption) as caught:
        answers.resolve(synthetic, {"project_name": "x", **given})
    assert caught.value.message.startswith(message)


def test_says_what_was_probably_meant(synthetic: Questions) -> None:
    with pytest.raises(InvalidOption) as caught:
        answers.resolve(synthetic, {"project_name": "x", "database": "Postgres"})
    line = ["new", "x", "--database", "Postgres", "--yes"]
    told = corrected.command(caught.value, line)
    assert told == "fastgen new x --database postgresql --yes"


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("database", "fastgen new x --database sqlite"),
        ("queue", "fastgen new x --queue none"),
    ],
)
def test_shows_a_command_that_is_right(synthetic: Questions, name: str, hint: str) -> None:
    with pytest.raises(InvalidOption) as caught:
        answers.resolve(synthetic, {"project_name": "x", name: "mysql"})
    assert corrected.command(caught.value, ["new", "x", f"--{name}=mysql"]) == hint


@pytest.mark.parametrize("database", [[], ["--database=sqlite"]])
def test_a_choice_that_needs_another_option_keeps_its_place(
    synthetic: Questions, database: list[str]
) -> None:
    with pytest.raises(InvalidOption) as caught:
        answers.resolve(synthetic, {"project_name": "x", "queue": "pg"})
    told = corrected.command(caught.value, ["new", "x", "--queue", "pg", *database])
    assert told == "fastgen new x --queue pg --database postgresql"


@pytest.mark.parametrize(
    ("database", "offered"), [("sqlite", ["none"]), ("postgresql", ["none", "pg"])]
)
def test_offers_the_choices_that_go_with_the_other_answers(
    synthetic: Questions, database: str, offered: list[str]
) -> None:
    asked: dict[str, list[Value]] = {}

    def ask(question: Question, default: Value | None, _wrong: object) -> Value:
        asked[question.name] = [choice.value for choice in question.choices]
        return "" if default is None else default

    answers.resolve(synthetic, {"project_name": "x", "database": database}, ask)
    assert asked["queue"] == offered


def test_tells_all_mistakes_at_once(synthetic: Questions) -> None:
    given: dict[str, Value] = {"project_name": "1x", "database": "oracle", "workers": "x"}
    with pytest.raises(Several) as caught:
        answers.resolve(synthetic, given)
    assert [part.message.split()[0] for part in caught.value.parts] == [
        "'1x'",
        "--database",
        "--workers",
    ]


def test_asks_only_what_is_open(synthetic: Questions) -> None:
    asked: list[tuple[str, object]] = []

    def ask(question: Question, default: Value | None, _wrong: object) -> Value:
        asked.append((question.name, default))
        typed: dict[str, Value] = {"project_name": "x", "cache": True}
        return typed.get(question.name, str(default))

    answers.resolve(synthetic, {"database": "postgresql", "queue": "pg"}, ask)
    assert asked == [
        ("project_name", None),
        ("cache", False),
        ("cache_size", 10),
        ("workers", 4),
        ("rate", 0.5),
    ]


def test_mistakes_in_flags_are_known_before_a_question(synthetic: Questions) -> None:
    [wrong] = answers.mistakes(synthetic, {"database": "oracle"})
    assert isinstance(wrong, InvalidOption)
    assert answers.mistakes(synthetic, {"database": "sqlite"}) == []


def test_a_question_may_read_what_is_derived_before_it(tmp_path: Path) -> None:
    file = tmp_path / "copier.yml"
    file.write_text(
        "project_name: {type: str}\n"
        "parts: {type: yaml, when: false, default: \"{{ project_name.split('-') }}\"}\n"
        "title: {type: str, default: \"{{ parts | join(' ') }}\"}\n"
    )
    answered = answers.resolve(questions.load(file), {"project_name": "my-api"})
    assert answered == {"project_name": "my-api", "title": "my api"}


DESCRIPTION = Question("description")


@pytest.mark.parametrize(
    "text",
    ["", "plain", "q\"'\\", "a\nb\tc", "{{ 7*7 }} ${{ secrets.X }}", '"""', "😀 é 名", "\u200fש"],
)
def test_text_is_kept_as_it_is(text: str) -> None:
    assert answers.check_text(DESCRIPTION, text) == text


@pytest.mark.parametrize("text", ["a\x00b", "a\x1b[31mb", "a\x7fb", "a\x85b", "a\u2028b", "a\rb"])
def test_control_characters_are_refused(text: str) -> None:
    with pytest.raises(FastgenError, match="control character U"):
        answers.check_text(DESCRIPTION, text)


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(FastgenError, match="not valid UTF-8"):
        answers.check_text(DESCRIPTION, b"a\xff".decode(errors="surrogateescape"))


def test_text_is_stripped_and_has_a_limit() -> None:
    assert answers.check_text(DESCRIPTION, "  a\r\nb \n") == "a\nb"
    assert answers.check_text(DESCRIPTION, "x" * 500)
    with pytest.raises(FastgenError, match="501 characters: at most 500"):
        answers.check_text(DESCRIPTION, "x" * 501)
