"""Merging fastgen's changes to a file with those that people made."""

import pytest

from fastgen.project.merge import three_way

TOML = """\
[project]
name = "shop"
dependencies = [
    "alembic>=1.16",
    "fastapi>=0.130",
]

[tool.ruff]
line-length = 100
"""
YAML = """\
services:
  app:
    build: .
    environment: &settings
      LOG_LEVEL: info

volumes:
  data:
"""
MARKDOWN = """\
# Shop

## Start

    uv run fastapi dev

## Tests

    uv run pytest
"""
TESTS = """\
class TestItems:
    def test_one(self):
        assert body == {"name": "a", "price": "1"}

    def test_two(self):
        assert two
"""
MINE = "\n\ndef test_mine():\n    assert mine\n"
THREE = "\n    def test_three(self):\n        assert three\n"
ENV = "# Settings\nSECRET_KEY=\n\n# Logs\nLOG_LEVEL=info\n"

INDEXES = """\
class Item(Base):
    __table_args__ = (sa.Index(None, "created_at", "id"),)

    title: Mapped[str]
"""
CREATED, UPDATED, TITLE = (
    f'        sa.Index(None, "{name}", "id"),\n' for name in ("created_at", "updated_at", "title")
)
ONE = f"({CREATED.strip()})"

# The path, the base, and what we and they make of a place in it, with the result, None if they
# conflict.
Side = tuple[str, str]
CASES: dict[str, tuple[str, str, Side, Side, str | None]] = {
    "toml in two places": (
        "pyproject.toml",
        TOML,
        ("line-length = 100", "line-length = 120"),
        ('    "fastapi>=0.130",\n', '    "fastapi>=0.131",\n'),
        TOML.replace("100", "120").replace("0.130", "0.131"),
    ),
    "toml with two additions": (
        "pyproject.toml",
        TOML,
        ("0.130", '0.130",\n    "httpx>=0.28'),
        ("0.130", '0.130",\n    "mailer>=1'),
        TOML.replace("0.130", '0.130",\n    "httpx>=0.28",\n    "mailer>=1'),
    ),
    "python with a line that both break to add others": (
        "item.py",
        INDEXES,
        (ONE, f"(\n{CREATED}{UPDATED}    )"),
        (ONE, f"(\n{CREATED}{TITLE}    )"),
        INDEXES.replace(ONE, f"(\n{CREATED}{UPDATED}{TITLE}    )"),
    ),
    "python with a line that we break, and they do not": (
        "item.py",
        INDEXES,
        (ONE, f"(\n{UPDATED}        # Ours\n{CREATED}    )"),
        ("    title: Mapped[str]\n", "    title: Mapped[str]\n    note: Mapped[str]\n"),
        INDEXES.replace(ONE, f"(\n{UPDATED}        # Ours\n{CREATED}    )")
        + "    note: Mapped[str]\n",
    ),
    "python with a call that we break before the same one": (
        "item.py",
        INDEXES,
        (ONE, f'(\n        sa.Index(\n            None, "note"\n        ),\n{CREATED}    )'),
        (ONE, f"(\n{CREATED}{TITLE}    )"),
        None,
    ),
    "toml with the same key from both": (
        "pyproject.toml",
        TOML,
        ("length = 100\n", "length = 100\nfix = true\n"),
        ("length = 100\n", "length = 100\nfix = false\n"),
        None,
    ),
    "toml that both change": (
        "pyproject.toml",
        TOML,
        ("= 100", "= 120"),
        ("= 100", "= 110"),
        None,
    ),
    "yaml with an alias and two additions": (
        "compose.yaml",
        YAML,
        ("  data:\n", "  data:\n  cache:\n"),
        ("  data:\n", "  data:\n  queue:\n"),
        YAML + "  cache:\n  queue:\n",
    ),
    "yaml with the same key from both": (
        ".github/workflows/ci.yml",
        YAML,
        ("      LOG_LEVEL: info\n", "      LOG_LEVEL: info\n      WORKERS: 2\n"),
        ("      LOG_LEVEL: info\n", "      LOG_LEVEL: info\n      WORKERS: 4\n"),
        None,
    ),
    "yaml that is none after both": (
        "compose.yaml",
        YAML,
        ("  app:\n    build: .\n", "  app: &app {build: .,\n    init: true,\n"),
        ("\nvolumes:\n", "\nnetworks:\n"),
        None,
    ),
    "markdown": (
        "README.md",
        MARKDOWN,
        ("# Shop\n", "# Our shop\n\nIt sells.\n"),
        ("uv run pytest\n", "uv run pytest\n\n## Deploy\n\n    docker compose up\n"),
        MARKDOWN.replace("# Shop\n", "# Our shop\n\nIt sells.\n", 1)
        + "\n## Deploy\n\n    docker compose up\n",
    ),
    "text that both change": ("notes.txt", "one\n", ("one", "two"), ("one", "three"), None),
    "an environment with two additions": (
        ".env.example",
        ENV,
        ("=info\n", "=info\nMAIL=off\n"),
        ("=info\n", "=info\nQUEUE=off\n"),
        ENV + "MAIL=off\nQUEUE=off\n",
    ),
    "an environment with the same variable from both": (
        ".env.example",
        ENV,
        ("=info\n", "=info\nMAIL=off\n"),
        ("=info\n", "=info\nMAIL=on\n"),
        None,
    ),
    "lines next to each other": (
        "item.txt",
        "name\nprice\nnote\n",
        ("note\n", "note\ndeleted_at\n"),
        ("note\n", ""),
        "name\nprice\ndeleted_at\n",
    ),
    "the same line": ("item.txt", "name\nprice\n", ("price", "cost"), ("price", "amount"), None),
    "a method and a function at the end": (
        "tests/test_items.py",
        TESTS,
        ("assert two\n", "assert two\n" + MINE),
        ("assert two\n", "assert two\n" + THREE),
        TESTS + THREE + MINE,
    ),
    "a changed end and a function after it": (
        "tests/test_items.py",
        TESTS,
        ("assert two\n", "assert two\n" + MINE),
        ("assert two\n", "assert 2\n"),
        TESTS.replace("assert two", "assert 2") + MINE,
    ),
    "a change in lines that people joined or broke": (
        "tests/test_items.py",
        TESTS,
        (
            '{"name": "a", "price": "1"}',
            '{\n            "name": "a",\n            "price": "1",\n        }',
        ),
        ("test_two", "test_both"),
        TESTS.replace("test_two", "test_both").replace(
            '{"name": "a", "price": "1"}',
            '{\n            "name": "a",\n            "price": "1",\n        }',
        ),
    ),
    "another value in lines that people broke": (
        "tests/test_items.py",
        TESTS,
        (
            '{"name": "a", "price": "1"}',
            '{\n            "name": "a",\n            "price": "1",\n        }',
        ),
        ('"price": "1"}', '"price": "2"}'),
        TESTS.replace('"1"', '"2"'),
    ),
    "a file of bytes": ("logo", "a\0b\n", ("b", "b\nc"), ("a", "d"), None),
}


@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize("name", CASES)
def test_a_text_of_any_kind_is_merged(name: str, newline: str) -> None:
    path, base, mine, made, expected = CASES[name]
    assert mine[0] in base
    assert made[0] in base
    ours = base.replace(*mine, 1).replace("\n", newline).encode()
    theirs = base.replace(*made, 1).encode()
    result = three_way(path, base.encode(), ours, theirs)
    assert result == (expected.replace("\n", newline).encode() if expected else None)


def test_bytes_that_are_no_utf_8_stay() -> None:
    base = b"caf\xe9\n\none\n\nend\n"
    result = three_way("a.txt", base, base.replace(b"end", b"fin"), base.replace(b"one", b"two"))
    assert result == b"caf\xe9\n\ntwo\n\nfin\n"


def test_what_is_twice_in_ours_already_is_no_conflict() -> None:
    base = b"a: 1\na: 2\n\n\nb: 3\n"
    assert three_way("a.yml", base, base, base.replace(b"3", b"4")) == base.replace(b"3", b"4")
