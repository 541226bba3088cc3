import pytest

from app.core.text import normalize_email, printable, storable


@pytest.mark.parametrize(
    "spelling",
    [
        "kim@example.com",
        "KIM@example.com",
        "\N{KELVIN SIGN}im@example.com",
        "\N{FULLWIDTH LATIN SMALL LETTER K}im@example.com",
    ],
)
def test_one_mailbox_has_one_spelling(spelling: str) -> None:
    assert normalize_email(spelling) == "kim@example.com"


def test_domains_are_left_as_they_are() -> None:
    assert normalize_email("STRASSE@stra\N{LATIN SMALL LETTER SHARP S}e.de") == (
        "strasse@stra\N{LATIN SMALL LETTER SHARP S}e.de"
    )


def test_composed_and_decomposed_letters_are_the_same() -> None:
    assert normalize_email("e\u0301@example.com") == normalize_email("\u00e9@example.com")


@pytest.mark.parametrize("text", ["a\x00b", "a\nb", "\x7f", "\x85"])
def test_control_characters_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="control characters"):
        printable(text)


def test_lines_and_columns_may_be_stored() -> None:
    assert storable("a\tb\r\nc") == "a\tb\r\nc"


@pytest.mark.parametrize("text", ["a\x00b", "a\x0bb", "\x7f", "\x85"])
def test_other_control_characters_may_not(text: str) -> None:
    with pytest.raises(ValueError, match="control characters"):
        storable(text)
