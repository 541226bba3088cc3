"""Parses field texts, or reports all mistakes in them."""

import unicodedata
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace

from fastgen.databases import Database
from fastgen.errors import InvalidField, raise_all
from fastgen.fields import clashes, identifiers, mend, modifiers, rules, tails
from fastgen.fields.grammar import FLAGS, is_modifier
from fastgen.fields.mistakes import Mistakes
from fastgen.fields.model import Field
from fastgen.fields.split import split
from fastgen.fields.types import TYPES, near_type, type_of
from fastgen.messages import meant, nearest, shown

MOST_FIELDS = 100
_UNPRINTABLE = frozenset({"Cc", "Cs", "Zl", "Zp"})
_NOT_OFFERED = {
    **dict.fromkeys(
        ("m2m", "many", "manytomany", "many_to_many", "manytomanyfield"),
        "many-to-many is not supported: add a resource with two refs, one row for each pair, or "
        "add a relationship(secondary=...) by hand",
    ),
    **dict.fromkeys(
        ("polymorphic", "generic"),
        "a ref to rows of several resources is not supported: add one optional ref for each, or "
        "add the columns by hand",
    ),
}


def parse(
    texts: Sequence[str],
    *,
    database: Database,
    reserved: Collection[str] = (),
    known: Sequence[Field] = (),
) -> tuple[Field, ...]:
    """Parse `texts` into fields with all defaults resolved.

    `reserved` are names that the resource itself uses, `known` its existing fields. Raises
    `InvalidField`, or `Several` of them, for all mistakes in all texts.
    """
    count = len(known) + len(texts)
    if count > MOST_FIELDS:
        raise InvalidField(
            f"{count} fields are too many: a resource takes at most {MOST_FIELDS}: move some of "
            "them to a resource of their own, with a ref to this one",
            instead=tuple((text, "") for text in texts[MOST_FIELDS - len(known) :]),
        )

    def read(typed: Sequence[str]) -> list[tuple[Field, Mistakes]]:
        found = [_field(text, database, reserved) for text in typed]
        clashes.check([*((field, Mistakes(field.name, field.name)) for field in known), *found])
        return found

    fields = read(texts)
    _refuse(texts, fields, read)
    return tuple(field for field, _ in fields)


def parse_recorded(texts: Sequence[str], *, database: Database) -> tuple[Field, ...]:
    """Parse the fields of a recipe, which `show` wrote; raises as `parse` does.

    Limits are not added: a field that was recorded without a limit has none.
    """
    if len(texts) > MOST_FIELDS:
        raise InvalidField(f"it has {len(texts)} fields: a resource takes at most {MOST_FIELDS}")
    fields = [_field(text, database, (), recorded=True) for text in texts]
    clashes.check(fields)
    raise_all([error for _, mistakes in fields for error in mistakes.errors()])
    return tuple(field for field, _ in fields)


def _refuse(
    texts: Sequence[str],
    fields: Sequence[tuple[Field, Mistakes]],
    read: Callable[[Sequence[str]], Sequence[tuple[Field, Mistakes]]],
) -> None:
    if not any(mistakes.found for _, mistakes in fields):
        return
    better = mend.line(texts, [mistakes for _, mistakes in fields], read)
    pairs = tuple(zip(texts, better, strict=True))
    raise_all(
        [
            error
            for (_, mistakes), (_, mended) in zip(fields, pairs, strict=True)
            for error in mistakes.errors(mended, pairs)
        ]
    )


def _field(
    text: str, database: Database, reserved: Collection[str], *, recorded: bool = False
) -> tuple[Field, Mistakes]:
    name, parts = split(text)
    typed = parts[0] if parts else "str"
    type_ = TYPES.get(typed)
    field = Field(type_.field_name(name), typed) if type_ else Field(name, "str")
    problem = identifiers.problem(field, reserved)
    mistakes = Mistakes(text, identifiers.suggest(field, reserved) if problem else field.name)
    if any(unicodedata.category(c) in _UNPRINTABLE for c in text):
        mistakes.add("it contains a control character or an invalid one", "str")
        return field, mistakes
    if problem:
        mistakes.add(problem, type_of(field).example)
    if type_ is None:
        _unknown_type(typed, mistakes)
        return field, mistakes
    return _typed(field, parts[1:], database, mistakes, recorded=recorded), mistakes


def _unknown_type(typed: str, mistakes: Mistakes) -> None:
    if reason := _NOT_OFFERED.get(typed.lower()):
        mistakes.add(reason, TYPES["ref"].example, instead={typed: "list"})
        return
    near = near_type(typed)
    told, better = meant(near), str(near or "str")
    if is_modifier(typed):
        told, better = "; modifiers go after the type", f"str:{typed}"
    mistakes.add(
        f"{shown(typed)} is not a type{told}; types are {', '.join(TYPES)}",
        TYPES[near or "str"].example,
        instead={typed: better},
    )


def _typed(
    field: Field, parts: Sequence[str], database: Database, mistakes: Mistakes, *, recorded: bool
) -> Field:
    type_ = type_of(field)
    already = len(mistakes.found)
    first = parts[0] if parts else ""
    has_argument = type_.takes_argument and first != "" and not is_modifier(first)
    field = type_.read_argument(field, first if has_argument else None, database, mistakes)
    rest = parts[bool(has_argument) :]
    typed = rest if recorded else tails.cut(field, rest)
    mistakes.parts = (field.type, *parts[: bool(has_argument)], *typed)
    given = modifiers.collect(type_, typed, mistakes)
    field = _with_flags(field, given)
    if type_.default_max and not recorded:
        given.setdefault("max", str(type_.default_max))
    field = type_.read_modifiers(field, given, mistakes)
    rules.check(field, given, mistakes)
    if "default" in given and len(mistakes.found) == already:
        field = _with_default(field, given["default"], mistakes)
    return field


def _with_flags(field: Field, given: Mapping[str, str]) -> Field:
    flags: dict[str, bool] = {name: name in given for name in FLAGS}
    return replace(
        field,
        optional=flags["optional"],
        unique=flags["unique"],
        index=flags["index"],
        filter=flags["filter"],
        sort=flags["sort"],
        search=flags["search"],
        readonly=flags["readonly"],
        writeonly=flags["writeonly"],
    )


def _with_default(field: Field, text: str, mistakes: Mistakes) -> Field:
    try:
        return replace(field, default=type_of(field).canonical(field, text))
    except ValueError as error:
        is_text = type_of(field).verbatim and ":" in text
        verbatim = " (default= includes all of the text after it)" if is_text else ""
        mistakes.add(
            f"the default {shown(text)} is not a value of the field: {error}{verbatim}",
            type_of(field).default_example,
            instead={f"default={text}": _other_default(field, text)},
        )
        return field


def _other_default(field: Field, text: str) -> str:
    """Return a replacement for the default `text`: a value of an enum, else none."""
    near = nearest(text, field.values) or next(iter(field.values), None)
    return f"default={near}" if near else ""
