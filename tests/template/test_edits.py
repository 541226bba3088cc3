"""Edits that everybody makes by hand; each breaks only what states the edited text."""

import re
from collections import Counter
from itertools import chain
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from generated import variants
from generated.projects import Project, Workshop

pytestmark = pytest.mark.slow

RESOURCES = (
    "category title:str:60:unique --access shared",
    "product name:str:100:search price:decimal:10,2:gt=0 category:ref:category:filter",
    "review product:ref:product:ondelete=cascade rating:int:ge=1:le=5",
)
ENDPOINTS = "src/app/api/v1/endpoints"
PREFIXES = (
    (f"{ENDPOINTS}/users.py", 'Router(prefix="/users"', 'Router(prefix="/accounts"'),
    ("tests/conftest.py", 'USERS = f"{API}/users"', 'USERS = f"{API}/accounts"'),
    (f"{ENDPOINTS}/auth.py", 'Router(prefix="/auth"', 'Router(prefix="/log-in"'),
    (f"{ENDPOINTS}/account_mail.py", 'Router(prefix="/auth"', 'Router(prefix="/log-in"'),
    ("src/app/api/deps.py", '"/api/v1/auth/token"', '"/api/v1/log-in/token"'),
    ("src/app/core/mailer.py", "/api/v1/auth/{kind}", "/api/v1/log-in/{kind}"),
    ("tests/conftest.py", 'AUTH = f"{API}/auth"', 'AUTH = f"{API}/log-in"'),
    (f"{ENDPOINTS}/products.py", 'Router(prefix="/products"', 'Router(prefix="/catalog"'),
    ("tests/test_products.py", 'PRODUCTS = f"{API}/products"', 'PRODUCTS = f"{API}/catalog"'),
)
# A required field of reviews: in the model and the schemas, and in the bodies of the tests.
FIELD = (
    ("src/app/models/review.py", r"(    rating: Mapped.*\n)", r"\1    author: Mapped[str]\n"),
    ("src/app/schemas/review.py", r"(    rating: ReviewRating\n)", r"\1    author: ReviewAuthor\n"),
    (
        "src/app/schemas/review.py",
        r"(    rating: ReviewRating = omittable\(\)\n)",
        r"\1    author: ReviewAuthor = omittable()\n",
    ),
    ("src/app/schemas/review.py", r"(    rating: int\n)", r"\1    author: str\n"),
    (
        "src/app/schemas/review.py",
        r"(\n\nclass ReviewCreate)",
        r"ReviewAuthor = Annotated[str, Field(min_length=1, max_length=60)]\n\1",
    ),
)
BODIES = ("tests/test_reviews.py", r'(\{"rating": \d)', r'\1, "author": "Ada"')
MESSAGE = re.compile(r'(default_detail(?:: ClassVar\[str\])? = |ConflictError\(f?)"[^"]+"')
SUITE = ("python", "-B", "-m", "pytest", "-q", "-n", "auto")


@pytest.fixture
def project(workshop: Workshop, request: pytest.FixtureRequest) -> Project:
    return workshop.project(request.node.name, variants.default(), resources=RESOURCES)


def edit(file: Path, pattern: str, replacement: str, *, count: int = 0) -> int:
    text, replaced = re.subn(pattern, replacement, file.read_text("utf-8"), count=count)
    assert replaced, (file.name, pattern)
    file.write_text(text, "utf-8")
    return replaced


def test_a_renamed_prefix_or_a_new_field_is_stated_once_in_the_tests(project: Project) -> None:
    for name, before, after in PREFIXES:
        assert edit(project.path / name, re.escape(before), after) == 1
    for name, pattern, replacement in FIELD:
        assert edit(project.path / name, pattern, replacement) == 1
    name, pattern, replacement = BODIES
    edit(project.path / name, pattern, replacement, count=3)
    project.uv_run("alembic", "upgrade", "head").must_succeed()
    revision = ("revision", "--autogenerate", "-m", "add the author of reviews")
    project.uv_run("alembic", *revision).must_succeed()
    project.uv_run(*SUITE).must_succeed()


@pytest.mark.nightly
def test_a_changed_message_breaks_one_test_at_most(project: Project) -> None:
    changed = 0

    def change(match: re.Match[str]) -> str:
        nonlocal changed
        changed += 1
        return f'{match[1]}"changed message {changed}."'

    for name in ("core/exceptions.py", "database.py"):
        file = project.path / "src/app" / name
        file.write_text(MESSAGE.sub(change, file.read_text("utf-8")), "utf-8")
    assert changed >= 10

    project.uv_run(*SUITE, "--junit-xml=results.xml")
    cases = ET.parse(project.path / "results.xml").getroot().iter("testcase")  # noqa: S314
    shown = {
        f"{case.get('classname')}.{case.get('name')}": set(
            re.findall(r"changed message \d+\.", "".join(case.itertext()))
        )
        for case in cases
        if case.find("failure") is not None or case.find("error") is not None
    }
    assert all(shown.values()), shown
    times = Counter(chain.from_iterable(shown.values()))
    assert not times or max(times.values()) == 1, shown
