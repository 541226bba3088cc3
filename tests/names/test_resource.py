"""What a resource is called."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fastgen.commands import corrected
from fastgen.errors import InvalidName
from fastgen.names import resource as resource_names
from fastgen.names.resource import Names


@pytest.mark.parametrize(
    "typed", ["order_item", "OrderItem", "order-item", "order_items", "OrderItems", "Order-Items"]
)
def test_every_spelling_is_the_same_resource(typed: str) -> None:
    assert resource_names.resolve(typed) == Names("order_item", "order_items")


def test_all_that_is_made_of_a_name() -> None:
    found = resource_names.resolve("order_item")
    assert (found.cls, found.label, found.labels) == ("OrderItem", "order item", "order items")
    assert (found.path, found.table) == ("order-items", "order_items")


@pytest.mark.parametrize(
    ("typed", "plural", "expected"),
    [
        ("equipment", "equipment_items", Names("equipment", "equipment_items")),
        ("lens", "lens_models", Names("lens", "lens_models")),
        ("octopus", "octopodes", Names("octopus", "octopodes")),
        ("items", "items", Names("item", "items")),
        ("HTTPServer", None, Names("http_server", "http_servers")),
        ("sha256", None, Names("sha256", "sha256s")),
        ("people", None, Names("person", "people")),
        ("license", None, Names("license", "licenses")),
        ("user", None, Names("user", "users")),
        ("date", None, Names("date", "dates")),
        ("text", None, Names("text", "texts")),
        ("delete", None, Names("delete", "deletes")),
        ("property", None, Names("property", "properties")),
        ("list", None, Names("list", "lists")),
        ("var", None, Names("var", "vars")),
        ("match", None, Names("match", "matches")),
        ("types", None, Names("type", "types")),
        ("case", None, Names("case", "cases")),
        ("mapping", None, Names("mapping", "mappings")),
        ("request", None, Names("request", "requests")),
    ],
)
def test_resolves(typed: str, plural: str | None, expected: Names) -> None:
    assert resource_names.resolve(typed, plural) == expected


@pytest.mark.parametrize(
    ("typed", "plural", "reason", "hint"),
    [
        ("", None, "ASCII letters", "order_item"),
        ("1item", None, "begins with a letter", "item"),
        ("order_2", None, "begins with a letter", "order2"),
        ("order item", None, "ASCII letters", "order_item"),
        ("order__item", None, "ASCII letters", "order_item"),
        ("_item", None, "ASCII letters", "item"),
        ("item\n", None, "ASCII letters", "item"),
        ("été", None, "ASCII letters", "ete"),
        ("x" * 41, None, "at most 40", "x" * 40),
        ("class", None, "keyword", "class_entry"),
        ("Classes", None, "keyword", "class_entry"),
        ("None", None, "keyword", "none_entry"),
        ("Warning", None, "a built-in class Warning", "warning_entry"),
        ("equipment", None, "its own plural", "--plural equipment_items"),
        ("news", None, "its own plural", "--plural news_items"),
        ("order_series", None, "its own plural", "--plural order_series_items"),
        ("fish", "Fish", "snake_case", "--plural fish_items"),
        ("fish", "", "snake_case", "--plural fish_items"),
        ("fish", "fish", "its own plural", "--plural fish_items"),
        ("var", "class", "'class' is a keyword", "--plural var_items"),
        ("NUL", None, "'nul' is a device on Windows", "nul_entry"),
        ("com1", None, "'com1' is a device on Windows", "com1_entry"),
        ("port", "lpt1", "'lpt1' is a device on Windows", "--plural port_items"),
        ("sqlite_file", None, "SQLite reserves names of tables", "--plural file_items"),
        ("release", "alembic_version", "migrations use a table", "--plural release_items"),
        ("claim", "returning", "SQLAlchemy does not quote", "--plural claim_items"),
        ("entry", "metadata", "an attribute of that name", "--plural entry_items"),
    ],
)
def test_refuses_with_the_reason(typed: str, plural: str | None, reason: str, hint: str) -> None:
    with pytest.raises(InvalidName, match=reason) as caught:
        resource_names.resolve(typed, plural)
    line = [typed, *(["--plural", plural] if plural else [])]
    better, *flags = corrected.mended([caught.value], line)
    assert hint in {better, " ".join(flags)}
    resource_names.resolve(better, *flags[1:])


@given(st.text(max_size=60), st.none() | st.text(max_size=60))
def test_any_text_is_a_name_or_a_readable_error(text: str, plural: str | None) -> None:
    try:
        told = resource_names.resolve(text, plural).cls
    except InvalidName as error:
        told = f"{error.message}{error.instead}"
    assert told.isprintable()


@given(st.from_regex(r"[A-Za-z][A-Za-z0-9]{0,15}([-_][A-Za-z][a-z]{0,9})?", fullmatch=True))
def test_a_resolved_singular_is_the_same_resource(typed: str) -> None:
    try:
        found = resource_names.resolve(typed)
    except InvalidName:
        return
    assert resource_names.resolve(found.singular) == found
