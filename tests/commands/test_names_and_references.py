"""How resources are called and referred to, and what is told of a line that is wrong."""

import pytest

from living import MODEL, ROUTER, Living

STAFF = ("add", "resource", "staff", "name:str:50", "--plural", "staff_items")


def errors(result_err: str) -> list[str]:
    return [line for line in result_err.splitlines() if line.startswith("error: ")]


@pytest.mark.slow
def test_a_resource_with_a_plural_of_its_own_is_known_by_all_its_names(project: Living) -> None:
    project.must(*STAFF)
    project.must("add", "resource", "data", "name:str:50", "--plural", "data_sets")
    names = ("staff", "Staff", "staff_items", "StaffItems", "staff-items")
    fields = [f"a{number}:ref:{name}:optional" for number, name in enumerate(names)]
    project.must("add", "resource", "shift", *fields, "b:ref:data", "c:ref:data_set:optional")
    model = project.read("src/app/models/shift.py")
    assert model.count('"staff_items.id"') == len(names)
    assert model.count('"data_sets.id"') == 2
    for number, name in enumerate(names):
        project.must("add", "field", name, f"n{number}:int:optional")
    project.must("add", "field", "shift", "d:ref:staff:optional")
    assert project.run("remove", "resource", "staff_items").err.startswith(
        "error: staff is referred to by shift\n"
    )


def test_a_resource_with_a_plural_of_its_own_refers_to_itself(project: Living) -> None:
    line = ("add", "resource", "towns", "above:ref:towns:optional", "top:ref:lines:optional")
    project.must(*line, "--plural", "lines")
    assert project.read("src/app/models/towns.py").count('"lines.id"') == 2


@pytest.mark.slow
def test_a_missing_parent_is_not_the_resource_itself(project: Living) -> None:
    result = project.run("add", "resource", "order", "a:ref:ordr", "b:ref:order_line")
    assert result.code == 1
    assert "did you mean" not in result.err
    assert result.err.count("there is no resource ") == 2
    assert "there are user\n" in result.err
    project.must("add", "resource", "order", "name:str:50")
    result = project.run("add", "field", "order", "a:ref:ordr:optional")
    assert (result.code, "did you mean" in result.err) == (1, False)
    project.must("add", "resource", "orden", "a:ref:order", "b:ref:orden:optional")


LINES = {
    "class name:strr a:ref:categry --access shard": ["--access", "keyword", "strr", "categry"],
    "item a:ref:item b:ref:nothing c:foo": ["foo", "nothing", "could never be a first"],
    "part name:foo": ["foo", "src/app/models/part.py already exists"],
    "part name:str:9 --access x": ["--access", "src/app/models/part.py already exists"],
    "news name:str x:ref:nothing": ["its own plural", "nothing"],
}


@pytest.mark.parametrize("line", LINES)
def test_mistakes_of_different_kinds_are_all_told(project: Living, line: str) -> None:
    project.write("src/app/models/part.py", "")
    result = project.run("add", "resource", *line.split())
    assert result.code == 1
    told = errors(result.err)
    assert len(told) == len(LINES[line]), told
    for part in LINES[line]:
        assert any(part in one for one in told), part


def test_mistakes_of_different_kinds_in_fields_are_all_told(project: Living) -> None:
    project.must("add", "resource", "item", "name:str:50")
    result = project.run("add", "field", "item", "a:strr", "b:ref:nope:optional", "c:int")
    assert len(errors(result.err)) == 3
    result = project.run("add", "field", "itm", "a:strr", "b:ref:nope:optional")
    assert len(errors(result.err)) == 3


@pytest.mark.slow
def test_what_fastgen_changed_itself_is_not_told(project: Living) -> None:
    for name in ("item", "tag", "note"):
        assert "committed" not in project.must("add", "resource", name, "name:str:50").err
    line = ("add", "resource", "order", "item:ref:item", "by:ref:user:optional")
    assert "committed" not in project.must(*line).err
    assert "committed" not in project.must("add", "field", "item", "a:int:optional").err
    assert "committed" not in project.must("add", "field", "item", "b:int:optional").err
    project.commit()
    assert "committed" not in project.must("remove", "resource", "order").err
    assert "committed" not in project.must("remove", "resource", "note").err
    assert "committed" not in project.must("add", "resource", "part", "item:ref:item").err
    assert "committed" not in project.must("add", "field", "part", "t:ref:tag:optional").err


@pytest.mark.slow
def test_what_people_changed_is_told_beside_it(project: Living) -> None:
    project.must("add", "resource", "item", "name:str:50")
    project.write(ROUTER, project.read(ROUTER) + "\nPREFIX = 1\n")
    told = f"note: {ROUTER} has changes that are not committed; they are kept\n"
    assert told in project.must("add", "resource", "tag", "name:str:50").err
    project.edit(MODEL, "    name: Mapped", "    # Ours.\n    name: Mapped")
    told = f"note: {MODEL} has changes that are not committed; they are kept\n"
    assert told in project.must("add", "resource", "order", "item:ref:item").err


def test_the_hint_for_an_unknown_resource_has_a_plural_that_works(project: Living) -> None:
    result = project.run("add", "resource", "story", "source:ref:news")
    assert result.err.endswith("hint: fastgen add resource news name:str:100 --plural news_items\n")
    project.must("add", "resource", "news", "name:str:100", "--plural", "news_items")
    project.must("add", "resource", "story", "source:ref:news")


def test_a_hint_does_not_repeat_the_resource_that_is_added(project: Living) -> None:
    result = project.run("add", "resource", "Staffs", "boss:ref:staff:optional")
    assert errors(result.err) == [
        "error: 'staff' is its own plural, but the singular and the plural must differ"
    ]
    command = "fastgen add resource Staffs boss:ref:staff:optional --plural staff_items"
    assert result.err.endswith(f"hint: {command}\n")


def test_a_field_of_no_resource_leads_to_that_resource(project: Living) -> None:
    result = project.run("add", "field", "order", "a:int", "b:str:9")
    assert (result.code, result.err.splitlines()[-1]) == (
        1,
        "hint: fastgen add resource order a:int b:str:9",
    )
    assert "hint: fastgen info\n" in project.run("remove", "resource", "order").err


def test_a_field_of_a_model_that_people_wrote_is_written_by_hand(project: Living) -> None:
    for path in ("models/tag.py", "schemas/tag.py"):
        project.write(f"src/app/{path}", "")
    result = project.run("add", "field", "tag", "bio:text:optional")
    assert result.code == 1
    for path in ("models/tag.py", "schemas/tag.py"):
        assert f"src/app/{path}" in result.err
    command = 'uv run alembic revision --autogenerate -m "add bio to tags"'
    assert result.err.endswith(f"hint: {command}\n")
