"""What is read from the file, and what is refused, each with its line."""

import pytest

from fastgen.domain import reading
from fastgen.domain.document import Document
from fastgen.domain.mistakes import Mistakes

WHOLE = """\
version: 1
access: shared                 # default for all below
resources:
  artist: [name:str:120:search]
  album:
    fields: ["title:str:160:search", "artist:ref:artist:ondelete=cascade:filter"]
    unique: [[artist, title]]
    index: [[artist, created_at]]
  playlist:
    access: owner
    fields:
      - name:str:120
    plural: playlists
renamed: {song: track, "track.length": milliseconds}
"""


def read(text: str | bytes) -> tuple[Document, list[str]]:
    content = text if isinstance(text, bytes) else text.encode()
    mistakes = Mistakes("resources.yml")
    document = reading.read(content, mistakes)
    return document, [error.message for error in mistakes.found]


def test_all_that_a_file_can_say() -> None:
    document, wrong = read(WHOLE)
    assert wrong == []
    artist, album, playlist = document.sections
    assert [(one.text, one.line) for one in artist.fields] == [("name:str:120:search", 4)]
    assert [(one.names, one.line) for one in album.unique] == [(("artist", "title"), 7)]
    assert [one.names for one in album.index] == [("artist", "created_at")]
    assert playlist.access
    assert playlist.plural
    assert (playlist.access.text, playlist.plural.text) == ("owner", "playlists")
    assert [one.line for one in playlist.fields] == [12]
    assert document.access
    assert document.access.text == "shared"
    assert [(old.text, new.text) for old, new in document.renamed] == [
        ("song", "track"),
        ("track.length", "milliseconds"),
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "resources.yml:1: the file begins with version: 1"),
        ("[]", "resources.yml:1: the file begins with version: 1"),
        ("resources: {}\nversion: 1", "resources.yml:1: the file begins with version: 1"),
        (
            "version: 2\nresources: {}",
            "1: version has to be 1: other versions need another fastgen",
        ),
        ("version: 1", "1: the key resources is missing"),
        ("version: 1\nresources: []", "2: resources has a key for each resource"),
        ("version: 1\nresource: {}", "2: the file has no key 'resource'; did you mean resources?"),
        ("version: 1\nresources:\n  item:", "3: 'item' needs fields, such as [name:str:100]"),
        ("version: 1\nresources: {item: []}", "2: 'item' needs fields"),
        ("version: 1\nresources: {item: {acces: x}}", "2: item has no key 'acces'; did you mean"),
        ("version: 1\nresources: {item: {fields: [a], many: b}}", "2: many is not supported yet"),
        ("version: 1\nresources:\n  item:\n  - name: str", "4: a field has no space after a colon"),
        ("version: 1\nresources: {item: [[a]]}", "2: a field is a string, such as name:str:100"),
        ("version: 1\nresources: {item: {fields: [a], unique: a}}", "2: unique is a list of lists"),
        ("version: 1\nresources: {item: {fields: [a], plural: []}}", "2: plural is one word"),
        ("version: 1\nresources: {user: [bio:text]}", "2: accounts are not a resource"),
        ("version: 1\nresources: {item: {user: [a]}}", "2: item has no key 'user'"),
        ("version: 1\nuser: []\nresources: {}", "2: 'user' needs fields"),
        ("version: 1\nresources: {}\nrenamed: [a]", "3: renamed has the new name of each old one"),
        ("version: 1\nresources: {}\nrenamed: {a: [b]}", "3: the new name of 'a' is one word"),
        ("version: 1\nresources:\n  a: [b]\n  a: [c]", "4: the key 'a' is given twice"),
        ("version: 1\nresources: {a: &x [b]}", "2: anchors and aliases are not accepted"),
        ("version: 1\nresources: {a: !!seq [b]}", "2: the tag 'tag:yaml.org,2002:seq' is not"),
        ("version: 1\nresources: {? [a] : b}", "2: a key is one word"),
        ("version: 1\nresources: {}\n---\na: b", "3: only one document is accepted"),
        ("version: 1\nresources: {a: [b}", "2: this is not YAML"),
        (
            "version: 1\nresources:\n  item: [a:str:9,cost:decimal:9,2:optional,b:text]",
            '3: inside of [...], a field with a comma needs quotes: "cost:decimal:9,2:optional"',
        ),
        (
            "version: 1\nresources: {item: [size:enum:s,m,l:default=m]}",
            '2: inside of [...], a field with a comma needs quotes: "size:enum:s,m,l:default=m"',
        ),
        ("[" * 100, "1: this is not YAML: it is nested more than 32 deep"),
    ],
)
def test_mistakes(text: str, told: str) -> None:
    _, wrong = read(text)
    assert any(told in one for one in wrong), wrong


@pytest.mark.parametrize("content", [b"\xff", b"a: \x00", b"- *b", b"!x\xfe"])
def test_what_is_no_text_is_refused(content: bytes) -> None:
    _, wrong = read(content)
    assert wrong


def test_all_mistakes_are_told_at_once_in_the_order_of_their_lines() -> None:
    _, wrong = read("version: 3\naccess: []\nresources:\n  a:\n  b: {feilds: [x]}\n  user: [y]\n")
    assert [one.split(":")[1] for one in wrong] == ["1", "2", "4", "5", "5", "6"]
