"""Writes the file from the recipe, always in the same order and words."""

from collections.abc import Iterable
from typing import Any

from fastgen.domain import keys
from fastgen.errors import InvalidName
from fastgen.fields.show import show
from fastgen.names.resource import resolve
from fastgen.slices.resource import Resource


def text(account: Resource, resources: Iterable[Resource]) -> str:
    """Return the file for the added fields of the `account` and for the `resources` by name."""
    import yaml  # noqa: PLC0415

    class Inline(list[str]):
        """A list on one line."""

    class Dumper(yaml.SafeDumper):
        """Indents lists, as people do."""

        def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002
            super().increase_indent(flow, indentless=False)

    def inline(dumper: Dumper, data: Inline) -> Any:
        return dumper.represent_sequence("tag:yaml.org,2002:seq", data, flow_style=True)

    Dumper.add_representer(Inline, inline)
    ordered = sorted(resources, key=lambda one: one.names.singular)
    data = {
        "version": int(keys.VERSION),
        **({keys.USER: [show(field) for field in account.fields]} if account.fields else {}),
        "resources": {one.names.singular: _resource(one, Inline) for one in ordered},
    }
    return yaml.dump(data, Dumper=Dumper, allow_unicode=True, sort_keys=False, width=10**6)


def _resource(resource: Resource, inline: type[list[str]]) -> dict[str, Any]:
    names = resource.names
    found: dict[str, Any] = {"access": resource.access}
    if not _is_guessed(resource):
        found["plural"] = names.plural
    if names.own_path:
        found["path"] = names.path
    found["fields"] = [show(field) for field in resource.fields]
    for key, sets in (("unique", resource.unique), ("index", resource.index)):
        if sets:
            found[key] = [inline(one) for one in sets]
    return found


def _is_guessed(resource: Resource) -> bool:
    try:
        return resolve(resource.names.singular).like(resource.names) == resource.names
    except InvalidName:
        # For names such as sheep, which are their own plural.
        return False


def has_comments(content: bytes) -> bool:
    """Whether the YAML `content` has comments; raises `ValueError` if it cannot be read."""
    import yaml  # noqa: PLC0415

    text = content.decode()
    try:
        tokens = list(yaml.scan(text, yaml.SafeLoader))
    except yaml.YAMLError as error:
        raise ValueError(" ".join(str(error).split())) from error
    spans = [
        (one.start_mark.index, one.end_mark.index)
        for one in tokens
        if isinstance(one, yaml.ScalarToken)
    ]
    place = 0
    for start, end in [*spans, (len(text), len(text))]:
        if "#" in text[place:start]:
            return True
        place = end
    return False
