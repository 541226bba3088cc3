"""The combinations that are tested have all that can be together."""

import itertools
from pathlib import Path

import pytest

from generated import variants

EVERY_KIND = """
_envops: {}
name: {type: str, help: Name}
database: {choices: {"SQLite, a file": sqlite, PostgreSQL: postgresql}, default: postgresql}
deploy: {choices: [docker, none], default: docker}
mail: {type: bool, default: false}
mail_service:
  choices: [smtp, api]
  default: smtp
  when: "{{ mail }}"
queue:
  choices:
    Nothing: none
    PostgreSQL:
      value: postgres
      validator: "{% if database != 'postgresql' %}needs PostgreSQL{% endif %}"
  default: none
derived: {type: str, when: false, default: "{{ name }}"}
"""


@pytest.fixture
def every_kind(tmp_path: Path) -> Path:
    file = tmp_path / "copier.yml"
    file.write_text(EVERY_KIND)
    return file


def together(answers: variants.Answers, names: tuple[str, ...]) -> tuple[variants.Value, ...]:
    return tuple(answers[name] for name in names if name in answers)


@pytest.mark.parametrize("many", [2, 3])
@pytest.mark.parametrize("of", ["the template", "every kind"])
def test_all_values_that_may_be_together_are_together(of: str, many: int, every_kind: Path) -> None:
    file = every_kind if of == "every kind" else variants.FILE
    allowed, chosen = variants.allowed(file), variants.variants(file, many)
    for names in itertools.combinations(variants.options(file), many):
        possible = {together(answers, names) for answers in allowed}
        tested = {together(answers, names) for answers in chosen.values()}
        assert {values for values in possible if len(values) == many} <= tested
    assert all(answers in allowed for answers in chosen.values())
    assert len(chosen) <= len(allowed)


def test_what_may_not_be_together_is_not(every_kind: Path) -> None:
    allowed = variants.allowed(every_kind)
    assert len(allowed) == 18
    assert all("mail_service" in answers for answers in allowed if answers["mail"])
    assert not any("mail_service" in answers for answers in allowed if not answers["mail"])
    assert not any(
        (answers["database"], answers["queue"]) == ("sqlite", "postgres") for answers in allowed
    )
    assert len(variants.variants(every_kind, 2)) < 10


def test_the_defaults_are_the_first_and_names_tell_all(every_kind: Path) -> None:
    chosen = variants.variants(every_kind, 2)
    assert next(iter(chosen)) == "postgresql-docker-no_mail-no_queue"
    assert list(chosen) == list(variants.variants(every_kind, 2))
    assert len({tuple(answers.items()) for answers in chosen.values()}) == len(chosen)
    assert variants.default() == next(iter(variants.variants().values()))


def test_flags_are_those_of_the_command() -> None:
    answers: variants.Answers = {"database": "sqlite", "mail": True, "mail_service": "api"}
    assert variants.flags(answers) == ["--database=sqlite", "--mail", "--mail-service=api"]
    assert variants.flags({"mail": False}) == ["--no-mail"]


def test_ten_options_are_a_few_combinations(tmp_path: Path) -> None:
    file = tmp_path / "copier.yml"
    file.write_text("".join(f"o{n}: {{type: bool, default: true}}\n" for n in range(10)))
    assert len(variants.allowed(file)) == 1024
    assert len(variants.variants(file, 2)) <= 10
