"""From YAML to what the file says."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import cast

from fastgen.domain import keys, nodes
from fastgen.domain.document import Document, NameSet, Section
from fastgen.domain.mistakes import Mistakes
from fastgen.domain.nodes import Items, Node, Pairs, Text
from fastgen.fields.split import split
from fastgen.fields.types import TYPES
from fastgen.messages import meant, nearest, printable, shown
from fastgen.project import account

BEGIN = f"the file begins with version: {keys.VERSION}"
# The type and its argument, and no modifier.
WITH_ARGUMENT = 2
ACCOUNTS = (
    "accounts are not a resource: their fields are under the key user, beside resources, as in "
    "user: [bio:text:optional]"
)


def read(content: bytes, mistakes: Mistakes) -> Document:
    """Return what the file says, as far as it can be read; adds to `mistakes`."""
    root = nodes.read(content, mistakes)
    if root is None and mistakes.found:
        return Document()
    if not isinstance(root, Pairs):
        mistakes.add(root.line if root else 1, BEGIN)
        return Document()
    reader = _Reader(mistakes)
    reader.begin(root)
    found = dict(reader.known(root, keys.TOP, "the file"))
    return Document(
        tuple(reader.sections(found.get("resources"), root)),
        user=reader.user(found.get(keys.USER)),
        access=reader.text(found.get("access"), "access"),
        renamed=tuple(reader.renamed(found.get("renamed"))),
    )


@dataclass(frozen=True, slots=True)
class _Reader:
    mistakes: Mistakes

    def begin(self, root: Pairs) -> None:
        """Check that the version comes first."""
        key, value = root.pairs[0] if root.pairs else (Text(root.line, ""), root)
        if key.text != "version":
            self.mistakes.add(key.line, BEGIN)
        elif not isinstance(value, Text) or value.text != keys.VERSION:
            told = f"version has to be {keys.VERSION}: other versions need another fastgen"
            self.mistakes.add(value.line, told)

    def known(self, node: Pairs, allowed: Collection[str], what: str) -> Iterator[tuple[str, Node]]:
        """Yield the values of the `allowed` keys of a mapping, and refuse others."""
        for key, value in node.pairs:
            if key.text in allowed:
                yield key.text, value
            elif key.text in keys.RESERVED:
                self.mistakes.add(key.line, f"{key.text} is not supported yet")
            else:
                near = nearest(key.text, allowed)
                told = f"{what} has no key {shown(key.text)}{meant(near)}"
                self.mistakes.add(key.line, f"{told}; there are {', '.join(allowed)}")

    def sections(self, node: Node | None, root: Pairs) -> Iterator[Section]:
        """Yield the resources."""
        if node is None:
            self.mistakes.add(root.line, "the key resources is missing")
        elif isinstance(node, Pairs):
            for name, value in node.pairs:
                if account.is_meant(name.text):
                    self.mistakes.add(name.line, ACCOUNTS)
                else:
                    yield self._section(name, value)
        else:
            told = "resources has a key for each resource, such as item: [name:str:100]"
            self.mistakes.add(node.line, told)

    def user(self, node: Node | None) -> Section | None:
        """Return the fields of accounts, None without them."""
        if node is None:
            return None
        name = Text(node.line, keys.USER)
        return Section(name, tuple(self._fields(name, node)), Text(node.line, "shared"))

    def _section(self, name: Text, node: Node) -> Section:
        if isinstance(node, Items):
            return Section(name, tuple(self._fields(name, node)))
        if not isinstance(node, Pairs):
            self.mistakes.add(node.line, _no_fields(name))
            return Section(name)
        found = dict(self.known(node, keys.RESOURCE, name.text))
        return Section(
            name,
            tuple(self._fields(name, found.get("fields"))),
            self.text(found.get("access"), "access"),
            self.text(found.get("plural"), "plural"),
            self.text(found.get("path"), "path"),
            tuple(self._sets(found.get("unique"), "unique")),
            tuple(self._sets(found.get("index"), "index")),
        )

    def _fields(self, name: Text, node: Node | None) -> Iterator[Text]:
        if not isinstance(node, Items) or not node.items:
            self.mistakes.add(node.line if node else name.line, _no_fields(name))
            return
        for one in self._unbroken(node.items):
            if isinstance(one, Text):
                yield one
            elif isinstance(one, Pairs) and one.pairs:
                [(key, value), *_] = one.pairs
                tail = value.text if isinstance(value, Text) else "str"
                told = f"a field has no space after a colon: write {key.text}:{tail}"
                self.mistakes.add(one.line, told)
            else:
                self.mistakes.add(one.line, "a field is a string, such as name:str:100")

    def _unbroken(self, items: Sequence[Node]) -> Iterator[Node]:
        """Yield `items` without the fields that a comma broke, which are mistakes."""
        parts: list[Text] = []
        for one, following in zip(items, [*items[1:], None], strict=True):
            if isinstance(one, Text) and (parts or _takes_more(one)):
                parts.append(one)
                if isinstance(following, Text) and _is_more(following):
                    continue
            if len(parts) > 1:
                whole = ",".join(part.text for part in parts)
                told = f'inside of [...], a field with a comma needs quotes: "{printable(whole)}"'
                self.mistakes.add(parts[0].line, told)
            else:
                yield one
            parts = []

    def _sets(self, node: Node | None, key: str) -> Iterator[NameSet]:
        told = f"{key} is a list of lists of fields, such as [[artist, title]]"
        if isinstance(node, Items):
            for one in node.items:
                if isinstance(one, Items) and all(isinstance(name, Text) for name in one.items):
                    names = cast("tuple[Text, ...]", one.items)
                    yield NameSet(one.line, tuple(name.text for name in names))
                else:
                    self.mistakes.add(one.line, told)
        elif node:
            self.mistakes.add(node.line, told)

    def renamed(self, node: Node | None) -> Iterator[tuple[Text, Text]]:
        """Yield the old and new names."""
        if isinstance(node, Pairs):
            for old, new in node.pairs:
                if isinstance(new, Text):
                    yield old, new
                else:
                    self.mistakes.add(new.line, f"the new name of {shown(old.text)} is one word")
        elif node:
            self.mistakes.add(node.line, "renamed has the new name of each old one: {song: track}")

    def text(self, node: Node | None, key: str) -> Text | None:
        """Return a value that is one word, None without it."""
        if node is None or isinstance(node, Text):
            return node
        self.mistakes.add(node.line, f"{key} is one word")
        return None


def _takes_more(field: Text) -> bool:
    """Whether a comma and more may follow the text of `field`, as in `price:decimal:10`."""
    _, parts = split(field.text)
    type_ = TYPES.get(parts[0]) if parts else None
    return type_ is not None and "," in type_.form and len(parts) == WITH_ARGUMENT


def _is_more(text: Text) -> bool:
    """Whether `text` follows a comma at once, and is no field with a type."""
    _, parts = split(text.text)
    return text.is_joined and not (parts and parts[0] in TYPES)


def _no_fields(name: Text) -> str:
    return f"{shown(name.text)} needs fields, such as [name:str:100]"
