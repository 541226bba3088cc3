"""YAML as texts, lists and mappings that know their lines."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from fastgen.domain.mistakes import Mistakes
from fastgen.messages import shown
from fastgen.system.parsing import DEEPEST, UNREADABLE


@dataclass(frozen=True, slots=True)
class Text:
    """A scalar as it is written: `1` and `yes` are texts as well."""

    line: int
    text: str
    # Whether it follows the comma after the one before without a space.
    is_joined: bool = False


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    line: int
    items: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Pairs:
    """A mapping, whose keys are texts that differ."""

    line: int
    pairs: tuple[tuple[Text, "Node"], ...]


Node = Text | Items | Pairs


def read(content: bytes, mistakes: Mistakes) -> Node | None:
    """Return the one document in `content`, None if it cannot be read; adds to `mistakes`."""
    import yaml  # noqa: PLC0415

    try:
        return _Reader(content, mistakes).document()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        mistakes.add(mark.line + 1 if mark else 1, f"this is not YAML: {error.problem}")
    except yaml.YAMLError as error:
        mistakes.add(1, f"this is not YAML: {' '.join(str(error).split())}")
    except (ValueError, *UNREADABLE) as error:
        mistakes.add(1, f"this is not YAML: {error}")
    return None


class _Reader:
    """Builds nodes from the events of the parser."""

    def __init__(self, content: bytes, mistakes: Mistakes) -> None:
        import yaml  # noqa: PLC0415

        # libyaml builds trees by unlimited recursion in C, but not events.
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        self._yaml = yaml
        self._events: Iterator[Any] = iter(yaml.parse(content, loader))
        self._mistakes = mistakes

    def document(self) -> Node | None:
        found: Node | None = None
        for event in self._events:
            if isinstance(event, self._yaml.DocumentStartEvent):
                if found:
                    self._mistakes.add(_line(event), "only one document is accepted")
                    return None
                found = self._node(next(self._events), DEEPEST)
        return found

    def _node(self, event: Any, depth: int) -> Node:
        line = _line(event)
        self._refuse(event)
        if depth == 0:
            raise ValueError(f"it is nested more than {DEEPEST} deep")
        if isinstance(event, self._yaml.SequenceStartEvent):
            return Items(line, tuple(self._until(self._yaml.SequenceEndEvent, depth)))
        if isinstance(event, self._yaml.MappingStartEvent):
            return Pairs(line, tuple(self._pairs(depth)))
        return Text(line, getattr(event, "value", ""))

    def _until(self, end: Any, depth: int) -> Iterator[Node]:
        last = None
        for event in self._events:
            if isinstance(event, end):
                return
            node = self._node(event, depth - 1)
            is_joined = last is not None and event.start_mark.index == last.end_mark.index + 1
            last = event
            yield replace(node, is_joined=is_joined) if isinstance(node, Text) else node

    def _pairs(self, depth: int) -> Iterator[tuple[Text, Node]]:
        known: set[str] = set()
        nodes = self._until(self._yaml.MappingEndEvent, depth)
        for key in nodes:
            value = next(nodes)
            if not isinstance(key, Text):
                self._mistakes.add(key.line, "a key is one word")
            elif key.text in known:
                self._mistakes.add(key.line, f"the key {shown(key.text)} is given twice")
            else:
                known.add(key.text)
                yield key, value

    def _refuse(self, event: Any) -> None:
        line = _line(event)
        if isinstance(event, self._yaml.AliasEvent) or getattr(event, "anchor", None):
            self._mistakes.add(line, "anchors and aliases are not accepted: write it out")
        if getattr(event, "tag", None):
            self._mistakes.add(line, f"the tag {shown(str(event.tag))} is not accepted")


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1
