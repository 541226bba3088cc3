"""English plurals of snake_case words; only the last part changes: `order_item`, `order_items`.

Where the rules are wrong, users give the plural with `--plural`.
"""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


UNCOUNTABLE = _words(
    """
    advice aircraft analytics athletics audio baggage bison cash chaos clothing corps cosmos deer
    economics electronics equipment ethics ethos evidence feedback firmware fish furniture
    gymnastics hardware headquarters homework housing information jewelry knowledge kudos
    logistics luggage machinery mathematics merchandise metadata money moose music news offspring
    pathos physics politics progress research salmon scissors series sheep shrimp software spam
    species staff swine traffic trout wildlife
    """
)

# Also at the end of longer words: salesperson, stepchild, sportswoman, eyetooth.
COMPOUNDS = {
    "person": "people",
    "child": "children",
    "man": "men",
    "tooth": "teeth",
    "foot": "feet",
    "quiz": "quizzes",
    "analysis": "analyses",
    "crisis": "crises",
    "thesis": "theses",
    "gnosis": "gnoses",
    "wife": "wives",
    "knife": "knives",
    "shelf": "shelves",
    "wolf": "wolves",
    "half": "halves",
    "leaf": "leaves",
    "potato": "potatoes",
}
NOT_COMPOUNDS = _words(
    """
    human german roman norman shaman talisman ottoman caiman cayman hetman
    specimen regimen abdomen acumen omen stamen hymen cyclamen bitumen lumen
    """
)

IRREGULAR = {
    "goose": "geese",
    "mouse": "mice",
    "louse": "lice",
    "ox": "oxen",
    "die": "dice",
    "datum": "data",
    "medium": "media",
    "criterion": "criteria",
    "phenomenon": "phenomena",
    "curriculum": "curricula",
    "bacterium": "bacteria",
    "stratum": "strata",
    "erratum": "errata",
    "addendum": "addenda",
    "matrix": "matrices",
    "appendix": "appendices",
    "vertex": "vertices",
    "vortex": "vortices",
    "cactus": "cacti",
    "fungus": "fungi",
    "nucleus": "nuclei",
    "stimulus": "stimuli",
    "alumnus": "alumni",
    "radius": "radii",
    "syllabus": "syllabi",
    "synopsis": "synopses",
    "ellipsis": "ellipses",
    "oasis": "oases",
    "emphasis": "emphases",
    "parenthesis": "parentheses",
    "neurosis": "neuroses",
    "metamorphosis": "metamorphoses",
    "axis": "axes",
    "basis": "bases",
    "life": "lives",
    "afterlife": "afterlives",
    "loaf": "loaves",
    "calf": "calves",
    "thief": "thieves",
    "scarf": "scarves",
    "elf": "elves",
    "self": "selves",
    "hoof": "hooves",
    "hero": "heroes",
    "superhero": "superheroes",
    "tomato": "tomatoes",
    "veto": "vetoes",
    "echo": "echoes",
    "torpedo": "torpedoes",
    "embargo": "embargoes",
    "cargo": "cargoes",
}

# Regular words whose plural in -es could belong to a word in -se or -ze as well.
PLUS_ES = _words(
    """
    alias atlas bias canvas christmas gas pancreas iris trellis metropolis lens topaz rhinoceros
    albatross cms dns gps sms
    """
)
# These look like plurals, or their plurals look like those of words in -ch, -y or -us.
PLUS_S = _words(
    """
    cache ache headache toothache niche psyche avalanche moustache quiche creche cliche
    axe movie cookie pie tie lie zombie calorie selfie genie birdie hoodie rookie brownie smoothie
    walkie prairie necktie foodie goalie
    taxi ski wiki api kiwi uri safari alibi emoji bikini gui cli rabbi
    menu guru emu cpu gpu sku haiku bayou use fuse muse excuse ruse abuse recluse
    """
)


SHORTEST = 3  # the shortest plural in -s; `os` is not one


def plural(word: str) -> str:
    """Return the plural of the snake_case `word`; a plural is returned unchanged."""
    head, last = _split(singular(word))
    return head + _plural(last)


def singular(word: str) -> str:
    """Return the singular of the snake_case `word`; a singular is returned unchanged."""
    head, last = _split(word)
    # Repeated: `datas` is a plural of `data`, which is a plural of `datum`.
    while (shorter := _singular(last)) != last:
        last = shorter
    return head + last


def _split(word: str) -> tuple[str, str]:
    head, underscore, last = word.rpartition("_")
    return head + underscore, last


def _inverse(pairs: dict[str, str]) -> dict[str, str]:
    return {many: one for one, many in pairs.items()}


def _plural(word: str) -> str:
    if word in UNCOUNTABLE:
        return word
    return IRREGULAR.get(word) or _compound(word, COMPOUNDS) or _regular(word)


def _regular(word: str) -> str:
    if word.endswith(("s", "x", "z", "ch", "sh")):
        return f"{word}es"
    if word.endswith("y") and word[-2:-1] not in {"a", "e", "i", "o", "u", ""}:
        return f"{word[:-1]}ies"
    return f"{word}s"


def _compound(word: str, pairs: dict[str, str]) -> str | None:
    if word in NOT_COMPOUNDS or word.removesuffix("s") in NOT_COMPOUNDS:
        return None
    matches = (end for end in pairs if word.endswith(end))
    return next((word.removesuffix(end) + pairs[end] for end in matches), None)


def _regulars(words: frozenset[str]) -> dict[str, str]:
    return {_regular(word): word for word in words}


_SINGULARS = _regulars(PLUS_S | PLUS_ES) | _inverse(IRREGULAR) | {"indices": "index"}
_COMPOUNDS = _inverse(COMPOUNDS)
_UNCHANGED = UNCOUNTABLE | IRREGULAR.keys() | COMPOUNDS.keys() | PLUS_S | PLUS_ES


def _singular(word: str) -> str:
    if word in _UNCHANGED or not word:
        return word
    if word in _SINGULARS:
        return _SINGULARS[word]
    return _compound(word, _COMPOUNDS) or _by_ending(word)


def _by_ending(word: str) -> str:
    if not word.endswith("s") or word.endswith(("ss", "us", "is")) or len(word) < SHORTEST:
        return word
    if word.endswith("ies") and len(word) > SHORTEST + 1:
        return f"{word[:-3]}y"
    if word.endswith(("ouses", "auses")):
        return word[:-1]
    if word.endswith(("sses", "xes", "zzes", "tzes", "ches", "shes", "uses")):
        return word[:-2]
    return word[:-1]
