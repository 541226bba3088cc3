"""`fastgen remove`, as a command: previews, JSON, what is left to the person."""

from living import ITEM, MODEL, RECIPE, SERVICE, Living


def test_a_preview_writes_nothing(project: Living) -> None:
    project.must(*ITEM)
    project.commit()
    before = project.tree()
    listed = project.must("remove", "resource", "item", "--dry-run")
    assert f"delete  {MODEL}\n" in listed.out
    assert "edit    src/app/api/v1/router.py\n" in listed.out
    assert "drop_items.py\n" in listed.out
    assert listed.err.endswith("note: nothing was written\n")
    assert (
        f"--- a/{MODEL}\n+++ /dev/null\n"
        in project.must("remove", "resource", "item", "--diff").out
    )
    assert project.tree() == before


def test_what_was_edited_is_left_to_the_person(project: Living) -> None:
    project.must(*ITEM)
    project.commit()
    project.write(SERVICE, "# Ours.\n" + project.read(SERVICE))
    project.commit()
    result = project.run("remove", "resource", "item", "--json")
    assert result.code == 4
    assert [one["path"] for one in result.json["left_to_you"]] == [SERVICE]
    assert f"left to you: {SERVICE}: it was edited" in result.err
    assert project.read(SERVICE).startswith("# Ours.\n")
    assert not (project.root / RECIPE).exists()
    assert f"DU {SERVICE}" in project.git("status", "--porcelain") or (
        f"UD {SERVICE}" in project.git("status", "--porcelain")
    )


def test_what_is_not_there_and_what_was_meant(project: Living) -> None:
    project.must(*ITEM)
    result = project.run("remove", "resource", "itme")
    assert (result.code, result.out) == (1, "")
    assert "there is no resource" in result.err
    assert "did you mean item?" in result.err


def test_one_that_others_refer_to_stays(project: Living) -> None:
    project.must(*ITEM)
    project.must("add", "resource", "order", "item:ref:item")
    before = project.tree()
    result = project.run("remove", "resource", "item")
    assert (result.code, result.out) == (1, "")
    assert result.err.endswith("hint: fastgen remove resource order\n")
    assert project.tree() == before
