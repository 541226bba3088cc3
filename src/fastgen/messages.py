"""Texts that people typed, as messages show them."""


def shown(text: str, limit: int = 60) -> str:
    """Return `text` in quotes for a message; see `printable`."""
    return f"'{printable(text, limit)}'"


def printable(text: str, limit: int = 60) -> str:
    """Return `text` for a message: cut at `limit`, what is not printable escaped."""
    short = text if len(text) <= limit else text[:limit] + "..."
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in short)
