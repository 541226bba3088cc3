"""Words for sample texts, chosen by the name of a field.

They are sorted in every collation: their first letters differ, ignoring case.
"""

# Plants that are also names of people.
WORDS = (
    "amber", "basil", "clover", "daisy", "elder", "fern", "ginger", "hazel", "iris", "juniper",
)  # fmt: skip
# By the last word of the field's name.
KNOWN = {
    "name": ("Amber", "Basil", "Clover", "Daisy", "Elder"),
    "title": ("A new day", "Beyond the hill", "Changes", "Down the river", "Early birds"),
    "city": ("Athens", "Berlin", "Cairo", "Delhi", "Essen"),
    "country": ("Austria", "Brazil", "Chile", "Denmark", "Egypt"),
    "address": ("1 Abbey Road", "2 Baker Street", "3 Castle Hill", "4 Dock Lane", "5 Elm Street"),
    "phone": ("+1 555 0101", "+1 555 0102", "+1 555 0103", "+1 555 0104", "+1 555 0105"),
    "code": ("A100", "B200", "C300", "D400", "E500"),
    "sku": ("A100", "B200", "C300", "D400", "E500"),
    "color": ("amber", "blue", "coral", "denim", "ebony"),
}
PROSE = (
    "A first thought.", "Better than expected.", "Could be shorter.", "Done in a day.",
    "Easy to follow.",
)  # fmt: skip


def words(count: int) -> list[str]:
    """Return `count` ascending words."""
    if count <= len(WORDS):
        return list(WORDS[:count])
    width = len(str(count))
    return [f"amber-{number:0{width}}" for number in range(1, count + 1)]


def phrases(name: str, *, prose: bool) -> tuple[str, ...]:
    """Return five ascending texts that suit a field called `name`."""
    return KNOWN.get(name.rsplit("_", 1)[-1], PROSE if prose else WORDS[:5])
