import pytest

from app.core.text import normalize_email, printable


@pytest.mark.parametrize(
    "spelling",
    [
        "kim@example.com",
        "KIM@EXAMPLE.COM",
        "\N{KELVIN SIGN}im@example.com",
        "\N{FULLWIDTH LATIN SMALL LETTER K}im@example.com",
    ],
)
def test_one_mailbox_has_one_spelling(spelling: str) -> None:
    assert normalize_email(spelling) == "kim@example.com"


def test_composed_and_decomposed_letters_are_the_same() -> None:
    assert normalize_email("e\u0301@example.com") == normalize_email("\u00e9@example.com")


@pytest.mark.parametrize("text", ["a\x00b", "a\nb", "\x7f", "\x85"])
def test_control_characters_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="control characters"):
        printable(text)
