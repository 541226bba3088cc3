import pytest

from app.core.text import normalize_email


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
