"""What holds for every line that anybody can type."""

import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fastgen.databases import BY_NAME, Database
from fastgen.errors import FastgenError, InvalidField
from fastgen.fields.parse import parse
from fastgen.fields.show import show
from field_strategies import BROKEN, any_text, invalid_lines, valid_lines

TARGETS = ("user", "User", "order-items", "Index", "self_reference")


@pytest.mark.parametrize("database", BY_NAME.values(), ids=BY_NAME)
@given(data=st.data())
def test_what_is_printed_is_the_same_field_again(database: Database, data: st.DataObject) -> None:
    fields = parse(data.draw(valid_lines(database, TARGETS)), database=database)
    printed = [show(field) for field in fields]
    again = parse(printed, database=database)
    assert again == fields
    assert repr(again) == repr(fields)
    assert [show(field) for field in again] == printed


@pytest.mark.parametrize("database", BY_NAME.values(), ids=BY_NAME)
@given(data=st.data())
def test_a_line_with_a_mistake_is_refused(database: Database, data: st.DataObject) -> None:
    with pytest.raises(FastgenError) as caught:
        parse(data.draw(invalid_lines(database)), database=database)
    _assert_helpful(caught.value, database)


@pytest.mark.parametrize("database", BY_NAME.values(), ids=BY_NAME)
@pytest.mark.parametrize("broken", BROKEN)
def test_each_of_these_is_refused_alone(broken: str, database: Database) -> None:
    with pytest.raises(FastgenError) as caught:
        parse([f"field_name:{broken}"], database=database)
    _assert_helpful(caught.value, database)


@pytest.mark.parametrize("database", BY_NAME.values(), ids=BY_NAME)
@given(texts=st.lists(any_text(), max_size=3))
def test_any_text_is_a_field_or_a_readable_error(database: Database, texts: list[str]) -> None:
    try:
        fields = parse(texts, database=database)
    except FastgenError as error:
        _assert_helpful(error, database)
    else:
        assert parse([show(field) for field in fields], database=database) == fields


def _assert_helpful(error: FastgenError, database: Database) -> None:
    for part in error.parts:
        assert isinstance(part, InvalidField)
        assert part.message.isprintable()
        assert part.hint is not None
        (example,) = shlex.split(part.hint)
        parse([example], database=database)
