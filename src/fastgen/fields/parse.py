"""Parses field texts, or reports all mistakes in them."""

import unicodedata
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import get_args

from fastgen.errors import InvalidField, raise_all
from fastgen.fields import (
    arguments,
    clashes,
    defaults,
    identifiers,
    limits,
    mend,
    modifiers,
    patterns,
    rules,
    tails,
)
from fastgen.fields.arguments import TAKES_ARGUMENT
from fastgen.fields.grammar import (
    DEFAULT_EXAMPLES,
    DEFAULT_MAX,
    EXAMPLES,
    FLAGS,
    TYPES,
    is_modifier,
    near_type,
)
from fastgen.fields.mistakes import Mistakes
from fastgen.fields.model import Database, Field, OnDelete
from fastgen.fields.split import split
from fastgen.messages import meant, nearest, printable, shown

MOST_FIELDS = 100
ON_DELETE: tuple[OnDelete, ...] = get_args(OnDelete)
_UNPRINTABLE = frozenset({"Cc", "Cs", "Zl", "Zp"})
_NOT_OFFERED = {
    **dict.fromkeys(
        ("m2m", "many", "manytomany", "many_to_many", "manytomanyfield"),
        "many-to-many is not offered: make a resource with two refs, one row a pair, or add a "
        "relationship(secondary=...) by hand",
    ),
    **dict.fromkeys(
        ("polymorphic", "generic"),
        "a ref to rows of several resources is not offered: make one optional ref for each, or "
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
    type_ = next((known for known in TYPES if known == typed), None)
    if type_ == "ref":
        name = name.removesuffix("_id")
    field = Field(name, type_ or "str")
    mistakes = Mistakes(text, identifiers.suggest(field, reserved))
    if any(unicodedata.category(c) in _UNPRINTABLE for c in text):
        mistakes.add("it contains a control character or an invalid one", "str")
        return field, mistakes
    if problem := identifiers.problem(field, reserved):
        mistakes.add(problem, EXAMPLES[field.type])
    if type_ is None:
        _unknown_type(typed, mistakes)
        return field, mistakes
    return _typed(field, parts[1:], database, mistakes, recorded=recorded), mistakes


def _unknown_type(typed: str, mistakes: Mistakes) -> None:
    if reason := _NOT_OFFERED.get(typed.lower()):
        mistakes.add(reason, EXAMPLES["ref"], instead={typed: "list"})
        return
    near = near_type(typed)
    told, better = meant(near), str(near or "str")
    if is_modifier(typed):
        told, better = "; modifiers go after the type", f"str:{typed}"
    mistakes.add(
        f"{shown(typed)} is not a type{told}; types are {', '.join(TYPES)}",
        EXAMPLES[near or "str"],
        instead={typed: better},
    )


def _typed(
    field: Field, parts: Sequence[str], database: Database, mistakes: Mistakes, *, recorded: bool
) -> Field:
    already = len(mistakes.found)
    first = parts[0] if parts else ""
    has_argument = field.type in TAKES_ARGUMENT and first != "" and not is_modifier(first)
    field = arguments.apply(field, first if has_argument else None, database, mistakes)
    argument_stands = len(mistakes.found) == already
    rest = parts[bool(has_argument) :]
    typed = rest if recorded else tails.cut(field, rest)
    mistakes.parts = (field.type, *parts[: bool(has_argument)], *typed)
    given = modifiers.collect(field.type, typed, mistakes)
    field = _with_flags(field, given)
    if field.type in DEFAULT_MAX and not recorded:
        given.setdefault("max", str(DEFAULT_MAX[field.type]))
    if argument_stands or field.type != "decimal":
        field = limits.apply(field, given, mistakes)
    field = _with_pattern(_with_ondelete(field, given, mistakes), given, mistakes)
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


def _with_ondelete(field: Field, given: Mapping[str, str], mistakes: Mistakes) -> Field:
    if field.type != "ref":
        return field
    typed = given.get("ondelete") or ("setnull" if field.optional else "restrict")
    rule = next((known for known in ON_DELETE if known == typed), None)
    if rule is None:
        mistakes.add(
            f"ondelete={printable(typed)} is not known: use {', '.join(ON_DELETE)}",
            "ref:user:ondelete=cascade",
            instead={f"ondelete={typed}": f"ondelete={nearest(typed, ON_DELETE) or 'restrict'}"},
        )
    return replace(field, ondelete=rule)


def _with_pattern(field: Field, given: Mapping[str, str], mistakes: Mistakes) -> Field:
    pattern = given.get("pattern")
    if pattern is None:
        return field
    try:
        patterns.check(pattern)
    except ValueError as error:
        mistakes.add(
            f"the pattern {shown(pattern)} is not a regular expression: {error}",
            f"{field.type}:pattern=^[a-z]+$",
        )
        return field
    return replace(field, pattern=pattern)


def _with_default(field: Field, text: str, mistakes: Mistakes) -> Field:
    try:
        return replace(field, default=defaults.canonical(field, text))
    except ValueError as error:
        is_text = field.type in tails.TEXTS and ":" in text
        verbatim = " (default= includes all of the text after it)" if is_text else ""
        mistakes.add(
            f"the default {shown(text)} is not a value of the field: {error}{verbatim}",
            DEFAULT_EXAMPLES[field.type],
            instead={f"default={text}": _other_default(field, text)},
        )
        return field


def _other_default(field: Field, text: str) -> str:
    """Return a replacement for the default `text`: a value of an enum, else none."""
    near = nearest(text, field.values) or next(iter(field.values), None)
    return f"default={near}" if near else ""
