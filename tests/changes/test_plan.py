"""Plans that cannot be meant."""

import pytest

from fastgen.changes.plan import Create, Delete, Edit, Manual, Plan
from fastgen.errors import Bug


def create(path: str) -> Create:
    return Create(path, b"", "because")


def test_it_is_empty_when_nobody_has_to_do_anything() -> None:
    assert Plan().empty
    assert not Plan((create("a"),)).empty
    assert not Plan(manual=(Manual("a", "x = 1", "there is no router"),)).empty


def test_a_path_has_one_change() -> None:
    with pytest.raises(Bug, match=r"changes a/b\.py twice"):
        Plan((create("a/b.py"), Edit("a/b.py", b"1", b"2", "because")))


@pytest.mark.parametrize(
    "path",
    [
        *("", ".", "/etc/passwd", "../a", "a/../../b", "a//b", "./a", "a/", "a\0b"),
        *(".git", ".git/hooks/x", "a/.GIT/x", ".git./x", ".git /x", "git~1/x", ".g\u200dit/x"),
    ],
)
def test_a_path_is_one_of_the_project(path: str) -> None:
    with pytest.raises(Bug, match="it is not a path in a project"):
        Plan((create(path),))


@pytest.mark.parametrize("path", [".gitignore", ".github/x", "git/x", "a.git/x", ".git-blame"])
def test_names_that_only_begin_like_gits_are_fine(path: str) -> None:
    assert not Plan((create(path),)).empty


def test_a_file_is_not_a_folder_too() -> None:
    with pytest.raises(Bug, match="has a as a file and as the folder of a/b/c"):
        Plan((Delete("a", b"", "because"), create("a/b/c")))
