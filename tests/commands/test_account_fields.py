"""Fields of accounts: in the project's own model, schemas, service and tests."""

import pytest

from living import VERSIONS, Living

MODEL = "src/app/models/user.py"
SCHEMA = "src/app/schemas/user.py"
SERVICE = "src/app/services/user.py"
TESTS = "tests/test_users.py"
ENTRY = ".fastgen/user.yml"
FILES = (MODEL, SCHEMA, SERVICE, TESTS)
BIO = "bio:text:optional:max=20000"


def own(project: Living) -> dict[str, str]:
    return {path: project.read(path) for path in FILES}


def test_a_field_comes_into_all_files_of_accounts_and_goes_again(project: Living) -> None:
    before = own(project)
    told = project.must("add", "field", "user", "bio:text:optional", "karma:int:default=0")
    assert "uv run pytest tests/test_users.py" in told.err
    assert "    bio: Mapped[str | None] = mapped_column(sa.Text)\n" in project.read(MODEL)
    schema = project.read(SCHEMA)
    assert schema.count("    bio: UserBio | None = None\n") == 2
    assert schema.count("    karma: UserKarma = 0\n") == 1
    assert schema.count("    karma: UserKarma = omittable()\n") == 1
    assert schema.count("    bio: str | None = Field(examples=[") == 1
    assert '"full_name", "bio", "karma"' in project.read(SERVICE)
    assert "class TestProfile:" in project.read(TESTS)
    assert project.migrations()[0] == "add_bio_and_karma_to_users.py"
    assert f"fields:\n- {BIO}\n- karma:int:default=0\n" in project.read(ENTRY)
    assert "access" not in project.read(ENTRY)
    project.commit()
    project.must("remove", "field", "user", "bio", "karma")
    assert own(project) == before
    assert not (project.root / ENTRY).exists()


@pytest.mark.slow
def test_what_was_added_and_not_committed_is_taken_back(project: Living) -> None:
    before = project.texts()
    project.must("add", "field", "user", "rank:enum:low,high:optional")
    project.must("remove", "field", "user", "rank")
    assert project.texts() == before


@pytest.mark.slow
def test_it_is_merged_into_what_people_wrote(project: Living) -> None:
    edits = {
        MODEL: "    nick: Mapped[str | None]\n",
        SCHEMA: "\n\nclass UserCard(BaseModel):\n    email: Email\n",
        SERVICE: "\n\ndef mine() -> int:\n    return 1\n",
        TESTS: "\n\ndef test_mine() -> None:\n    assert SALT\n",
    }
    for path, text in edits.items():
        project.write(path, project.read(path) + text)
    project.edit(SCHEMA, "max_length=100, examples", "max_length=80, examples")
    project.commit()
    result = project.must("add", "field", "user", "bio:text:optional")
    assert result.err.count("merged") == 0
    for path, text in edits.items():
        assert text in project.read(path)
        assert "bio" in project.read(path)
    assert "max_length=80" in project.read(SCHEMA)
    assert project.git("diff", "--numstat", "--", "src/app/services").split()[:2] == ["1", "1"]
    taken = project.run("add", "field", "user", "nick:str:30:optional")
    assert (taken.code, "User in src/app/models/user.py already has it" in taken.err) == (1, True)


@pytest.mark.slow
def test_files_that_people_moved_are_found(project: Living) -> None:
    for path, place in (
        (MODEL, "src/app/models/account.py"),
        (TESTS, "tests/api/test_accounts.py"),
    ):
        (project.root / place).parent.mkdir(exist_ok=True)
        project.git("mv", path, place)
    for file in (project.root / "src").rglob("*.py"):
        text = file.read_text("utf-8")
        file.write_text(text.replace("app.models.user ", "app.models.account "), "utf-8")
    project.commit()
    told = project.must("add", "field", "user", "rank:enum:low,high:optional")
    assert "uv run pytest tests/api/test_accounts.py" in told.err
    assert "    rank: Mapped" in project.read("src/app/models/account.py")
    assert "from app.models.account import UserRank" in project.read(SCHEMA)
    assert "class TestProfile:" in project.read("tests/api/test_accounts.py")
    project.must(
        "add", "resource", "post", "title:str:100", "author:ref:user", "--access", "shared"
    )
    assert "    posts: Mapped[list" in project.read("src/app/models/account.py")
    assert not (project.root / MODEL).exists()
    # Tests of resources come where they always come.
    assert (project.root / "tests/test_posts.py").exists()


@pytest.mark.slow
def test_a_list_of_rows_that_refer_to_accounts_stays(project: Living) -> None:
    project.must(
        "add", "resource", "post", "title:str:100", "author:ref:user", "--access", "shared"
    )
    project.must("add", "field", "user", "bio:text:optional")
    model = project.read(MODEL)
    assert "    posts: Mapped[list" in model.partition("    bio: ")[2]
    taken = project.run("add", "field", "user", "posts:int:optional")
    assert "User in src/app/models/user.py already has it" in taken.err
    project.must("add", "field", "user", "notes:text:optional")
    clash = project.run("add", "resource", "note", "a:int", "author:ref:user")
    assert clash.code == 1
    assert "src/app/models/user.py: User already has 'notes'" in clash.err


@pytest.mark.slow
def test_a_field_changes_and_gets_another_name(project: Living) -> None:
    project.must("add", "field", "user", "bio:text:optional", "karma:int:default=0")
    project.commit()
    project.must("rename", "field", "user", "bio", "about")
    project.must("change", "field", "user", "karma:int:ge=0:default=5")
    model = project.read(MODEL)
    assert "    about: Mapped[str | None] = mapped_column(sa.Text)\n" in model
    assert 'default=5, server_default="5"' in model
    texts = "".join(own(project).values())
    assert "bio" not in texts
    assert "UserBio" not in texts
    renamed = next((project.root / VERSIONS).glob("*rename_bio*")).read_text("utf-8")
    assert '"users", "bio", new_column_name="about"' in renamed
    assert "- about:text:optional:max=20000\n- karma:int:ge=0:default=5\n" in project.read(ENTRY)


WRONG = {
    "email:str:optional": "every account already has email",
    "is_verified:bool:default=false": "every account already has is_verified",
    "password:str:optional": "every account already has password",
    "id:int:optional": "cannot be called 'id'",
    "_bio:text:optional": "cannot be the name of a field",
    "metadata:text:optional": "it would have another name in Python",
    "team:ref:user:optional": "an account cannot refer to rows",
    "nick:str:30:optional:sort:filter": "filter and sort are not supported for accounts",
    "bio:text": "make it optional or give it a default",
}


@pytest.mark.slow
def test_what_accounts_cannot_have_is_told_all_at_once(project: Living) -> None:
    before = project.tree()
    result = project.run("add", "field", "user", *WRONG)
    assert result.code == 1
    for told in WRONG.values():
        assert told in result.err
    assert project.tree() == before
    filled = project.run("add", "field", "user", "bio:text", "--fill", "none")
    assert "python -m app create-admin: make it optional" in filled.err
    assert filled.err.endswith(
        "hint: fastgen add field user bio:text:optional:max=20000 --fill none\n"
    )
    project.must("add", "field", "user", "bio:text:optional")
    changed = project.run("change", "field", "user", "bio:text")
    assert "make it optional or give it a default" in changed.err
    renamed = project.run("rename", "field", "user", "bio", "email")
    assert "every account already has email" in renamed.err


def test_other_commands_say_that_accounts_are_no_resource(project: Living) -> None:
    for line in (
        ("change", "access", "user", "admin"),
        ("rename", "resource", "user", "member"),
        ("remove", "resource", "users"),
    ):
        result = project.run(*line)
        assert result.code == 1
        assert "accounts are part of the project, not a resource" in result.err
    added = project.run("add", "resource", "user", "name:str")
    assert "`fastgen add field user` adds fields to them" in added.err
    assert "no field was added to users" in project.run("remove", "field", "user", "bio").err


@pytest.mark.slow
def test_the_file_of_a_domain_has_them(project: Living) -> None:
    project.write(
        "resources.yml",
        "version: 1\nuser: [bio:text:optional, karma:int:default=0]\nresources:\n"
        "  post:\n    access: shared\n    fields: [title:str:100, author:ref:user]\n",
    )
    told = project.run("check")
    assert "resources.yml: it changes user\n  hint: fastgen apply\n" in told.out + told.err
    project.must("apply")
    assert len(project.migrations()) == 3
    exported = project.must("export").out
    assert exported.startswith(
        f"version: 1\nuser:\n  - {BIO}\n  - karma:int:default=0\nresources:\n"
    )
    assert project.run("apply").err == "note: the resources already match resources.yml\n"
    assert "resources.yml" not in project.run("check").out
    # What it leaves out stays, also with --prune.
    for text in (
        "version: 1\nresources: {}\n",
        "version: 1\nuser: [karma:int:default=7]\nresources: {}\n",
    ):
        project.write("resources.yml", text)
        project.must("apply", "--prune")
        assert "    bio: Mapped" in project.read(MODEL)
    assert 'default=7, server_default="7"' in project.read(MODEL)
    project.commit()
    project.write(
        "resources.yml",
        "version: 1\nuser: [about:text:optional]\nresources: {}\nrenamed: {user.bio: about}\n",
    )
    project.must("apply")
    assert "    about: Mapped" in project.read(MODEL)
    assert "bio" not in project.read(MODEL)
    project.write("resources.yml", "version: 1\nuser: [email:str:optional, a:int]\nresources: {}\n")
    wrong = project.run("apply")
    assert "resources.yml:2: field 'email:str:optional': " in wrong.err
    assert "make it optional or give it a default; write a:int:optional" in wrong.err


@pytest.mark.slow
def test_check_finds_what_the_model_lacks(project: Living) -> None:
    project.must("add", "field", "user", "bio:text:optional")
    assert "accounts, added fields:\n  bio:text:optional" in project.must("info").out
    project.edit(MODEL, "    bio: Mapped[str | None] = mapped_column(sa.Text)\n", "")
    told = project.run("check").out
    assert f"{MODEL}: User has no bio, which {ENTRY} has\n" in told
    project.must("remove", "field", "user", "bio")
    assert "User has no bio" not in project.run("check").out
    project.write(ENTRY, "fields: 3\n")
    broken = project.run("check").out
    assert f"{ENTRY}: cannot be read" in broken


@pytest.mark.others_nightly
@pytest.mark.parametrize("name", ["user", "User", "users"])
def test_accounts_are_known_in_any_spelling(project: Living, name: str) -> None:
    listed = project.must("add", "field", name, "bio:text:optional", "--dry-run").out
    assert f"edit    {MODEL}" in listed
