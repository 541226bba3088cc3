"""Reading `copier.yml`."""

from pathlib import Path

import pytest

from fastgen.errors import Bug
from fastgen.template import questions


def test_the_template_has_the_promised_options() -> None:
    loaded = {q.name: q for q in questions.load().flags}
    assert {"description", "database", "deploy", "ci"} <= set(loaded)
    assert [c.value for c in loaded["database"].choices] == ["sqlite", "postgresql"]
    assert [c.value for c in loaded["deploy"].choices] == ["docker", "kubernetes", "none"]
    assert [c.value for c in loaded["ci"].choices] == ["github", "none"]
    assert all(question.help for question in loaded.values())


def test_reads_every_form_of_choices(tmp_path: Path) -> None:
    file = tmp_path / "copier.yml"
    file.write_text(
        "a: {choices: [x, y]}\n"
        "b: {choices: [[Label, x]]}\n"
        "c: {choices: {Label: {value: x, validator: no}}}\n"
        "d: plain\n"
        "e: true\n"
    )
    a, b, c, d, e = questions.load(file).all
    assert [choice.label for choice in a.choices] == ["x", "y"]
    assert (b.choices[0].label, b.choices[0].value) == ("Label", "x")
    assert c.choices[0].validator
    assert (d.type, d.default) == ("str", "plain")
    assert (e.type, e.default) == ("bool", True)


@pytest.mark.parametrize(
    ("entry", "what"),
    [("{type: yaml}", "type yaml"), ("{multiselect: true}", "key multiselect")],
)
def test_an_entry_it_cannot_offer_is_our_fault(tmp_path: Path, entry: str, what: str) -> None:
    file = tmp_path / "copier.yml"
    file.write_text(f"a: {entry}\n")
    with pytest.raises(Bug, match=f"a: the {what} is not supported"):
        questions.load(file)
