"""`fastgen remove`, as a command: previews, JSON, what is left to the person."""

import pytest

from living import MODEL, RECIPE, SERVICE, Living


@pytest.mark.slow
def test_a_preview_writes_nothing(with_item: Living) -> None:
    with_item.commit()
    before = with_item.tree()
    listed = with_item.must("remove", "resource", "item", "--dry-run")
    assert f"delete  {MODEL}\n" in listed.out
    assert "edit    src/app/api/v1/router.py\n" in listed.out
    assert "drop_items.py\n" in listed.out
    assert listed.err.endswith("note: nothing was written\n")
    assert (
        f"--- a/{MODEL}\n+++ /dev/null\n"
        in with_item.must("remove", "resource", "item", "--diff").out
    )
    assert with_item.tree() == before


def test_what_was_edited_is_left_to_the_person(with_item: Living) -> None:
    with_item.commit()
    with_item.write(SERVICE, "# Ours.\n" + with_item.read(SERVICE))
    with_item.commit()
    result = with_item.run("remove", "resource", "item", "--json")
    assert result.code == 4
    assert [one["path"] for one in result.json["left_to_you"]] == [SERVICE]
    assert f"left to you: {SERVICE}: it was edited" in result.err
    assert with_item.read(SERVICE).startswith("# Ours.\n")
    assert not (with_item.root / RECIPE).exists()
    assert f"DU {SERVICE}" in with_item.git("status", "--porcelain") or (
        f"UD {SERVICE}" in with_item.git("status", "--porcelain")
    )


def test_what_is_not_there_and_what_was_meant(with_item: Living) -> None:
    result = with_item.run("remove", "resource", "itme")
    assert (result.code, result.out) == (1, "")
    assert "there is no resource" in result.err
    assert "did you mean item?" in result.err


def test_one_that_others_refer_to_stays(with_item: Living) -> None:
    with_item.must("add", "resource", "order", "item:ref:item")
    before = with_item.tree()
    result = with_item.run("remove", "resource", "item")
    assert (result.code, result.out) == (1, "")
    assert result.err.endswith("hint: fastgen remove resource order\n")
    assert with_item.tree() == before
