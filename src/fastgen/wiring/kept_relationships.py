"""Changes a list of children in place, and keeps what people added to it."""

import ast
import re
from collections.abc import Iterator
from dataclasses import replace

from fastgen.wiring import line_breaks
from fastgen.wiring.class_bodies import Method, attribute_of, class_named
from fastgen.wiring.classes import assigned_names
from fastgen.wiring.relationship_code import NEEDED, Relationship
from fastgen.wiring.relationships import leads_to, orm_names, with_import, without, without_import
from fastgen.wiring.results import Edited, Result, attempt
from fastgen.wiring.source import Module, Splice
from fastgen.wiring.statements import first_line, last_line


def take_out_relationship(source: bytes, wanted: Relationship) -> Result:
    """Remove the list `wanted` if it is as fastgen wrote it, and stands where it put it."""

    def edit(file: Module) -> Module | None:
        node = class_named(file, wanted.owner)
        found = attribute_of(node, wanted.attribute)
        if found is None or not _is_as_written(file, node, found, wanted):
            return None
        return without(file, node, found, wanted)

    return attempt(source, wanted.snippet(), edit)


def change_relationship(source: bytes, old: Relationship, new: Relationship) -> Result:
    """Give the list `old` the names of `new` where it stands; some may be there already."""

    def edit(file: Module) -> Module | None:
        node = class_named(file, new.owner)
        found = attribute_of(node, old.attribute) or attribute_of(node, new.attribute)
        if found is None or not any(leads_to(file, found, one.target) for one in (old, new)):
            return None
        file = file.spliced([*_renamed(file, found, old, new)])
        found = attribute_of(class_named(file, new.owner), new.attribute)
        file = file.spliced([*_led(file, found, new)])
        if old.target == new.target:
            return file
        return without_import(with_import(file, new), old)

    result = attempt(source, new.snippet(), edit)
    return replace(result, is_laid_out=False) if isinstance(result, Edited) else result


def _is_as_written(
    file: Module, node: ast.ClassDef, statement: ast.stmt, wanted: Relationship
) -> bool:
    known = orm_names(file)
    names = {name: known.get(name, [name])[0] for name in NEEDED}
    written = (
        ast.parse("\n".join(wanted.code("", "", names, quotes=quotes))).body[0]
        for quotes in (True, False)
    )
    lines = range(first_line(statement) - 1, last_line(statement) + 1)
    return (
        not any("#" in file.line(number) for number in lines)
        and ast.dump(statement) in map(ast.dump, written)
        and all(_is_list(one) for one in _attributes_below(node, statement))
    )


def _attributes_below(node: ast.ClassDef, statement: ast.stmt) -> Iterator[ast.stmt]:
    """Yield the attributes below `statement`, and `statement` itself below a method."""
    first = next((at for at, one in enumerate(node.body) if isinstance(one, Method)), None)
    index = node.body.index(statement)
    if first is not None and first < index:
        yield node.body[first]
    yield from (one for one in node.body[index + 1 : first] if assigned_names(one))


def _is_list(statement: ast.stmt) -> bool:
    annotation = getattr(statement, "annotation", None)
    return annotation is not None and "[list[" in ast.unparse(annotation)


def _renamed(
    file: Module, statement: ast.stmt, old: Relationship, new: Relationship
) -> Iterator[Splice]:
    """Change the names in `statement`, and yield the changes of its text."""
    words = {old.attribute: new.attribute, old.target: new.target}
    target = re.compile(rf"\b{old.target}\b")
    for node in ast.walk(statement):
        if isinstance(node, ast.Name) and words.get(node.id, node.id) != node.id:
            node.id = words[node.id]
            yield Splice(*file.span(node), node.id)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            start, end = file.span(node)
            node.value = target.sub(new.target, node.value)
            yield Splice(start, end, target.sub(new.target, file.text[start:end]))


def _led(file: Module, statement: ast.stmt | None, new: Relationship) -> Iterator[Splice]:
    """Let the call in `statement` name the other side of `new`, and yield the changes."""
    call = getattr(statement, "value", None)
    keywords = call.keywords if isinstance(call, ast.Call) else []
    told = {one.arg: one for one in keywords}
    back = told.get("back_populates")
    if back is not None:
        yield from _told(file, back, new.back_populates)
    if new.foreign_keys and "foreign_keys" in told:
        yield from _told(file, told["foreign_keys"], new.foreign_keys)
    elif new.foreign_keys and back is not None:
        _, end = file.span(back.value)
        added = ast.keyword("foreign_keys", ast.Constant(new.foreign_keys))
        keywords.insert(keywords.index(back) + 1, added)
        yield Splice(end, end, f", foreign_keys={line_breaks.quoted(new.foreign_keys)}")


def _told(file: Module, keyword: ast.keyword, value: str) -> Iterator[Splice]:
    """Give `keyword` another text, if it has one."""
    node = keyword.value
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value != value:
        yield Splice(*file.span(node), line_breaks.quoted(value))
        node.value = value
