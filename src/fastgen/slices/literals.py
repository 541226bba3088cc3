"""Writes JSON values as readable Python expressions."""

LONGEST_RUN = 12


def literal(value: object) -> str:
    """Return `value` as an expression; a letter repeated often becomes a product."""
    match value:
        case str() if len(value) > LONGEST_RUN and len(set(value)) == 1:
            return f"{value[0]!r} * {len(value)}"
        case list():
            return f"[{', '.join(map(literal, value))}]"
        case dict():
            return "{" + ", ".join(f"{k!r}: {literal(v)}" for k, v in value.items()) + "}"
    return repr(value)
