"""Plurals of the nouns that resources are named for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fastgen.names.plurals import UNCOUNTABLE, plural, singular

NOUNS = """
item items order orders order_item order_items user users person people salesperson salespeople
man men woman women workman workmen human humans german germans roman romans norman normans
child children grandchild grandchildren foot feet tooth teeth goose geese mongoose mongooses
mouse mice louse lice blouse blouses ox oxen box boxes fox foxes quiz quizzes axis axes tax taxes
fax faxes axe_handle axe_handles analysis analyses basis bases crisis crises thesis theses
hypothesis hypotheses diagnosis diagnoses parenthesis parentheses synthesis syntheses
datum data medium media criterion criteria phenomenon phenomena curriculum curricula
bacterium bacteria matrix matrices index indexes appendix appendices vertex vertices
vortex vortices cactus cacti fungus fungi nucleus nuclei stimulus stimuli alumnus alumni
status statuses bonus bonuses virus viruses campus campuses census censuses corpus corpuses
bus buses focus focuses gas gases alias aliases lens lenses atlas atlases canvas canvases
bias biases iris irises leaf leaves loaf loaves calf calves half halves knife knives wife wives
life lives olive olives shelf shelves bookshelf bookshelves wolf wolves thief thieves scarf scarves
roof roofs proof proofs chief chiefs belief beliefs cliff cliffs tariff tariffs
hero heroes potato potatoes tomato tomatoes veto vetoes echo echoes photo photos piano pianos
video videos logo logos memo memos zoo zoos studio studios shoe shoes toe toes todo todos
address addresses process processes class classes branch branches match matches dish dishes
watch watches batch batches patch patches speech speeches company companies category categories
country countries city cities currency currencies query queries entry entries policy policies
key keys day days survey surveys journey journeys cookie cookies movie movies pie pies tie ties
zombie zombies calorie calories cache caches headache headaches niche niches
release releases house houses warehouse warehouses clause clauses cause causes course courses
response responses database databases purchase purchases expense expenses license licenses
invoice invoices price prices service services device devices office offices
case cases phase phases lease leases exercise exercises franchise franchises
purpose purposes rose roses horse horses nurse nurses universe universes sense senses
pulse pulses lapse lapses cheese cheeses use uses excuse excuses
prize prizes size sizes maze mazes topaz topazes
business businesses success successes boss bosses glass glasses pass passes
account accounts payment payments product products customer customers contact contacts
ticket tickets comment comments post posts tag tags note notes message messages
event events booking bookings room rooms hotel hotels flight flights seat seats
article articles author authors book books page pages chapter chapters review reviews
project projects task tasks team teams member members role roles group groups permission permissions
file files folder folders image images upload uploads document documents report reports
menu menus guru gurus taxi taxis wiki wikis api apis sku skus cpu cpus url urls pdf pdfs
car cars truck trucks vehicle vehicles driver drivers route routes stop stops
employee employees department departments salary salaries shift shifts holiday holidays
school schools teacher teachers student students grade grades lesson lessons exam exams
recipe recipes ingredient ingredients meal meals dose doses patient patients doctor doctors
cart carts coupon coupons discount discounts shipment shipments delivery deliveries
archive archives wave waves curve curves sleeve sleeves drive drives
area areas pizza pizzas camera cameras agenda agendas schema schemas formula formulas
feature features plan plans subscription subscriptions token tokens webhook webhooks
specimen specimens regimen regimens series_entry series_entries party parties toy toys boy boys
die dice hoof hooves elf elves self selves itinerary itineraries inventory inventories
"""
PAIRS = list(zip(NOUNS.split()[::2], NOUNS.split()[1::2], strict=True))


def test_the_table_is_worth_its_name() -> None:
    assert len(PAIRS) >= 200


@pytest.mark.parametrize(("one", "many"), PAIRS)
def test_there_and_back(one: str, many: str) -> None:
    assert plural(one) == many
    assert singular(many) == one
    assert plural(many) == many
    assert singular(one) == one


@pytest.mark.parametrize("word", sorted(UNCOUNTABLE))
def test_some_words_have_only_one_form(word: str) -> None:
    assert plural(word) == singular(word) == word


@pytest.mark.parametrize(
    ("word", "one"), [("indices", "index"), ("datas", "datum"), ("peoples", "person")]
)
def test_other_spellings_of_a_plural_are_understood(word: str, one: str) -> None:
    assert singular(word) == one


@pytest.mark.slow
@given(st.from_regex(r"[a-z]{1,8}(_[a-z]{1,8}){0,2}", fullmatch=True))
def test_a_singular_stays_as_it_is_and_only_the_last_part_changes(word: str) -> None:
    one = singular(word)
    assert singular(one) == one
    assert plural(word).rpartition("_")[0] == one.rpartition("_")[0] == word.rpartition("_")[0]
