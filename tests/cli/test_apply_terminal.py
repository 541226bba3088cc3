"""`fastgen apply` on a pseudo-terminal asks about what looks renamed."""

import pytest

from domain.samples import DOMAIN
from fastgen.domain.keys import FILE
from living import VERSIONS, Living
from terminal import CTRL_C, ENTER, Terminal


@pytest.mark.slow
def test_what_looks_renamed_is_asked_about(project: Living) -> None:
    domain = DOMAIN.replace("artist: [name", 'artist: ["bio:text:optional", name')
    project.write(FILE, domain)
    project.must("apply")
    project.commit()
    before = {*(project.root / VERSIONS).glob("*.py")}
    there = domain.replace("track:", "song:").replace('"name:str:120"', '"label:str:120"')
    project.write(FILE, there.replace("bio", "story"))
    project.user.cwd = project.root
    person = Terminal(project.user, "apply", "--prune")
    person.sees("Was track renamed to song")
    person.types(CTRL_C)
    code, screen = person.ends()
    assert code == 130, screen
    assert {*(project.root / VERSIONS).glob("*.py")} == before

    person = Terminal(project.user, "apply", "--prune")
    for question, key in (
        ("Was track renamed to song", ENTER),
        ("Was artist.bio renamed to artist.story", "n"),
        ("Was playlist.name renamed to playlist.label", "y"),
    ):
        person.sees(question)
        person.types(key)
    code, screen = person.ends()
    assert code == 0, screen
    [new] = {*(project.root / VERSIONS).glob("*.py")} - before
    migration = new.read_text()
    assert 'op.rename_table("tracks", "songs")' in migration
    assert 'op.alter_column("playlists", "name", new_column_name="label")' in migration
    assert 'drop_column("bio")' in migration
    assert 'sa.Column("story"' in migration
