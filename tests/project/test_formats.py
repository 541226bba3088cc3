"""Entries of the recipe in the formats of this and of older versions of fastgen."""

import json
import re

import pytest

from fastgen.slices.rights import ACCESSES
from living import ITEM, RECIPE, Living

RIGHTS = re.compile(r"access:\n  preset: (\w+)\n  read: \w+\n  write: \w+\n")


def entry(access: str) -> str:
    return f".fastgen/resources/{access}_row.yml"


def resources(project: Living) -> object:
    return json.loads(project.must("info", "--json").out)["resources"]


def as_format_1(text: str) -> str:
    assert "\nformat: 2\n" in text
    return RIGHTS.sub(r"access: \1\n", text.replace("\nformat: 2\n", "\n"))


@pytest.mark.slow
def test_entries_of_format_1_have_the_same_rights_and_are_rewritten(project: Living) -> None:
    for access in ACCESSES:
        project.must("add", "resource", f"{access}_row", "name", "--access", access)
    project.commit()
    old = project.copy("old")
    for access in ACCESSES:
        old.write(entry(access), as_format_1(old.read(entry(access))))
    texts = {access: old.read(entry(access)) for access in ACCESSES}
    assert old.run("check").out == project.run("check").out
    assert resources(old) == resources(project)
    assert old.must("export").out == project.must("export").out
    assert {access: old.read(entry(access)) for access in ACCESSES} == texts

    for one in (project, old):
        one.must("add", "field", "owner_row", "note:text:optional")
    assert "format: 2" in old.read(entry("owner"))
    assert {access: old.read(entry(access)) for access in ACCESSES[1:]} == {
        access: texts[access] for access in ACCESSES[1:]
    }
    for access in ACCESSES[1:]:
        for one in (project, old):
            one.must("add", "field", f"{access}_row", "note:text:optional")
    assert old.texts() == project.texts()


@pytest.mark.slow
def test_the_rights_in_an_entry_count_whatever_the_access_means_now(project: Living) -> None:
    project.must(*ITEM, "--access", "owner")
    other = project.copy("other")
    project.edit(RECIPE, "preset: owner", "preset: shared")
    for one in (project, other):
        one.must("add", "field", "item", "note:text:optional")
    project.edit(RECIPE, "preset: shared", "preset: owner")
    assert project.texts() == other.texts()

    project.edit(RECIPE, "preset: owner", "preset: shared")
    project.must("change", "access", "item", "shared", "--no-migration")
    assert "read: signed_in" in project.read(RECIPE)
    assert "owner_id" not in project.read("src/app/models/item.py")


def test_a_format_to_come_is_refused_with_the_way_to_read_it(project: Living) -> None:
    project.must(*ITEM)
    project.edit(RECIPE, "format: 2", "format: 3")
    for command in (("add", "field", "item", "note:text:optional"), ("export",)):
        result = project.run(*command)
        assert result.code == 1
        assert f"{RECIPE} has format 3, and this fastgen reads formats up to 2" in result.err
        assert "hint: git -C " in result.err
        assert " pull" in result.err
